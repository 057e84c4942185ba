package desk

import (
	"context"
	"fmt"

	"tsunagi/bot"
	"tsunagi/bot/text"
)

// number reads a receipt number as typed; the running number alone is of this fiscal year.
func (d *Desk) number(typed string) (string, bool) {
	calendar := d.Desk.Calendar
	return d.Desk.Receipt.Parse(typed, calendar.FiscalYear(calendar.Today(d.DB.Now())))
}

// proposal finds what a receipt number means. One that is not there, or not for this actor, is told in the same words,
// with an offer to search.
func (d *Desk) proposal(ctx context.Context, r request) (bot.Proposal, error) {
	if len(r.words) == 0 {
		return bot.Proposal{}, &wrong{say: text.Say("desk.number.missing")}
	}
	number, ok := d.number(r.words[0])
	if !ok {
		return bot.Proposal{}, d.noNumber(r)
	}
	p, err := d.DB.ProposalByNumber(ctx, number)
	if bot.KindOf(err) == bot.NotFound {
		return p, d.noNumber(r)
	}
	if err != nil {
		return p, fmt.Errorf("look up proposal by number: %w", err)
	}
	return p, nil
}

func (d *Desk) noNumber(r request) *wrong {
	w := &wrong{say: text.Say("desk.number.unknown", "typed", short(r.words[0]))}
	if r.Actor.AtDesk() {
		w.near = lines("search " + short(r.words[0]))
	}
	return w
}
