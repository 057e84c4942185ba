package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/store"
)

// Sent tells the threads whether a confirmed message reached the organization; fault is the catalogue key of why not,
// or empty.
func (l *Ledger) Sent(ctx context.Context, tx *store.Tx, event string, p bot.ProposalID, message, fault string) error {
	now, err := l.lock(ctx, tx, p)
	if err != nil {
		return err
	}
	return l.working(ctx, tx, now, func(d bot.DepartmentID) error {
		delivery := l.slack(now, d, KindOutcome, event)
		delivery.Args["message"], delivery.Args["fault"] = message, fault
		return tx.Put(delivery)
	})
}
