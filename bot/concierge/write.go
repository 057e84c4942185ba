package concierge

import (
	"context"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// open lists at most so many open proposals of a contact: more than anybody chooses from on a phone.
const openMost = 10

// write carries free words to the city. Without an open proposal there is nobody to carry them to, so the menu answers;
// with several the person is asked which one is meant.
func (t *turn) write(ctx context.Context) error {
	if fault := form.Unusable(t.e.Text); !fault.Empty() {
		t.said = append(t.said, fault)
		t.prompt(t.again())
		return nil
	}
	return t.deliver(ctx, store.Message{Kind: store.MessageText, Body: t.e.Text}, nil)
}

// writeFile carries a file to the city.
func (t *turn) writeFile(ctx context.Context) error {
	f := store.File{Contact: t.talk.ID, LineMessage: t.e.Message, Name: t.fileName(), Size: t.e.File.Size, State: store.FileWanted}
	return t.deliver(ctx, store.Message{Kind: store.MessageFile, Body: f.Name}, &f)
}

func (t *turn) deliver(ctx context.Context, m store.Message, f *store.File) error {
	open, err := t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		t.say("concierge.nothing_open")
		t.prompt(t.again())
		return nil
	}
	if len(open) == 1 {
		m.Proposal = open[0].ID
	}
	if err := t.store(ctx, &m, f); err != nil {
		return err
	}
	if m.Proposal == 0 {
		t.st.Which = m.ID
		t.prompt(t.askWhich(m.ID, open))
		return nil
	}
	return t.carry(ctx, m.ID, open[0].ID)
}

// store writes the message, and the file that it brings.
func (t *turn) store(ctx context.Context, m *store.Message, f *store.File) (err error) {
	m.Contact, m.Author, m.LineMessage = t.talk.ID, t.talk.LineUser, t.e.Message
	if m.ID, err = t.tx.AddMessage(ctx, *m); err != nil || f == nil {
		return err
	}
	f.Message, f.Proposal = m.ID, m.Proposal
	if _, err = t.tx.AddFile(ctx, *f); err != nil {
		return err
	}
	t.tx.AfterCommit(t.want)
	return nil
}

// carry hands a stored message to the threads and says that it arrived.
func (t *turn) carry(ctx context.Context, m bot.MessageID, p bot.ProposalID) error {
	by := bot.Actor{ID: t.talk.LineUser, Contact: t.talk.ID}
	now, err := t.ledger.Written(ctx, t.tx, t.e.ID, by, p, m)
	if err != nil {
		return err
	}
	t.prompt(t.arrived(now))
	return nil
}

// which takes the answer to "which proposal do you mean".
func (t *turn) which(ctx context.Context, p msg.Press) error {
	m, err := t.tx.Message(ctx, bot.MessageID(p.Int("m")))
	if bot.KindOf(err) == bot.NotFound || (err == nil && (m.Contact != t.talk.ID || m.Proposal != 0)) {
		t.say("concierge.stale")
		t.prompt(t.again())
		return nil
	}
	if err != nil {
		return err
	}
	about, err := t.own(ctx, bot.ProposalID(p.Int("p")))
	if err != nil {
		return err
	}
	t.st.Which = 0
	t.tx.FileMessage(m.ID, about.ID)
	return t.carry(ctx, m.ID, about.ID)
}

// own reads a proposal of this contact; of anybody else's there is none.
func (t *turn) own(ctx context.Context, id bot.ProposalID) (bot.Proposal, error) {
	p, err := t.tx.Proposal(ctx, id)
	if err == nil && p.Contact != t.talk.ID {
		err = bot.Refuse(bot.NotFound, "error.not_found")
	}
	return p, err
}

// fileName is what the sender called the file; pictures have no name of their own.
func (t *turn) fileName() string {
	if name := cleanName(t.e.File.Name); name != "" {
		return name
	}
	return t.words.Say(say("concierge.picture", "at", t.e.At.In(t.desk.Location))) + "-" + strconv.FormatInt(t.talk.Revision, 10)
}
