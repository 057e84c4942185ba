package ledger

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// ShowLate has the cards say that the next date of a proposal has passed: the desk's, and those of departments that still owe
// their verdict. It is a change of the cards and no message, once for each date; false if there was nothing to show.
func (l *Ledger) ShowLate(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID) (shown bool, err error) {
	p, err := l.lock(ctx, tx, id)
	today := l.desk.Calendar.Today(tx.Now).In(time.UTC)
	if err != nil || !proposal.Open(p.State) || !p.NextDate.Before(today) {
		return false, err
	}
	if shown, err = tx.ShowLate(ctx, id); err != nil || !shown {
		return false, err
	}
	return true, l.redraw(ctx, tx, p, event, today)
}

func (l *Ledger) redraw(ctx context.Context, tx *store.Tx, p bot.Proposal, event string, today time.Time) error {
	referrals, err := tx.Referrals(ctx, p.ID)
	if err != nil {
		return err
	}
	cards := []store.Delivery{l.card(p, "", event)}
	for _, f := range referrals {
		if f.Verdict == "" && f.Due.Before(today) && l.current(f.Department) {
			cards = append(cards, l.card(p, f.Department, event))
		}
	}
	return tx.Put(cards...)
}
