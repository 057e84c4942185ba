package desk

import (
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/msg"
)

// show is the whole card of a proposal, with the same buttons as the one in the channel. A department sees it only if it
// was asked, and only what it may see; else it reads that there is no such number. A number may be typed with spaces.
func (d *Desk) show(ctx context.Context, r request) (msg.Message, error) {
	if _, ok := d.number(strings.Join(r.words, "")); ok {
		r.words = []string{strings.Join(r.words, "")}
	}
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	reader, err := d.reader(ctx, r, p.ID)
	if err != nil {
		return msg.Message{}, err
	}
	v, err := card.Read(ctx, &d.DB.Reader, p.ID, reader)
	if err != nil {
		return msg.Message{}, err
	}
	return d.cards.Compose(ctx, v, d.DB.Now()), nil
}

// reader is as whom somebody reads a proposal: the desk (""), or the first of the actor's departments that was asked.
func (d *Desk) reader(ctx context.Context, r request, p bot.ProposalID) (bot.DepartmentID, error) {
	if r.Actor.AtDesk() {
		return "", nil
	}
	asked, err := d.DB.Referrals(ctx, p)
	if err != nil {
		return "", err
	}
	for _, f := range asked {
		if r.Actor.Of(f.Department) {
			return f.Department, nil
		}
	}
	return "", d.noNumber(r)
}
