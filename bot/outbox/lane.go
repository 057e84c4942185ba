package outbox

import (
	"slices"
	"time"

	"tsunagi/store"
)

// lane is what this process holds of one direction of one chat.
//
// Order rests on two numbers. Prev of a delivery is the Seq of the one before it that had not gone when it was put;
// done is the Seq up to which all of the lane is known to be over. A delivery may go when its Prev is done. So neither
// transactions that come back from Postgres in another order than they committed, nor a predecessor that is in another
// process or waits for its time, can let it overtake.
type lane struct {
	name  store.Lane
	queue []store.Delivery // not begun, in order of Seq
	done  int64
	busy  bool // it stands in its room, waits for its turn in a channel, or one of it is being delivered
	turn  bool // it has been given its turn in the channel
	more  bool // more of it waits in Postgres, for when this is over
	quiet int  // how many sweeps have found it empty, since something last came
}

// add takes a delivery in at its place.
func (l *lane) add(d store.Delivery) {
	at, _ := slices.BinarySearchFunc(l.queue, d.Seq, func(d store.Delivery, seq int64) int { return int(d.Seq - seq) })
	l.queue = slices.Insert(l.queue, at, d)
	l.quiet = 0
}

// ready tells whether the head may go.
func (l *lane) ready() bool {
	return len(l.queue) > 0 && l.queue[0].Prev <= l.done
}

// take removes the head.
func (l *lane) take() store.Delivery {
	d := l.queue[0]
	l.queue[0] = store.Delivery{} // lets go of its message
	l.queue = l.queue[1:]
	return d
}

// worn is the place of the first delivery whose lease will not last for a send; -1 if there is none.
func (l *lane) worn(now time.Time) int {
	return slices.IndexFunc(l.queue, func(d store.Delivery) bool { return d.LeasedUntil.Sub(now) < leaseNeeded })
}

// posted takes what a transaction has just committed. What is not ours waits in Postgres; if we hold what is before it,
// it is for us to go on with it.
func (o *Outbox) posted(ds []store.Delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range ds {
		if d.LeasedBy != o.db.Self() {
			o.waiting(d.Lane)
			continue
		}
		o.hold(d)
	}
}

// waiting remembers that something of the lane is in Postgres only.
func (o *Outbox) waiting(name store.Lane) {
	if l := o.lanes[name]; l != nil {
		l.more = true
	}
	o.Wake()
}

// holding is what we know of the lease of a delivery that we hold. A sweep may claim what we have just given back before
// we learn that this is recorded. So each giving back names the lease that it ends, and ends no other.
type holding struct {
	until time.Time
	back  bool // it is given back, which is still to be recorded or learned
}

// hold takes a delivery that is leased to us into its lane. One that is still in our hands, because the clock was moved
// and its lease has run out there, is not taken twice.
func (o *Outbox) hold(d store.Delivery) {
	h, already := o.held[d.ID]
	o.held[d.ID] = holding{until: d.LeasedUntil}
	if already && !h.back {
		return
	}
	l := o.lane(d.Lane)
	if len(o.held) > maxHeld || o.rooms[d.Lane.Platform()] == nil {
		o.back(l, d, time.Time{})
		return
	}
	l.add(d)
	o.schedule(l)
}

func (o *Outbox) lane(name store.Lane) *lane {
	l := o.lanes[name]
	if l == nil {
		l = &lane{name: name}
		o.lanes[name] = l
	}
	return l
}

// schedule lets the lane stand in its room if its head may go.
func (o *Outbox) schedule(l *lane) {
	if o.spawn == nil || l.busy || !l.ready() {
		return
	}
	l.busy = true
	o.enter(o.rooms[l.name.Platform()], l)
}

// back gives one delivery back to Postgres, to go at notBefore, or as soon as it comes to its turn.
func (o *Outbox) back(l *lane, d store.Delivery, notBefore time.Time) {
	o.giveBack(l, store.Outcome{
		ID: d.ID, State: store.Pending, Tries: d.Tries, Doubtful: d.Again, TriedUntil: d.TriedUntil, NotBefore: notBefore,
	})
}

func (o *Outbox) giveBack(l *lane, out store.Outcome) {
	out.Lease = o.held[out.ID].until
	o.held[out.ID] = holding{until: out.Lease, back: true}
	l.more = true
	o.result(l, out)
}

// backFrom gives back what is queued from a place on; behind one that waits, all wait as long.
func (o *Outbox) backFrom(l *lane, at int, notBefore time.Time) {
	for _, d := range l.queue[at:] {
		o.back(l, d, notBefore)
	}
	clear(l.queue[at:])
	l.queue = l.queue[:at]
}
