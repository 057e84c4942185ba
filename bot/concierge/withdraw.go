package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// offerWithdraw asks which proposal is to be taken back.
func (t *turn) offerWithdraw(ctx context.Context) error {
	list, err := t.withdrawable(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		t.say("concierge.withdraw.none", "phone", t.desk.Phone)
		t.prompt(t.again())
		return nil
	}
	q := asked{Do: "withdraw", Shown: idsOf(list)}
	t.ask(q)
	t.prompt(t.choice(q, list))
	return nil
}

// withdrawable are the proposals that can be taken back.
func (t *turn) withdrawable(ctx context.Context) ([]bot.Proposal, error) {
	open, err := t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost+1)
	return slices.DeleteFunc(open, func(p bot.Proposal) bool { return !mayWithdraw(p) }), err
}

// withdraw asks once more, and then takes the proposal back. Who presses a second time reads that it is withdrawn.
func (t *turn) withdraw(ctx context.Context, press msg.Press) error {
	p, err := t.own(ctx, bot.ProposalID(press.Int("p")))
	if err == nil && p.State == proposal.Withdrawn {
		t.say("concierge.withdraw.already", "number", p.Number, "title", p.Title)
		t.prompt(t.again())
		return nil
	}
	if bot.KindOf(err) == bot.NotFound || (err == nil && !mayWithdraw(p)) {
		t.say("concierge.withdraw.not_now", "phone", t.desk.Phone)
		t.prompt(t.again())
		return nil
	}
	if err != nil {
		return err
	}
	if press.Do == "withdraw" {
		t.ask(asked{Do: "withdraw.yes", Proposal: p.ID})
		t.prompt(t.sure(p))
		return nil
	}
	if p, err = t.ledger.Withdraw(ctx, t.tx, t.e.ID, t.talk.Contact, p.ID); err != nil {
		return err
	}
	t.reply(answer{kind: KindGone, args: map[string]string{"proposal": id(p.ID)}, matters: true, about: p.ID, message: t.withdrawn(p)})
	return nil
}

func (c *Concierge) sure(p bot.Proposal) msg.Message {
	words := c.say("concierge.withdraw.sure", "number", p.Number, "title", p.Title)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
		{Label: c.say("button.concierge.withdraw"), Style: msg.Danger, Press: msg.Do("withdraw.yes", "p", id(p.ID))},
		{Label: c.say("button.concierge.keep"), Press: msg.Do("menu.status")},
	}}}}
}

func (c *Concierge) withdrawn(p bot.Proposal) msg.Message {
	words := c.say("concierge.withdraw.done."+string(p.Kind), "number", p.Number, "title", p.Title)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}
