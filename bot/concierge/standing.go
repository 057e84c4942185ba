package concierge

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// standing shows where a talk stands, from the facts: the question beside the forms that was asked last, else what
// current shows.
func (c *Concierge) standing(ctx context.Context, r *store.Reader, s state, d bot.DraftID) (msg.Message, error) {
	if s.Asked == nil {
		return c.current(s, d), nil
	}
	list, err := c.askedAbout(ctx, r, *s.Asked)
	switch {
	case err != nil:
		return msg.Message{}, err
	case len(list) > 0:
		return c.askedOf(*s.Asked, list), nil
	case s.Form != nil && (s.Asked.Do == "menu.propose" || s.Asked.Do == "menu.consult"):
		return c.unfinished(*s.Asked, *s.Form, d), nil
	}
	return c.current(s, d), nil
}

// askedAbout reads the proposals that a question beside the forms is about, in the order shown.
func (c *Concierge) askedAbout(ctx context.Context, r *store.Reader, q asked) ([]bot.Proposal, error) {
	ids := q.Shown
	if q.Proposal != 0 {
		ids = []bot.ProposalID{q.Proposal}
	}
	var list []bot.Proposal
	for _, one := range ids {
		p, err := r.Proposal(ctx, one)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// askedOf is a question about proposals.
func (c *Concierge) askedOf(q asked, list []bot.Proposal) msg.Message {
	switch q.Do {
	case "about":
		return c.aboutIt(list[0])
	case "withdraw.yes":
		return c.sure(list[0], q)
	case "withdraw.undo":
		return c.undoSure(list[0])
	}
	return c.choice(q, list)
}

// choice is a card to choose a proposal from: what a message is about, or what to take back. A phone shows only so many;
// the others are named by their numbers.
func (c *Concierge) choice(q asked, list []bot.Proposal) msg.Message {
	card := msg.Card{Title: c.say("concierge.which.ask")}
	m := msg.Message{Blocks: []msg.Block{card}}
	if q.Do == "withdraw" {
		card.Title, m.Choices = c.say("concierge.withdraw.which."+kindOf(list)), c.doors()
	}
	for _, p := range list[:min(len(list), openMost)] {
		card.Buttons = append(card.Buttons, msg.Button{Label: c.label(p), Press: q.press(p)})
	}
	if n := len(card.Buttons); n > 1 {
		card.Notes = append(card.Notes, c.say("concierge.by_place", "count", n))
	}
	if len(list) > openMost {
		card.Notes = append(card.Notes, c.say("concierge.by_number"))
	}
	m.Alt, m.Blocks = card.Title, []msg.Block{card}
	return m
}

// kindOf is what all of them are, or both.
func kindOf(list []bot.Proposal) string {
	for _, p := range list {
		if p.Kind != list[0].Kind {
			return "both"
		}
	}
	return string(list[0].Kind)
}

// press is the button that chooses a proposal.
func (q asked) press(p bot.Proposal) msg.Press {
	if q.Do == "which" {
		return msg.Do("which", "m", id(q.Message), "p", id(p.ID)).Shown(q.At)
	}
	return msg.Do("withdraw", "p", id(p.ID)).Shown(q.At)
}

func (c *Concierge) label(p bot.Proposal) string {
	return c.words.Say(text.Say("concierge.label", "number", p.Number, "title", p.Title))
}

// askWhich asks which proposal a message is about.
func (t *turn) askWhich(m bot.MessageID, may []bot.Proposal) {
	q := t.ask(asked{Do: "which", Message: m, Shown: idsOf(may)})
	t.prompt(t.choice(q, may))
}

func idsOf(list []bot.Proposal) []bot.ProposalID {
	ids := make([]bot.ProposalID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids
}
