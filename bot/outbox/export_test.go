package outbox

import (
	"context"
	"time"

	"tsunagi/store"
)

// Holding tells how many deliveries this process has in memory.
func Holding(o *Outbox) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.held)
}

// Posted hands over what was committed, as the store does, in an order that a test chooses.
func Posted(o *Outbox, ds ...store.Delivery) { o.posted(ds) }

// GiveBack gives back what waits in a lane, as when it would wait there for too long.
func GiveBack(o *Outbox, name store.Lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.backFrom(o.lanes[name], 0, time.Time{})
}

// Write records what waits for it, and leaves it to the test when the outbox learns that it is recorded.
func Write(ctx context.Context, o *Outbox) (learn func(), err error) {
	group := o.group()
	return func() { o.recorded(group) }, o.write(ctx, group)
}

// WriteInDoubt records what waits for it, and the answer of Postgres is lost.
func WriteInDoubt(ctx context.Context, o *Outbox) error {
	group := o.group()
	defer o.ungroup(group)
	return o.write(ctx, group)
}

// AtWork tells how many goroutines have something to do, or wait for the clock until they have: the tick of the sweeps,
// those that send or settle, those that give turns in a channel, and the one that records. None if it does not run.
func AtWork(o *Outbox) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.spawn == nil {
		return 0
	}
	tick, running, queued, giving := 1, 0, 0, 0
	for _, r := range o.rooms {
		running += r.running
	}
	for _, l := range o.lanes {
		queued += len(l.queue)
	}
	for _, c := range o.paces {
		if c.given {
			giving++
		}
	}
	recording := min(1, max(0, len(o.held)-queued-running))
	return tick + running + giving + recording
}

// Sweep takes what nobody holds.
func Sweep(ctx context.Context, o *Outbox) { o.claim(ctx) }

// Look has this process look at the others so many times.
func Look(ctx context.Context, o *Outbox) (look func(context.Context)) {
	w := &watch{outbox: o}
	w.look(ctx)
	return w.look
}
