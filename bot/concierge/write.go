package concierge

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/filetype"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// openMost is how many proposals are shown at once: more than anybody chooses from on a phone.
const openMost = 10

// write carries free words to the city. Without a proposal that they may mean there is nobody to carry them to, so the menu
// answers; with several the person is asked which one is meant. q is what was asked before.
func (t *turn) write(ctx context.Context, q *asked) error {
	if fault := form.Unusable(t.e.Text); !fault.Empty() {
		return t.unusable(ctx, q, fault)
	}
	return t.deliver(ctx, q, store.Message{Kind: store.MessageText, Body: form.Readable(t.e.Text)}, nil)
}

// writeFile carries a file to the city.
func (t *turn) writeFile(ctx context.Context, q *asked) error {
	f := store.File{Contact: t.talk.ID, LineMessage: t.e.Message, Size: t.e.File.Size, State: store.FileWanted}
	return t.deliver(ctx, q, store.Message{Kind: store.MessageFile}, &f)
}

func (t *turn) deliver(ctx context.Context, q *asked, m store.Message, f *store.File) error {
	may, err := t.meant(ctx, q)
	if err != nil {
		return err
	}
	if len(may) == 0 {
		return t.nobodyThere(ctx)
	}
	if ok, err := t.spendMessage(); !ok || err != nil {
		return err
	}
	if len(may) == 1 {
		m.Proposal = may[0].ID
	}
	if err := t.store(ctx, &m, f); err != nil {
		return err
	}
	if m.Proposal == 0 {
		return t.unfiled(ctx, q, m, may)
	}
	now, err := t.ledger.Written(ctx, t.tx, t.e.ID, t.author(), may[0].ID, m.ID)
	if err != nil {
		return err
	}
	if now.State == proposal.Withdrawn {
		t.said = append(t.said, t.goneLines(now)...)
	}
	t.acknowledge(now, string(m.Kind))
	return nil
}

// nobodyThere says that words have not gone anywhere, and what can be done.
func (t *turn) nobodyThere(ctx context.Context) error {
	ended, err := t.tx.StandingOf(ctx, t.talk.ID, 0, 1)
	switch {
	case err != nil:
		return err
	case t.wholeNumber():
		t.say("concierge.number_not_yours")
	case t.st.Form != nil:
		t.say("form.paused.first")
	case len(ended) > 0:
		t.say("concierge.only_ended")
	default:
		t.say("concierge.nothing_open")
	}
	t.prompt(t.again())
	return nil
}

func (t *turn) author() bot.Actor { return bot.Actor{ID: t.talk.LineUser, Contact: t.talk.ID} }

// unfiled asks which proposal a message means. What is written while that is open waits with it. Should nobody ever say,
// the desk reads it after a while.
func (t *turn) unfiled(ctx context.Context, q *asked, m store.Message, may []bot.Proposal) error {
	first := m.ID
	if q != nil && q.Do == "which" {
		first = q.Message
	}
	t.askWhich(first, may)
	return t.ledger.Unfiled(t.tx, t.e.ID, m, may[0])
}

// store writes the message, and the file that it brings.
func (t *turn) store(ctx context.Context, m *store.Message, f *store.File) (err error) {
	m.Contact, m.Author, m.LineMessage = t.talk.ID, t.talk.LineUser, t.e.Message
	if f != nil {
		if f.Name, err = t.fileName(ctx, 0, m.Proposal); err != nil {
			return err
		}
		m.Body = f.Name
	}
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

// which takes the answer to "which proposal do you mean", for a message and for what has come after it.
func (t *turn) which(ctx context.Context, p msg.Press) error {
	waiting, err := t.waiting(ctx, bot.MessageID(p.Int("m")))
	if err != nil {
		return err
	}
	about, err := t.own(ctx, bot.ProposalID(p.Int("p")))
	if bot.KindOf(err) == bot.NotFound || (err == nil && len(waiting) == 0) {
		t.say("concierge.stale")
		t.prompt(t.again())
		return nil
	}
	if err != nil {
		return err
	}
	return t.carry(ctx, about, waiting)
}

// carry files messages with a proposal and says what has come.
func (t *turn) carry(ctx context.Context, about bot.Proposal, list []store.Message) (err error) {
	for _, m := range list {
		if about, err = t.ledger.File(ctx, t.tx, t.e.ID, about.ID, m.ID); err != nil {
			return err
		}
	}
	what, err := t.brought(ctx, list)
	if err != nil {
		return err
	}
	t.acknowledge(about, what)
	return nil
}

// brought is what of these messages has come, as acknowledge wants it: a file that could not be taken, as its sender has read,
// has come as no more than the news of it.
func (t *turn) brought(ctx context.Context, list []store.Message) (what string, err error) {
	files := 0
	for _, m := range list {
		found, err := t.tx.FilesIn(ctx, m.ID)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(found, func(f store.File) bool { return f.State == store.FileWanted || f.State == store.FileStored }) {
			files++
		}
	}
	switch files {
	case 0:
		return string(store.MessageText), nil
	case len(list):
		return string(store.MessageFile), nil
	}
	return arrivedBoth, nil
}

// waiting are the messages of this contact that wait to be told which proposal they mean, from the given one on; none if
// that one waits no more.
func (t *turn) waiting(ctx context.Context, from bot.MessageID) ([]store.Message, error) {
	first, err := t.tx.Message(ctx, from)
	if bot.KindOf(err) == bot.NotFound || (err == nil && (first.Contact != t.talk.ID || first.Proposal != 0)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return t.tx.Unfiled(ctx, t.talk.ID, from)
}

// own reads a proposal of this contact; of anybody else's there is none.
func (t *turn) own(ctx context.Context, id bot.ProposalID) (bot.Proposal, error) {
	p, err := t.tx.Proposal(ctx, id)
	if err == nil && p.Contact != t.talk.ID {
		err = bot.Refuse(bot.NotFound, "error.not_found")
	}
	return p, err
}

// fileName is what the sender called the file. Pictures and some others have no name of their own: they are counted, beside
// what else was given for the draft or about the proposal, and get their ending once their content is here.
func (t *turn) fileName(ctx context.Context, d bot.DraftID, p bot.ProposalID) (string, error) {
	if name := filetype.Clean(t.e.File.Name); name != "" {
		return name, nil
	}
	taken, err := t.tx.FileNames(ctx, d, p)
	if err != nil {
		return "", fmt.Errorf("name a file: %w", err)
	}
	key := "concierge.picture"
	if t.e.File.Kind == "file" {
		key = "concierge.document"
	}
	for n := 1; ; n++ {
		name := t.words.Say(say(key, "number", n))
		if !slices.ContainsFunc(taken, func(other string) bool { return strings.TrimSuffix(other, path.Ext(other)) == name }) {
			return name, nil
		}
	}
}
