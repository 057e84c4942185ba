package desk

import (
	"context"
	"slices"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// dead lists what waits to be delivered for longer than usual, and what could not be, the newest first, each with a button
// to send it once more and one to give it up.
func (d *Desk) dead(ctx context.Context, r request) (msg.Message, error) {
	before, err := strconv.ParseInt(r.After, 10, 64)
	if err != nil || r.After == "" {
		before = 0
	}
	found, err := d.DB.DeadDeliveries(ctx, before, pageSize+1)
	if err != nil {
		return msg.Message{}, err
	}
	waits, err := d.held(ctx, before)
	if err != nil {
		return msg.Message{}, err
	}
	m := msg.Message{Alt: d.say("desk.dead.title"), Blocks: waits}
	if len(found) == 0 && len(waits) > 0 {
		return m, nil
	}
	if len(found) == 0 {
		return d.told(text.Say("desk.dead.none")), nil
	}
	m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.dead.title")})
	shown := found[:min(len(found), pageSize)]
	for _, letter := range shown {
		card, err := d.deadLetter(ctx, letter)
		if err != nil {
			return m, err
		}
		m.Blocks = append(m.Blocks, card)
	}
	if len(found) > pageSize {
		m.Choices = []msg.Button{{
			Label: d.say("button.desk.next"),
			Press: msg.Do("desk.run", "line", "dead", "after", strconv.FormatInt(shown[len(shown)-1].Seq, 10)),
		}}
	}
	return m, nil
}

// heldMost is how many of those that wait are shown.
const heldMost = 5

// held is, on the first page, what has waited for a while to reach an organization, and that there is more.
func (d *Desk) held(ctx context.Context, before int64) ([]msg.Block, error) {
	if before != 0 {
		return nil, nil
	}
	waits, err := d.DB.HeldDeliveries(ctx, d.DB.Now().Add(-ledger.HeldAfter), heldMost+1)
	if err != nil || len(waits) == 0 {
		return nil, err
	}
	out := []msg.Block{msg.Text{Body: d.say("desk.dead.held")}}
	for _, w := range waits[:min(len(waits), heldMost)] {
		card, _, err := d.letter(ctx, store.DeadDelivery{Delivery: w, Fault: "delivery.waiting"})
		if err != nil {
			return nil, err
		}
		out = append(out, card)
	}
	if len(waits) > heldMost {
		out = append(out, msg.Text{Body: d.say("desk.dead.held_more")})
	}
	return out, nil
}

// deadLetter is one that was set aside, with what can be done about it.
func (d *Desk) deadLetter(ctx context.Context, dead store.DeadDelivery) (msg.Card, error) {
	card, about, err := d.letter(ctx, dead)
	args := []string{"delivery", dead.ID.String(), "proposal", idOf(about), "r", number(about.Revision)}
	release := msg.Button{Label: d.say("button.card.release"), Press: msg.Do("delivery.release", args...).Shown(d.DB.Now())}
	drop := msg.Button{Label: d.say("button.card.drop"), Press: msg.Do("delivery.drop", args...).Shown(d.DB.Now()), Confirm: d.say("desk.dead.drop")}
	card.Buttons = append([]msg.Button{release}, append(card.Buttons, drop)...)
	return card, err
}

// letter is one that has not gone: about what, to whom, since when, and why.
func (d *Desk) letter(ctx context.Context, dead store.DeadDelivery) (card msg.Card, about bot.Proposal, err error) {
	card = msg.Card{Title: d.say("desk.dead.other"), Tone: msg.Alert}
	to := d.place(dead.Lane)
	if dead.Proposal != 0 {
		about, err = d.DB.Proposal(ctx, dead.Proposal)
		if err != nil && bot.KindOf(err) != bot.NotFound {
			return card, about, err
		}
		if err == nil {
			card.Title = d.say("card.title", "number", about.Number, "title", about.Title)
			card.Buttons = []msg.Button{d.opens(about)}
			if dead.Lane.Platform() == bot.LINE {
				to = d.say("desk.dead.organization", "organization", about.Organization)
			}
		}
	}
	card.Rows = []msg.Row{
		{Label: d.say("desk.dead.to"), Value: to},
		{Label: d.say("desk.dead.since"), Value: d.say("desk.dead.at", "at", dead.CreatedAt.In(d.Desk.Location))},
		{Label: d.say("desk.dead.why"), Value: d.Words.Say(text.Say(dead.Fault))},
	}
	return card, about, nil
}

// place names whom a lane leads to.
func (d *Desk) place(l store.Lane) string {
	if l.Platform() == bot.LINE {
		return d.say("desk.dead.line")
	}
	if l.Chat() == d.Desk.Channel {
		return d.say("desk.dead.desk")
	}
	for _, dep := range slices.Concat(d.Desk.Departments, d.Desk.Former) {
		if dep.Channel == l.Chat() {
			return d.say("desk.dead.department", "department", d.cards.Department(dep.ID))
		}
	}
	return d.say("desk.dead.former")
}
