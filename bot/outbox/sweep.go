package outbox

import (
	"context"
	"time"

	"tsunagi/bot/text"
	"tsunagi/store"
)

// How much one sweep claims, and for how many of them a quiet lane is remembered.
const (
	claimLanes   = 256
	claimPerLane = 32
	claimTimeout = 30 * time.Second // after a long outage a hundred thousand are due at once; finding the heads takes 2 s
	idleSweeps   = 10
)

// sweep looks once a second, and whenever woken, for what nobody holds: retries that are due, what a process has given
// back or left behind, and what waits behind another process's. The usual delivery never comes this way.
func (o *Outbox) sweep(ctx context.Context) {
	tick := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.tick(ctx, tick)
	}()
	defer func() { <-done }()
	around := watch{outbox: o}
	around.look(ctx)
	for {
		o.Refresh(ctx)
		o.claim(ctx)
		select {
		case <-tick:
			o.tidy()
			around.look(ctx)
		case <-o.wake:
		case <-ctx.Done():
			return
		}
	}
}

func (o *Outbox) tick(ctx context.Context, tick chan<- struct{}) {
	for o.Wait(ctx, sweepEvery) == nil {
		select {
		case tick <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

// claim takes what nobody holds, as long as there is room for it.
func (o *Outbox) claim(ctx context.Context) {
	for {
		c := store.Claim{Lanes: claimLanes, PerLane: claimPerLane}
		o.mu.Lock()
		c.Platforms = o.openRooms()
		full := len(o.held) > maxHeld/2
		o.mu.Unlock()
		if full || len(c.Platforms) == 0 {
			break
		}
		claimed, err := o.claimOnce(ctx, c)
		if err != nil && ctx.Err() == nil {
			o.Log.Error("deliveries not claimed", "error", err)
		}
		if o.claimed(claimed) < claimLanes {
			break
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.change()
}

func (o *Outbox) claimOnce(ctx context.Context, c store.Claim) ([]store.Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, claimTimeout)
	defer cancel()
	return o.db.ClaimDeliveries(ctx, c)
}

// claimed takes what was claimed into its lanes and tells how many lanes there were. More may wait behind.
func (o *Outbox) claimed(ds []store.Delivery) (lanes int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range ds {
		if d.Prev == 0 {
			lanes++
		}
		o.lane(d.Lane).more = true
		o.hold(d)
	}
	return lanes
}

// tidy opens rooms whose waiting is over, gives back what we cannot send within its lease, and forgets what is quiet.
func (o *Outbox) tidy() {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.db.Now()
	for _, r := range o.rooms {
		o.reopen(r)
	}
	for _, l := range o.lanes {
		o.tidyLane(l, now)
	}
	o.forgetPaces(now)
	o.change()
}

// tidyLane also gives back, in time, a head that waits for one that is not here.
func (o *Outbox) tidyLane(l *lane, now time.Time) {
	if worn := l.worn(now); worn >= 0 {
		o.backFrom(l, worn, time.Time{})
	}
	if l.busy || len(l.queue) > 0 {
		return
	}
	if l.quiet++; l.quiet >= idleSweeps {
		delete(o.lanes, l.name)
	}
}

// listen hears at once of what other processes put behind what we hold. Without it, and behind a connection pooler that
// does not pass it on, the sweep finds it within a second.
func (o *Outbox) listen(ctx context.Context) {
	for {
		err := o.db.ListenDeliveries(ctx, func(name store.Lane) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.waiting(name)
		})
		if ctx.Err() != nil {
			return
		}
		o.Log.Warn("not listening for deliveries", "error", err)
		if o.Wait(ctx, 5*time.Second) != nil {
			return
		}
	}
}

// holdOld sets aside, before anything is sent, what should have gone long ago: after a backup was restored it may have
// gone after all. It waits for Postgres until ctx ends.
func (o *Outbox) holdOld(ctx context.Context) error {
	if o.HoldOlderThan < 0 {
		return nil
	}
	for {
		err := o.db.InTx(ctx, func(tx *store.Tx) error { return o.holdIn(ctx, tx) })
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			o.Log.Error("old deliveries not held", "error", err)
		}
		if err := o.Wait(ctx, sweepEvery); err != nil {
			return err
		}
	}
}

func (o *Outbox) holdIn(ctx context.Context, tx *store.Tx) error {
	n, err := tx.HoldDeliveries(ctx, tx.Now.Add(-o.HoldOlderThan), "delivery.held")
	if err != nil || n == 0 {
		return err
	}
	o.Log.Error("old deliveries held", "count", n)
	if o.Tell == nil {
		return nil
	}
	return o.Tell(ctx, tx, text.Say("delivery.held", "count", n))
}
