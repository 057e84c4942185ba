package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/store"
)

// Undelivered lets the desk read that what was to tell the organization something has not reached it; fault is the
// catalogue key of why.
func (l *Ledger) Undelivered(ctx context.Context, tx *store.Tx, d store.Delivery, fault string) error {
	if d.Proposal == 0 {
		return tx.Put(Alarm(l.desk, d, fault))
	}
	p, err := l.lock(ctx, tx, d.Proposal)
	if err != nil {
		return err
	}
	return tx.Put(l.card(p, "", d.Event), Alarm(l.desk, d, fault)) // the card says if the organization has blocked us
}

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
