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
	m := d.told(text.Say("desk.noreply.sure", "number", p.Number, "title", p.Title, "organization", p.Organization, "button", waive.Label), waive, d.opens(p))
	m.Blocks = append(m.Blocks, msg.Card{Rows: d.cards.Wrote(v)})
	return m, nil
}
