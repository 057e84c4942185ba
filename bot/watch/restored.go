package watch

import (
	"context"
	"log/slog"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/session"
)

// RestoredParts are what is needed to find a restored backup.
type RestoredParts struct {
	DB       *store.DB
	Sessions *session.Store
	Desk     *bot.Desk
	Log      *slog.Logger
	// Held is told at each look whether all deliveries are held. nil: nobody is.
	Held func(bool)
}

// Restored finds out whether the database was restored from a backup: then it is behind the epoch that Redis remembers, or
// that this process has begun itself. All deliveries are then held, since some of them went after the backup was made, until
// an operator releases them; and receipt numbers leave out those that were given out since. A Redis that remembers nothing,
// or less, means nothing.
type Restored struct {
	RestoredParts
	moved chan struct{}
}

// NewRestored makes what looks; see Look, Run and Moved.
func NewRestored(p RestoredParts) *Restored {
	if p.Held == nil {
		p.Held = func(bool) {}
	}
	return &Restored{RestoredParts: p, moved: make(chan struct{}, 1)}
}

// Moved says that something was sent since the last look: from then on a backup made before is a danger.
func (r *Restored) Moved() {
	select {
	case r.moved <- struct{}{}:
	default:
	}
}

// movedEvery is how often the epoch moves on while things are sent. A backup that was made within the last one may be taken
// for the database itself.
const movedEvery = time.Second

// Run looks at each tick, and soon after something was sent, until ctx ends; then once more, for what was sent last.
func (r *Restored) Run(ctx context.Context, tick <-chan time.Time) {
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), movedEvery)
		defer cancel()
		r.advance(last)
	}()
	pace := time.NewTicker(movedEvery)
	defer pace.Stop()
	for {
		select {
		case <-tick:
			r.Look(ctx)
		case <-r.moved:
			r.advance(ctx)
		case <-ctx.Done():
			return
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
	}
}

// Look does what must be done before anything is sent, and says aloud while deliveries are held.
func (r *Restored) Look(ctx context.Context) {
	since, err := r.advance(ctx)
	if err == nil && !since.IsZero() {
		r.Log.ErrorContext(ctx, "all deliveries are held: the database was restored from a backup; tsunagi release lets them go", "since", since)
	}
}

// Hold is for an operator who knows that a backup was restored.
func (r *Restored) Hold(ctx context.Context) error {
	e, err := r.DB.Epoch(ctx)
	if err != nil {
		return err
	}
	remembered, _ := r.Sessions.Epoch(ctx, e.Database.String()) // without Redis the operator's word is enough
	return r.hold(ctx, remembered, true)
}

// advance moves the epoch on, or finds that the database is behind. It asks Redis first: what is remembered then, the
// database has surely reached, unless it is another.
func (r *Restored) advance(ctx context.Context) (heldSince time.Time, err error) {
	defer func() {
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "not known whether a backup was restored", "fault", err)
		}
	}()
	e, err := r.DB.Epoch(ctx)
	if err != nil {
		return time.Time{}, err
	}
	remembered, lost := r.Sessions.Epoch(ctx, e.Database.String())
	seen := max(remembered, r.DB.Seen())
	number, err := r.DB.Advance(ctx, seen)
	switch {
	case err == nil && lost == nil:
		err = r.Sessions.Remember(ctx, e.Database.String(), number)
	case bot.KindOf(err) == bot.NotFound:
		if err = r.hold(ctx, seen, false); err == nil {
			e, err = r.DB.Epoch(ctx)
		}
	}
	r.Held(!e.HeldSince.IsZero())
	return e.HeldSince, err
}

// hold holds all deliveries, once, however many find that they must be.
func (r *Restored) hold(ctx context.Context, seen int64, told bool) error {
	return r.DB.InTx(ctx, func(tx *store.Tx) error {
		first, err := tx.HoldAll(ctx, seen, told)
		if first && err == nil {
			tx.SkipNumbers(r.Desk.Calendar.FiscalYear(r.Desk.Calendar.Today(tx.Now)), r.Desk.ReceiptStep)
		}
		return err
	})
}
