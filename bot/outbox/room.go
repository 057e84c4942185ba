package outbox

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// room is one platform: the lanes that stand ready for it, and how many are at its counter.
type room struct {
	platform bot.Platform
	sender   Sender
	ready    []*lane
	running  int
	opens    time.Time // nothing goes before
	barred   bool      // the platform has refused our credentials; one at a time goes, until one has gone
}

// limit is how many may be at the counter at once.
func (o *Outbox) limit(r *room) int {
	switch {
	case o.db.Now().Before(r.opens):
		return 0
	case r.barred:
		return 1
	}
	return o.Workers
}

// enter puts a lane at the end of its room. A goroutine lives only while lanes stand ready.
func (o *Outbox) enter(r *room, l *lane) {
	r.ready = append(r.ready, l)
	o.staff(r)
}

// staff begins one more worker if there is room at the counter.
func (o *Outbox) staff(r *room) {
	if o.spawn != nil && r.running < o.limit(r) {
		r.running++
		o.spawn(r)
	}
}

// work delivers from the room's lanes in turn until none is ready.
func (o *Outbox) work(ctx context.Context, r *room) {
	for {
		l, d, ok := o.next(r)
		if !ok {
			return
		}
		o.conclude(r, l, d, o.deliver(ctx, r, l, d))
	}
}

// next takes the head of the first lane that has one with a lease that lasts.
func (o *Outbox) next(r *room) (*lane, store.Delivery, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.spawn != nil && len(r.ready) > 0 && r.running <= o.limit(r) {
		l := r.ready[0]
		r.ready = r.ready[1:]
		if l.worn(o.db.Now()) == 0 {
			o.backFrom(l, 0, time.Time{})
		}
		if l.ready() {
			return l, l.take(), true
		}
		l.busy = false
	}
	r.running--
	return nil, store.Delivery{}, false
}

// holdRoom lets nothing go to the platform for a while.
func (o *Outbox) holdRoom(r *room, d time.Duration) {
	if opens := o.db.Now().Add(d); opens.After(r.opens) {
		r.opens = opens
	}
}

// bar closes the room after the platform has refused our credentials; true the first time, so that the desk is told
// once. What stands ready goes back to Postgres, since it will be long.
func (o *Outbox) bar(r *room) (first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	first = !r.barred
	r.barred = true
	o.holdRoom(r, barredFor)
	for _, l := range r.ready {
		o.backFrom(l, 0, time.Time{})
		l.busy = false
	}
	r.ready = nil
	return first
}

// unbar opens the counters again after the platform has answered as it should.
func (o *Outbox) unbar(r *room) {
	r.barred = false
	o.reopen(r)
}

// reopen staffs a room whose waiting is over.
func (o *Outbox) reopen(r *room) {
	for range r.ready {
		o.staff(r)
	}
}

// openRooms are the platforms that something may go to now.
func (o *Outbox) openRooms() []bot.Platform {
	var open []bot.Platform
	for p, r := range o.rooms {
		if o.limit(r) > 0 {
			open = append(open, p)
		}
	}
	return open
}
