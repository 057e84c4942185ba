package watch

import (
	"context"
	"log/slog"
	"time"

	"tsunagi/store"
)

// holdsWithin is how long the digest waits for holds that others are ending, or on whose proposals somebody works just now.
const holdsWithin = 10 * time.Minute

// digest lets the desk read how things stand, once each working day: at the opening of office hours, or, if nobody watched
// then, later that day.
func (w *Watch) digest(ctx context.Context) {
	now := w.DB.Now()
	if !w.opened(now) {
		return
	}
	waits, err := w.digestWaits(ctx, now)
	if err == nil && !waits {
		err = w.makeDigest(ctx)
	}
	if err != nil {
		w.Log.WarnContext(ctx, "digest not made", "fault", err)
	}
}

// digestWaits reports whether the digest of today was made, or has to wait for holds to end.
func (w *Watch) digestWaits(ctx context.Context, now time.Time) (bool, error) {
	today := w.Desk.Calendar.Today(now).In(time.UTC)
	made, err := w.DB.HasDigest(ctx, today)
	if err != nil || made || !now.Before(w.opening(now).Add(holdsWithin)) {
		return made, err
	}
	return w.DB.HoldsOver(ctx, today)
}

func (w *Watch) makeDigest(ctx context.Context) error {
	var d store.Digest
	var first bool
	err := w.DB.InTx(ctx, func(tx *store.Tx) (err error) {
		d, first, err = w.Ledger.Digest(ctx, tx)
		return err
	})
	if err != nil || !first {
		return err
	}
	level := slog.LevelInfo
	if d.Adrift > 0 {
		level = slog.LevelError
	}
	w.Log.Log(ctx, level, "digest made", "open", d.Open, "overdue", d.Overdue, "unowned", d.Unowned, "resumed", d.Resumed,
		"dead", d.Dead, "adrift", d.Adrift)
	return nil
}
