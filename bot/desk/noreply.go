package desk

import (
	"context"

	"tsunagi/bot/card"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// noReply shows what an organization has written and nobody has answered, with the card's button that says that it needs no
// reply: a number alone does not tell what its typer has read.
func (d *Desk) noReply(ctx context.Context, r request) (msg.Message, error) {
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	v, err := card.Read(ctx, &d.DB.Reader, p.ID, "")
	if err != nil {
		return msg.Message{}, err
	}
	if v.Wrote.ID == 0 {
		return d.told(text.Say("desk.noreply.none", "number", p.Number), d.opens(p)), nil
	}
	waive := d.cards.Waive(v)
	m := d.told(text.Say("desk.noreply.sure", "number", p.Number, "title", p.Title, "organization", p.Organization,
		"count", v.Waiting.Count, "button", waive.Label), waive, d.opens(p))
	wrote, err := d.wrote(ctx, v)
	m.Blocks = append(m.Blocks, wrote)
	return m, err
}

// mostWaived is how many messages are shown before they are settled; the thread has them all.
const mostWaived = 5

// wrote is the beginning of each of the newest messages that nobody has answered, and where the others are.
func (d *Desk) wrote(ctx context.Context, v card.View) (msg.Card, error) {
	newest, err := d.DB.Unanswered(ctx, v.ID, mostWaived)
	var out msg.Card
	for _, m := range newest {
		out.Rows = append(out.Rows, d.cards.WroteOne(m))
	}
	if others := v.Waiting.Count - len(newest); others > 0 {
		out.Notes = []string{d.say("desk.noreply.others", "count", others)}
	}
	return out, err
}
