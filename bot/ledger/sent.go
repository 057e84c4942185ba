package ledger

import (
	"context"
	"time"

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
// or empty. Where they have read that it waits, the card says so no longer.
func (l *Ledger) Sent(ctx context.Context, tx *store.Tx, event string, p bot.ProposalID, message, fault string) error {
	now, err := l.lock(ctx, tx, p)
	if err != nil {
		return err
	}
	waited, err := tx.Told(ctx, p, KindOutcome, message)
	if err != nil {
		return err
	}
	if waited {
		if err := tx.Put(l.card(now, "", event)); err != nil {
			return err
		}
	}
	return l.outcome(ctx, tx, now, event, message, fault)
}

// HeldAfter is how long a confirmed message may wait to go before the desk reads that it does.
const HeldAfter = time.Minute

// faultHeld is what the threads read of a message that waits.
const faultHeld = "delivery.waiting"

// ShowHeld has the card and the threads say, once, that confirmed words to the organization wait to go; false if they have
// gone, or it was said before.
func (l *Ledger) ShowHeld(ctx context.Context, tx *store.Tx, event string, d store.Delivery) (shown bool, err error) {
	now, err := l.lock(ctx, tx, d.Proposal)
	if err != nil {
		return false, err
	}
	told, err := tx.Told(ctx, now.ID, KindOutcome, d.Args["message"])
	if err != nil || told {
		return false, err
	}
	if err := tx.Put(l.card(now, "", event)); err != nil {
		return false, err
	}
	return true, l.outcome(ctx, tx, now, event, d.Args["message"], faultHeld)
}

func (l *Ledger) outcome(ctx context.Context, tx *store.Tx, p bot.Proposal, event, message, fault string) error {
	return l.working(ctx, tx, p, func(d bot.DepartmentID) error {
		delivery := l.slack(p, d, KindOutcome, event)
		delivery.Args["message"], delivery.Args["fault"] = message, fault
		return tx.Put(delivery)
	})
}
