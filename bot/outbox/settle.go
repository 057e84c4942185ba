package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

type settling = func(ctx context.Context, tx *store.Tx, d store.Delivery, r Receipt, fault error) error

// settleTries is how often Settle may fail while Postgres is well, before the outcome is recorded without it.
const settleTries = 5

// settle records the outcome together with what hangs on it, before the lane goes on: what comes next may build on it,
// say on where a card stands. It waits for Postgres as long as it takes; when Run ends first, the delivery is left as
// doubtful, to be looked up and settled by the next process.
func (o *Outbox) settle(ctx context.Context, f settling, d store.Delivery, v *verdict) {
	for failed := 0; ; {
		err := o.settleOnce(context.WithoutCancel(ctx), f, d, *v)
		if err == nil || errors.Is(err, store.ErrRecorded) {
			v.settled = true
			return
		}
		o.Log.Error("outcome not settled", "event", d.Event, "delivery", d.ID, "kind", d.Kind, "state", v.state, "error", err)
		if o.db.Ping(ctx) == nil {
			failed++
		}
		if failed >= settleTries || hopeless(bot.KindOf(err)) {
			return
		}
		if o.Wait(ctx, o.backoff(failed)) != nil {
			*v = verdict{state: store.Pending, tries: d.Tries, fault: v.fault, doubtful: v.state == store.Sent || d.Again}
			return
		}
	}
}

func (o *Outbox) settleOnce(ctx context.Context, f settling, d store.Delivery, v verdict) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return o.db.InTx(ctx, func(tx *store.Tx) error {
		err := o.guarded(d, "settle", func() error { return f(ctx, tx, d, v.receipt, v.fault) })
		if err != nil {
			return err
		}
		tx.RecordOutcome(v.outcome(d, tx.Now))
		return nil
	})
}

// report writes the one line of an attempt: ids, never content. A lane is not logged: it names a person.
func (o *Outbox) report(r *room, d store.Delivery, v verdict, begun time.Time) {
	waited, took := min(begun.Sub(d.CreatedAt), begun.Sub(d.NotBefore)), o.db.Now().Sub(begun)
	outcome, level, more := string(v.state), slog.LevelInfo, slog.String("request", v.receipt.Request)
	fault := slog.Group("", "fault", faultKey(v.fault), "error", v.fault)
	switch v.state {
	case store.Pending:
		outcome, level, more = "later", slog.LevelWarn, slog.Group("", "wait", v.wait, "doubtful", v.doubtful, fault)
	case store.Dead:
		level, more = slog.LevelError, fault
	}
	o.Log.LogAttrs(context.Background(), level, "delivery "+outcome,
		slog.String("event", d.Event), slog.String("delivery", d.ID.String()), slog.String("platform", string(r.platform)),
		slog.String("kind", d.Kind), slog.Int("tries", v.tries), slog.Duration("took", took), more)
	o.Observe(Observation{Platform: r.platform, Kind: d.Kind, Outcome: outcome, Waited: waited, Took: took})
}
