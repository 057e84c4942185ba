package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// offerWithdraw asks which proposal is to be taken back, or of the only one at once whether that is sure.
func (t *turn) offerWithdraw(ctx context.Context) error {
	list, err := t.withdrawable(ctx)
	switch {
	case err != nil:
		return err
	case len(list) == 0:
		t.say("concierge.withdraw.none", "phone", t.desk.Phone)
		t.prompt(t.again())
	case len(list) == 1:
		t.askSure(list[0], false)
	default:
		q := t.ask(asked{Do: "withdraw", Shown: idsOf(list)})
		t.prompt(t.choice(q, list))
	}
	return nil
}

// withdrawable are the proposals that can be taken back.
func (t *turn) withdrawable(ctx context.Context) ([]bot.Proposal, error) {
	open, err := t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost+1)
	return slices.DeleteFunc(open, func(p bot.Proposal) bool { return !mayWithdraw(p) }), err
}

// askWithdraw asks of one proposal whether it is to be taken back. A list that has stood for a day says first what holds now.
func (t *turn) askWithdraw(ctx context.Context, press msg.Press, _ *asked) error {
	p, ok, err := t.toWithdraw(ctx, press)
	switch at := press.ShownAt(); {
	case err != nil || !ok:
		return err
	case !at.IsZero() && !t.stands(at, screenFor):
		t.over(p)
	default:
		t.askSure(p, false)
	}
	return nil
}

// withdraw takes the proposal back, if the question was just asked, is the newest, and the proposal has not moved on since.
func (t *turn) withdraw(ctx context.Context, press msg.Press, q *asked) error {
	p, ok, err := t.toWithdraw(ctx, press)
	if err != nil || !ok {
		return err
	}
	if !t.confirms(q, press) || q.Proposal != p.ID || q.Revision != p.Revision {
		t.over(p)
		return nil
	}
	if p, err = t.ledger.Withdraw(ctx, t.tx, t.e.ID, t.talk.Contact, p.ID); err != nil {
		return err
	}
	t.reply(answer{kind: KindGone, args: map[string]string{"proposal": id(p.ID)}, matters: true, about: p.ID, message: t.withdrawn(p)})
	return nil
}

// toWithdraw reads the proposal of a press. Where it cannot be taken back, or is already, the person reads so: ok is false.
func (t *turn) toWithdraw(ctx context.Context, press msg.Press) (p bot.Proposal, ok bool, err error) {
	p, err = t.own(ctx, bot.ProposalID(press.Int("p")))
	switch {
	case bot.KindOf(err) == bot.NotFound:
		t.say("concierge.withdraw.not_now", "phone", t.desk.Phone)
		t.prompt(t.again())
		return p, false, nil
	case err != nil:
		return p, false, err
	case p.State == proposal.Withdrawn:
		t.gone(p)
		return p, false, nil
	case !mayWithdraw(p):
		t.tooLate(p)
		return p, false, nil
	}
	return p, true, nil
}

// tooLate says that a proposal cannot be taken back any more, and offers a person.
func (t *turn) tooLate(p bot.Proposal) {
	words := t.Concierge.say("concierge.withdraw.too_late", "number", p.Number, "title", p.Title, "state", text.Say(p.State.Key()), "phone", t.desk.Phone)
	t.prompt(msg.Message{Alt: words, Choices: t.doors(), Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{t.consult(p)}}}})
}

// keepIt says that nothing was taken back, and where things stand.
func (t *turn) keepIt(ctx context.Context, press msg.Press, _ *asked) error {
	p, err := t.own(ctx, bot.ProposalID(press.Int("p")))
	switch {
	case err == nil && open(p):
		t.say("concierge.withdraw.kept", "number", p.Number, "title", p.Title)
	case err != nil && bot.KindOf(err) != bot.NotFound:
		return err
	}
	return t.status(ctx, 0)
}

// askSure asks whether a proposal is to be taken back; doubt is when the answer was neither yes nor no.
func (t *turn) askSure(p bot.Proposal, doubt bool) {
	t.prompt(t.sure(p, t.ask(asked{Do: "withdraw.yes", Proposal: p.ID, Revision: p.Revision, Doubt: doubt})))
}

// sure is the question whether a proposal is to be taken back: what cannot be undone for ever stands last.
func (c *Concierge) sure(p bot.Proposal, q asked) msg.Message {
	number := id(p.ID)
	keep := msg.Button{Label: c.say("button.concierge.keep"), Press: msg.Do("withdraw.no", "p", number)}
	yes := msg.Button{
		Label: c.say("button.concierge.withdraw"), Style: msg.Danger, Press: msg.Do("withdraw.yes", "p", number).Shown(q.At),
	}
	card := msg.Card{Title: c.say("concierge.withdraw.sure", "number", p.Number, "title", p.Title), Buttons: []msg.Button{keep, yes}}
	m := msg.Message{Choices: []msg.Button{c.consult(p)}}
	if q.Doubt {
		card.Title, keep.Label = c.say("concierge.withdraw.doubt", "number", p.Number, "title", p.Title), c.say("button.concierge.go_on")
		card.Buttons, m.Choices = []msg.Button{c.consult(p), keep, yes}, nil
	}
	m.Alt, m.Blocks = card.Title, []msg.Block{card}
	return m
}

// consult lets the person ask staff about a proposal.
func (c *Concierge) consult(p bot.Proposal) msg.Button {
	return msg.Button{Label: c.say("button.concierge.consult"), Press: msg.Do("about", "p", id(p.ID))}
}

// open reports whether a proposal has not ended.
func open(p bot.Proposal) bool { return proposal.Open(p.State) }

// withdrawn says that a proposal was taken back, and until when that can be undone.
func (c *Concierge) withdrawn(p bot.Proposal) msg.Message {
	words := c.say("concierge.withdraw.done."+string(p.Kind), "number", p.Number, "title", p.Title, "until", c.at(p.Withdrawal.UndoBy()))
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{c.undoButton(p)}}}, Choices: c.doors()}
}
