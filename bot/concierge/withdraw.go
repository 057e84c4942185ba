package concierge

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/msg"
)

// offerWithdraw asks which proposal is to be taken back.
func (t *turn) offerWithdraw(ctx context.Context) error {
	open, err := t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost+1)
	if err != nil {
		return err
	}
	var buttons []msg.Button
	for _, p := range open {
		if mayWithdraw(p) {
			buttons = append(buttons, msg.Button{Label: t.label(p), Press: msg.Do("withdraw", "p", id(p.ID))})
		}
	}
	if len(buttons) == 0 {
		t.say("concierge.withdraw.none", "phone", t.desk.Phone)
		t.prompt(t.again())
		return nil
	}
	t.ask(asked{Do: "withdraw"})
	m := t.choice("concierge.withdraw.which", buttons)
	m.Choices = t.doors()
	t.prompt(m)
	return nil
}

// choice is a card to choose a proposal from. A phone shows only so many; the others are named by their numbers.
func (t *turn) choice(key string, buttons []msg.Button) msg.Message {
	card := msg.Card{Title: t.Concierge.say(key), Buttons: buttons[:min(len(buttons), openMost)]}
	if len(buttons) > openMost {
		card.Notes = []string{t.Concierge.say("concierge.by_number")}
	}
	return msg.Message{Alt: card.Title, Blocks: []msg.Block{card}}
}

// withdraw asks once more, and then takes the proposal back.
func (t *turn) withdraw(ctx context.Context, press msg.Press) error {
	p, err := t.own(ctx, bot.ProposalID(press.Int("p")))
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

func (t *turn) sure(p bot.Proposal) msg.Message {
	words := t.Concierge.say("concierge.withdraw.sure", "number", p.Number, "title", p.Title)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
		{Label: t.Concierge.say("button.concierge.withdraw"), Style: msg.Danger, Press: msg.Do("withdraw.yes", "p", id(p.ID))},
		{Label: t.Concierge.say("button.concierge.keep"), Press: msg.Do("menu.status")},
	}}}}
}

func (c *Concierge) withdrawn(p bot.Proposal) msg.Message {
	words := c.say("concierge.withdraw.done", "number", p.Number, "title", p.Title)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}

// askWhich asks which proposal a message is about.
func (t *turn) askWhich(m bot.MessageID, may []bot.Proposal) msg.Message {
	var buttons []msg.Button
	for _, p := range may {
		buttons = append(buttons, msg.Button{Label: t.label(p), Press: msg.Do("which", "m", id(m), "p", id(p.ID))})
	}
	return t.choice("concierge.which.ask", buttons)
}

func (c *Concierge) label(p bot.Proposal) string {
	return c.say("concierge.label", "number", p.Number, "title", p.Title)
}
