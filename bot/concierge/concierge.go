// Package concierge is the company's side of the talk: it greets, asks the form question by question, gives the receipt,
// tells where a proposal stands, carries what the company writes to the city, and takes a proposal back.
//
// It never knows LINE's wire format, never speaks to Slack, and changes facts only through bot/ledger. Begin reading with
// Concierge.Handle.
package concierge

import (
	"context"
	"fmt"
	"log/slog"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
	"tsunagi/store/session"
)

// Concierge answers companies.
type Concierge struct {
	db       *store.DB
	sessions *session.Store
	ledger   *ledger.Ledger
	desk     *bot.Desk
	words    *text.Catalogue
	verbs    form.Words
	labels   labels
	phrases  phrases
	does     map[string]func(*turn, context.Context, msg.Press, *asked) error // by the Do of a press
	asides   map[string]string                                                // words that mean something wherever the talk stands, to the Do of a press
	log      *slog.Logger
	wanted   chan struct{} // a file is to be fetched
	fetching fetching
	recent   recent
	rounds   rounds
}

// Parts are what a concierge is made of.
type Parts struct {
	DB       *store.DB
	Sessions *session.Store
	Ledger   *ledger.Ledger
	Desk     *bot.Desk
	Words    *text.Catalogue
	Log      *slog.Logger
}

// New makes the concierge of a desk.
func New(p Parts) *Concierge {
	c := &Concierge{
		db: p.DB, sessions: p.Sessions, ledger: p.Ledger, desk: p.Desk, words: p.Words, log: p.Log,
		verbs: form.WordsOf(p.Words), labels: labelsOf(p.Words), phrases: phrasesOf(p.Words), does: presses(), asides: asides(p.Words), wanted: make(chan struct{}, 1),
	}
	c.rounds.lead = c.lead
	return c
}

// Close waits until Redis has heard of all that was committed, or ctx ends. No event may come any more.
func (c *Concierge) Close(ctx context.Context) error {
	heard := make(chan struct{})
	go func() {
		c.rounds.all.Wait()
		close(heard)
	}()
	select {
	case <-heard:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait until Redis has heard of all talks: %w", ctx.Err())
	}
}

// Handle takes one event: in one transaction, which it may share with events of other people, it enters the event's id,
// moves the talk, changes facts, and puts the answer. An event that was taken before changes nothing. An error means that
// nothing has happened and the event should come again.
func (c *Concierge) Handle(ctx context.Context, e Event) error {
	v := newVisit(e)
	together, err := c.ride(ctx, v)
	if err != nil {
		return fmt.Errorf("wait with event %s: %w", e.ID, err)
	}
	if together {
		return nil
	}
	defer c.rounds.leave(v)
	if err := c.takeAlone(ctx, v); err != nil {
		return c.failed(ctx, e, err)
	}
	c.save(ctx, []*visit{v})
	return nil
}

// takeAlone takes one event in a transaction of its own, which waits for its talk.
func (c *Concierge) takeAlone(ctx context.Context, v *visit) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		heard, err := tx.HearMessage(ctx, v.e.ID, v.e.User, v.e.Message)
		if err != nil {
			return err
		}
		return c.take(ctx, tx, v, heard)
	})
}

// take moves the talk by what was heard.
func (c *Concierge) take(ctx context.Context, tx *store.Tx, v *visit, heard store.Heard) (err error) {
	v.turn = nil
	if !heard.Fresh {
		return nil
	}
	t, err := c.begin(ctx, tx, heard.Talk, v.cached, v.e)
	if err != nil {
		return err
	}
	t.takenBack = heard.TakenBack
	if err := t.take(ctx); err != nil {
		return err
	}
	if err := t.remind(ctx); err != nil {
		return err
	}
	t.note()
	if err := t.end(); err != nil {
		return err
	}
	v.turn = t
	return nil
}

// turn is one event under way.
type turn struct {
	*Concierge
	tx   *store.Tx
	e    Event
	talk store.Talk
	late bool // something newer has come before it, or it comes again and something as new has
	// at is the question at which it was typed, old that the talk has moved on since; known is false for what is older than
	// the trail reaches.
	at         form.Stand
	old, known bool
	accepted   []string // fields whose answers have changed
	// takenBack: its author has taken the message back, which came sooner than the message itself
	takenBack bool
	st        state
	said      []text.Line // feedback, read before what follows
	answer    *answer
}

func (c *Concierge) begin(ctx context.Context, tx *store.Tx, talk store.Talk, cached *kept, e Event) (*turn, error) {
	t := &turn{Concierge: c, tx: tx, e: e, talk: talk}
	if cached != nil && cached.Revision == talk.Revision {
		t.st = cached.apart().State
		return t, nil
	}
	st, err := c.rebuild(ctx, &tx.Reader, talk)
	t.st = st
	return t, err
}

// take tells what was done; every kind of event but a block and an unsend has an answer.
func (t *turn) take(ctx context.Context) error {
	t.at, t.old, t.known = t.st.Trail.Where(t.e.moment())
	t.late = t.old || t.e.At.Before(t.talk.HeardAt) || t.e.Redelivered && !t.e.At.After(t.talk.HeardAt)
	if err := t.heard(ctx); err != nil {
		return err
	}
	switch {
	case t.e.Kind == Blocked:
		return nil
	case t.e.Kind == Unsent:
		return t.unsend(ctx)
	case t.takenBack:
		t.say("concierge.taken_back")
		t.prompt(t.again())
		return nil
	}
	switch t.e.Kind {
	case Followed:
		return t.follow(ctx)
	case Pressed:
		return t.press(ctx)
	case Said:
		return t.hear(ctx)
	case SentFile:
		return t.file(ctx)
	}
	return t.other(ctx)
}

// heard notes the newest sign of the person: whether they can be reached, which the desk's cards say at once when it has
// changed. What comes again later says nothing about now, and who has blocked us can still take a message back.
func (t *turn) heard(ctx context.Context) error {
	if t.e.At.Before(t.talk.HeardAt) {
		return nil
	}
	t.talk.HeardAt = t.e.At
	blocks := t.e.Kind == Blocked
	if t.e.Kind == Unsent || t.talk.Blocked == blocks {
		return nil
	}
	t.talk.Blocked = blocks
	return t.ledger.ShowReach(ctx, t.tx, t.e.ID, t.talk.ID)
}

// note remembers since when the talk stands where the answer shows it, by LINE's time.
func (t *turn) note() {
	if t.answer == nil {
		return
	}
	var f form.Form
	if t.st.Form != nil {
		f = t.formOf(t.st.Form.Form)
	}
	t.st.Trail = t.st.Trail.Note(f, t.st.Form, int64(t.talk.Draft), t.e.moment(), t.accepted)
}

// end writes where the talk stands and puts the answer.
func (t *turn) end() error {
	t.outask()
	raw, err := t.st.withoutAnswers()
	if err != nil {
		return err
	}
	t.talk.State = raw
	t.talk.Revision = t.tx.SaveTalk(t.talk)
	if t.answer == nil {
		return nil
	}
	return t.tx.Put(t.answer.delivery(t))
}
