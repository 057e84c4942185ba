package ledger

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// inDigest is how many proposals of a kind the digest lists, so that it can be read at a glance; it says where the rest is.
const inDigest = 5

// Digest counts how things stand today and keeps it. Whoever is first on a day lets the desk read it, unless nothing is owed;
// for the others first is false.
func (l *Ledger) Digest(ctx context.Context, tx *store.Tx) (d store.Digest, first bool, err error) {
	today := l.desk.Calendar.Today(tx.Now)
	began := today.In(l.desk.Location)
	if d, err = tx.Tally(ctx, today.In(time.UTC), began); err != nil {
		return d, false, err
	}
	if first, err = tx.KeepDigest(ctx, d); err != nil || !first || d.Open+d.Ended+d.Adrift == 0 {
		return d, first, err
	}
	late, err := tx.ListOverdue(ctx, store.Cursor{Date: d.Day}, store.Cursor{}, inDigest)
	if err != nil {
		return d, first, err
	}
	resumed, err := tx.ResumedSince(ctx, began, inDigest)
	if err != nil {
		return d, first, err
	}
	return d, first, tx.Put(l.digest(today.String(), late, resumed))
}

func (l *Ledger) digest(day string, late, resumed []bot.Proposal) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(l.desk.Channel, 0), Event: "digest-" + day, Kind: KindDigest, Matters: true,
		Args: map[string]string{"day": day, "late": listed(late), "resumed": listed(resumed)},
	}
}
