package outbox

import (
	"context"
	"time"

	"tsunagi/store"
)

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

// Sweep takes what nobody holds.
func Sweep(ctx context.Context, o *Outbox) { o.claim(ctx) }
