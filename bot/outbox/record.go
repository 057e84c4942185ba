package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/store"
)

// result is an outcome that waits to be recorded.
type result struct {
	store.Outcome
	lane *lane
}

// together is how many outcomes are recorded in one commit at most. Nobody waits for a full group: what has ended while
// the last commit was under way goes with the next one. It is as large as it is because under load that one waits for a
// connection behind hundreds of flows, and must then catch up with all of them.
const together = 512

// conclude ends an attempt: the lane goes on if this one is over, else what we have of it is given back.
func (o *Outbox) conclude(r *room, l *lane, d store.Delivery, v verdict) {
	if v.waits {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	l.busy = false
	if v.state != store.Pending && r.barred {
		o.unbar(r)
	}
	if v.behind != "" {
		l.more, l.done = true, max(l.done, d.Seq)
		o.waiting(v.behind)
		o.forget(l, d.ID)
		o.schedule(l)
		return
	}
	out := v.outcome(d, o.db.Now())
	if v.state == store.Pending {
		o.giveBack(l, out)
		o.backFrom(l, 0, out.NotBefore)
		return
	}
	if v.settled {
		o.forget(l, d.ID)
	} else {
		o.result(l, out)
	}
	l.done = max(l.done, d.Seq)
	o.schedule(l)
}

// outcome is the verdict as the store keeps it.
func (v verdict) outcome(d store.Delivery, now time.Time) store.Outcome {
	out := store.Outcome{
		ID: d.ID, State: v.state, Tries: v.tries, Fault: faultKey(v.fault), Doubtful: v.doubtful, TriedUntil: v.triedUntil, TokenOver: v.tokenOver,
	}
	if v.state == store.Pending {
		out.NotBefore = now.Add(v.wait)
	}
	if v.state == store.Sent {
		out.Fault = ""
		out.Receipt, _ = json.Marshal(v.receipt) // strings and a bool: cannot fail
	}
	return out
}

func (o *Outbox) result(l *lane, out store.Outcome) {
	o.results = append(o.results, result{out, l})
	select {
	case o.recordable <- struct{}{}:
	default:
	}
}

// recordEvery is how long results gather at least while they come without a pause. Nothing waits for them, and a commit
// for each costs as much as sending does.
const recordEvery = 10 * time.Millisecond

// record writes results as they come.
func (o *Outbox) record(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-o.recordable:
			o.recordAll(ctx)
			_ = wait(ctx, recordEvery) // by the machine's clock: it is the machine that is spared
		case <-ctx.Done():
		}
	}
}

// recordAll writes all results that there are; while Postgres does not take them it tries again until ctx ends.
func (o *Outbox) recordAll(ctx context.Context) error {
	for {
		group := o.group()
		if len(group) == 0 {
			return nil
		}
		if err := o.write(context.WithoutCancel(ctx), group); err != nil {
			o.ungroup(group)
			o.Log.Error("outcomes not recorded yet", "count", len(group), "error", err)
			if o.Wait(ctx, sweepEvery) != nil {
				return err
			}
			continue
		}
		o.recorded(group)
	}
}

func (o *Outbox) group() []result {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := min(len(o.results), together)
	group := o.results[:n:n]
	o.results = o.results[n:]
	return group
}

func (o *Outbox) ungroup(group []result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.results = append(group, o.results...)
}

// write records a group. If Postgres refuses the group as such, each goes alone: a fault of ours must not hold up all
// others.
func (o *Outbox) write(ctx context.Context, group []result) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	outcomes := make([]store.Outcome, len(group))
	for i, r := range group {
		outcomes[i] = r.Outcome
	}
	err := o.writeAll(ctx, outcomes...)
	if !refused(err) {
		return err
	}
	for _, out := range outcomes {
		if err := o.writeAlone(ctx, out); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) writeAll(ctx context.Context, outcomes ...store.Outcome) error {
	return o.db.InTx(ctx, func(tx *store.Tx) error {
		tx.RecordOutcomes(outcomes...)
		return nil
	})
}

// writeAlone records one outcome; without its receipt, should that be what Postgres refuses: what has gone must not go
// again. One that is refused even so is left to its lease.
func (o *Outbox) writeAlone(ctx context.Context, out store.Outcome) error {
	err := o.writeAll(ctx, out)
	if refused(err) {
		o.Log.Error("outcome refused", "delivery", out.ID, "error", err)
		out.Receipt = nil
		err = o.writeAll(ctx, out)
	}
	if refused(err) {
		return nil
	}
	return err
}

// refused tells whether Postgres has found fault with what it was given: data exceptions and broken constraints.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func refused(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && (fault.Code[:2] == "22" || fault.Code[:2] == "23")
}

// recorded lets go of what is in Postgres now.
func (o *Outbox) recorded(group []result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range group {
		if r.State != store.Pending || o.held[r.ID] == (holding{r.Lease, true}) {
			o.forget(r.lane, r.ID)
		}
	}
}

// forget lets go of a delivery. If it was the last that we had of its lane and more waits in Postgres, that is taken up.
func (o *Outbox) forget(l *lane, id uuid.UUID) {
	delete(o.held, id)
	if l.more && !l.busy && len(l.queue) == 0 {
		l.more = false
		o.Wake()
	}
	if len(o.held) == 0 {
		o.change()
	}
}
