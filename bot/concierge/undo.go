package concierge

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// undo takes a withdrawal back. A button of an earlier withdrawal asks first.
func (t *turn) undo(ctx context.Context, press msg.Press, _ *asked) error {
	p, found, err := t.pressedOn(ctx, press)
	switch {
	case err != nil || !found:
		return err
	case p.State != proposal.Withdrawn:
		t.over(p)
		return nil
	case !p.Withdrawal.UndoableAt(t.e.At):
		t.prompt(t.undoOver(p))
		return nil
	case !press.Of(p.Withdrawal.At):
		t.askUndo(p)
		return nil
	}
	return t.undoNow(ctx, p)
}

func (t *turn) undoNow(ctx context.Context, p bot.Proposal) error {
	p, err := t.ledger.Undo(ctx, t.tx, t.e.ID, t.talk.Contact, p.ID, t.e.At)
	if err != nil {
		return err
	}
	last, err := t.lastWords(ctx, p)
	if err != nil {
		return err
	}
	what, day, err := t.promised(ctx, p, last)
	if err != nil {
		return err
	}
	args := map[string]string{"proposal": id(p.ID), "what": what, "day": day.Format(time.DateOnly)}
	t.reply(answer{kind: KindUndone, args: args, matters: true, about: p.ID, message: t.undone(p, args)})
	return nil
}

// undone says that a proposal stands again as it stood, with the day that was promised.
func (c *Concierge) undone(p bot.Proposal, args map[string]string) msg.Message {
	words := c.say("concierge.undo.done", "number", p.Number, "title", p.Title)
	if day, err := time.Parse(time.DateOnly, args["day"]); err == nil && args["what"] != "" {
		words += "\n" + c.say("concierge.undo.promised", "what", text.Say(args["what"]), "day", day)
	}
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}

// gone says that a proposal is withdrawn, and until when that can be undone.
func (t *turn) gone(p bot.Proposal) {
	words := t.words.SayAll(t.goneLines(p))
	t.prompt(msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: t.undoButtons(p)}}, Choices: t.doors()})
}

func (t *turn) goneLines(p bot.Proposal) []text.Line {
	lines := []text.Line{text.Say("concierge.withdraw.already", "number", p.Number, "title", p.Title)}
	if p.Withdrawal.UndoableAt(t.e.At) {
		lines = append(lines, text.Say("concierge.undo.until", "until", t.Concierge.at(p.Withdrawal.UndoBy())))
	}
	return lines
}

// undoOver says that a withdrawal can no longer be undone, and what can be done instead.
func (c *Concierge) undoOver(p bot.Proposal) msg.Message {
	words := c.say("concierge.undo.over", "number", p.Number, "title", p.Title)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
		{Label: c.say("button.concierge.reconsider"), Press: msg.Do("about", "p", id(p.ID))}, c.door("menu.propose", ""),
	}}}}
}

// askUndo asks whether a withdrawal is to be undone.
func (t *turn) askUndo(p bot.Proposal) {
	t.ask(asked{Do: "withdraw.undo", Proposal: p.ID})
	t.prompt(t.undoSure(p))
}

func (c *Concierge) undoSure(p bot.Proposal) msg.Message {
	words := c.say("concierge.undo.sure", "number", p.Number, "title", p.Title)
	yes := c.undoButton(p)
	yes.Label = c.say("button.concierge.undo_it")
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
		yes, {Label: c.say("button.concierge.leave_withdrawn"), Press: msg.Do("menu.status")},
	}}}}
}

// undoButton undoes this withdrawal, and no later one.
func (c *Concierge) undoButton(p bot.Proposal) msg.Button {
	return msg.Button{Label: c.say("button.concierge.undo"), Press: msg.Do("withdraw.undo", "p", id(p.ID)).Shown(p.Withdrawal.At)}
}

// undoButtons is the button by which a withdrawal is undone, while it can be.
func (t *turn) undoButtons(p bot.Proposal) []msg.Button {
	if !p.Withdrawal.UndoableAt(t.e.At) {
		return nil
	}
	return []msg.Button{t.undoButton(p)}
}

// at is a moment in the desk's time zone.
func (c *Concierge) at(moment time.Time) time.Time { return moment.In(c.desk.Location) }

// typedUndo takes words that mean the last withdrawal: that it was a mistake, or is to be undone. In a form only words that
// speak of a withdrawal do, since anything else may be an answer.
func (t *turn) typedUndo(ctx context.Context) (bool, error) {
	means, names := t.phrases.undo(t.e.Text)
	if !means || t.late || (t.asking() && !names) {
		return false, nil
	}
	p, err := t.tx.LastWithdrawn(ctx, t.talk.ID, t.e.At.Add(-undoTold))
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return false, nil
	case err != nil:
		return false, err
	case p.Withdrawal.UndoableAt(t.e.At):
		t.askUndo(p)
		return true, nil
	case names:
		t.prompt(t.undoOver(p))
	}
	return names, nil
}

// undoTold is how long whoever speaks of a withdrawal reads that it cannot be undone any more.
const undoTold = 30 * 24 * time.Hour

// typedUndoSure takes yes or no to "undo it?"; other words are what they would be without it.
func (t *turn) typedUndoSure(ctx context.Context, q *asked, word string) (bool, error) {
	switch {
	case t.labels.undo[word]:
		p, err := t.own(ctx, q.Proposal)
		if err != nil {
			return false, err
		}
		return true, t.undo(ctx, t.undoButton(p).Press, q)
	case t.labels.leave[word]:
		t.say("concierge.undo.left")
		return true, t.status(ctx, 0)
	}
	return false, nil
}

// composeGone says once more that a proposal was withdrawn; of one that is not any more there is nothing to say.
func (c *Concierge) composeGone(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, err := r.Proposal(ctx, proposalOf(d))
	if err != nil {
		return outbox.Parcel{}, err
	}
	if p.State != proposal.Withdrawn {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	return c.parcel(d, c.withdrawn(p)), nil
}

// composeUndone says once more that a withdrawal was undone, with the day of then.
func (c *Concierge) composeUndone(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, err := r.Proposal(ctx, proposalOf(d))
	if err != nil {
		return outbox.Parcel{}, err
	}
	return c.parcel(d, c.undone(p, d.Args)), nil
}
