package ledger

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// ShowLate has the cards say that the next date of a proposal has passed, or the date of a department that still owes its
// verdict: the desk's, and those of these departments. It is a change of the cards and no message, once for each date; false if
// there was nothing to show.
func (l *Ledger) ShowLate(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID) (shown bool, err error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return false, err
	}
	today := l.desk.Calendar.Today(tx.Now).In(time.UTC)
	late, err := tx.ShowLateReferrals(ctx, id, today)
	if err != nil {
		return false, err
	}
	if !proposal.Open(p.State) {
		late = nil // no department owes anything any more
	}
	if !p.NextDate.IsZero() && p.NextDate.Before(today) {
		if shown, err = tx.ShowLate(ctx, id); err != nil {
			return false, err
		}
	}
	if !shown && len(late) == 0 {
		return false, nil
	}
	return true, l.redraw(tx, p, event, late)
}

func (l *Ledger) redraw(tx *store.Tx, p bot.Proposal, event string, late []bot.DepartmentID) error {
	cards := []store.Delivery{l.card(p, "", event)}
	for _, d := range late {
		if l.current(d) {
			cards = append(cards, l.card(p, d, event))
		}
	}
	return tx.Put(cards...)
}
