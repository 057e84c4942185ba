package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// chosen takes the answer to what held words were.
func (t *turn) chosen(ctx context.Context, p msg.Press) error {
	if p.Args.Get("v") == "apart" {
		return t.apart(ctx, p)
	}
	h, ok, err := t.heldOf(ctx, &t.tx.Reader, t.talk, t.st, t.tx.Now)
	if err != nil {
		return err
	}
	last := slices.IndexFunc(h.words, func(w store.HeldWords) bool { return int64(w.ID) == p.Int("h") })
	if !ok || last < 0 || !t.stands(p.ShownAt(), screenFor) {
		return t.staleWords()
	}
	h.words = h.words[:last+1]
	switch p.Args.Get("v") {
	case "answer":
		return t.answerHeld(ctx, h, p)
	case "send":
		return t.sendHeld(ctx, h)
	}
	t.letGo(h)
	t.say("concierge.held.unused", "words", shortened(h.body(), heldBrief))
	t.prompt(t.again())
	return nil
}

func (t *turn) letGo(h heldWords) {
	ids := make([]bot.HeldID, len(h.words))
	for i, w := range h.words {
		ids[i] = w.ID
	}
	t.tx.LetGo(ids...)
}

// answerHeld makes held words an answer, or more of one. The button may be older than the form: what was offered then is
// judged again.
func (t *turn) answerHeld(ctx context.Context, h heldWords, p msg.Press) error {
	name := p.Args.Get("f")
	at := slices.IndexFunc(h.places(), func(f form.Field) bool { return f.ID == name })
	if at < 0 || bot.DraftID(p.Int("d")) != t.talk.Draft {
		return t.staleWords()
	}
	field := h.places()[at]
	first, err := t.tx.SourceOf(ctx, t.talk.Draft, name)
	if err != nil && bot.KindOf(err) != bot.NotFound {
		return err
	}
	for _, w := range h.words {
		if err := t.step(ctx, h.input(field, w, first)); err != nil || t.st.Form == nil {
			return err
		}
	}
	t.letGo(h)
	t.say("form.joined.other", "field", field.Name(), "answer", form.Display(field, t.st.Form.Answers[name]))
	t.prompt(t.again())
	return nil
}

// sendHeld carries held words to the city; with several proposals that they may be about it is asked which.
func (t *turn) sendHeld(ctx context.Context, h heldWords) error {
	may, err := t.addresses(ctx)
	if err != nil {
		return err
	}
	if len(may) == 0 {
		return t.staleWords()
	}
	t.letGo(h)
	var about bot.ProposalID
	if len(may) == 1 {
		about = may[0].ID
	}
	var ids []bot.MessageID
	for _, w := range h.words {
		m := store.Message{
			Proposal: about, Kind: store.MessageText, Body: w.Body, Contact: t.talk.ID, Author: t.talk.LineUser, LineMessage: w.Message,
		}
		if m.ID, err = t.tx.AddMessage(ctx, m); err != nil {
			return err
		}
		if may, err = t.carryHeld(ctx, m, may); err != nil {
			return err
		}
		ids = append(ids, m.ID)
	}
	if about == 0 {
		t.askWhich(ids[0], may)
		return nil
	}
	t.acknowledge(may[0], string(store.MessageText))
	return nil
}

// carryHeld lets those who may read a message have it, or the desk if nobody says which proposal it is about.
func (t *turn) carryHeld(ctx context.Context, m store.Message, may []bot.Proposal) ([]bot.Proposal, error) {
	if m.Proposal == 0 {
		return may, t.ledger.Unfiled(t.tx, t.e.ID, m, may[0])
	}
	now, err := t.ledger.Written(ctx, t.tx, t.e.ID, t.author(), m.Proposal, m.ID)
	return []bot.Proposal{now}, err
}

// typedHeld takes the words of a button about held words as that button.
func (t *turn) typedHeld(ctx context.Context) (bool, error) {
	if t.late {
		return false, nil
	}
	if p, ok := t.apartTyped(); ok {
		return true, t.apart(ctx, p)
	}
	h, ok, err := t.heldOf(ctx, &t.tx.Reader, t.talk, t.st, t.tx.Now)
	if err != nil || !ok {
		return false, err
	}
	for _, b := range h.buttons() {
		if form.Fold(b.Label) == form.Fold(t.e.Text) {
			return true, t.chosen(ctx, b.Press)
		}
	}
	return false, nil
}

func (t *turn) apartTyped() (msg.Press, bool) {
	b := t.apartButton(t.st, t.talk.Draft)
	if b == nil || form.Fold(b.Label) != form.Fold(t.e.Text) {
		return msg.Press{}, false
	}
	return b.Press, true
}
