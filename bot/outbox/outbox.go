// Package outbox delivers: it takes what the flows have put into lanes and hands it to LINE and Slack, within a lane
// strictly in order and one at a time, across lanes in parallel.
//
// The usual delivery is handed over in memory when its transaction commits, is sent at once, and is recorded together
// with others that went in the meantime; it costs no question to Postgres. Yet all that must outlive this process is in
// Postgres: a delivery is leased to one process while that may be sending it, and whoever finds a lease that has run out
// takes the delivery over, knowing that it may have arrived, and by when at the latest. Whatever has to wait longer than
// a moment is given back and claimed again when it is due, so that a lease always means "may be being sent right now".
//
// It never composes a message (that is Handling.Compose, given by the flows), never speaks a platform's language (that
// is the Sender), and never sends a second time what may have arrived, unless the platform keeps it from showing twice.
// What it cannot decide it sets aside, and the desk is told.
//
// Begin reading with Run, then lane (order), deliver (one attempt), judge (what an error means) and record.
package outbox

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Options are what an Outbox needs from outside. Only Senders, Kinds and Log are required.
type Options struct {
	Senders map[bot.Platform]Sender
	Kinds   map[string]Handling
	Log     *slog.Logger

	Wait    func(ctx context.Context, d time.Duration) error // ends early with ctx's error; nil: by the machine's clock
	Rand    func() float64                                   // 0 to 1, spreads waits; nil: always the middle
	Observe func(Observation)                                // counts outcomes; nil: nobody counts
	// Tell lets the desk know what concerns no single delivery; nil: only the log does.
	Tell func(ctx context.Context, tx *store.Tx, say text.Line) error
	// Close closes a channel that took nothing when something was sent, and lets those know whom it concerns; nil: what was to
	// go there is set aside.
	Close func(ctx context.Context, tx *store.Tx, channel string, fault error) error

	Workers       int           // sends at once on each platform; 0: 64
	Tries         int           // before a delivery is set aside; 0: 20, which take about an hour
	PostEvery     time.Duration // new Slack posts into one channel, on average; 0: 1 s, negative: unpaced
	PostBurst     int           // Slack posts into a quiet channel that need not wait; 0: 5
	HoldOlderThan time.Duration // at start, set aside what should have gone so long ago; 0: 24 h, negative: nothing
}

// Observation is one attempt, for metrics; it holds no ids.
type Observation struct {
	Platform bot.Platform
	Kind     string
	Outcome  string        // sent, dropped, dead, later
	Waited   time.Duration // since it could have gone
	Took     time.Duration // composing, sending and settling
}

// Outbox delivers for one process. Make it with New before the first transaction, and let Run do the work.
type Outbox struct {
	Options
	db *store.DB

	mu      sync.Mutex
	rooms   map[bot.Platform]*room
	lanes   map[store.Lane]*lane
	paces   map[string]*pace
	closed  map[string]bool       // Slack channels that carry nothing now
	held    map[uuid.UUID]holding // in a lane, being delivered, or waiting to be recorded
	results []result
	spawn   func(*room)   // begins one more worker; nil: nothing may be begun
	pacing  func(*pace)   // begins giving turns; nil: nothing may be begun
	changed chan struct{} // closed and replaced whenever Idle should look again

	workers    sync.WaitGroup
	wake       chan struct{} // somebody wants a sweep now
	recordable chan struct{} // there are results
}

// Times that fit into each other: an attempt and what follows it must end within the lease that it began with.
const (
	sendTimeout  = 10 * time.Second
	filesTimeout = 60 * time.Second
	leaseNeeded  = sendTimeout + 2*time.Second
	sweepEvery   = time.Second
	storeTimeout = 5 * time.Second
	maxHeld      = 20_000 // deliveries in memory; beyond it they wait in Postgres
)

// New makes an outbox over db and begins to collect what transactions put; Run sends it.
func New(db *store.DB, o Options) *Outbox {
	b := &Outbox{
		Options: o.withDefaults(), db: db,
		rooms: map[bot.Platform]*room{}, lanes: map[store.Lane]*lane{}, paces: map[string]*pace{},
		held: map[uuid.UUID]holding{}, changed: make(chan struct{}),
		wake: make(chan struct{}, 1), recordable: make(chan struct{}, 1),
	}
	for p, s := range o.Senders {
		b.rooms[p] = &room{platform: p, sender: s}
	}
	db.OnPosted(b.posted)
	return b
}

func (o Options) withDefaults() Options {
	o.Workers = cmp.Or(o.Workers, 64)
	o.Tries = cmp.Or(o.Tries, 20)
	o.PostEvery = cmp.Or(o.PostEvery, time.Second)
	o.PostBurst = cmp.Or(o.PostBurst, 5)
	o.HoldOlderThan = cmp.Or(o.HoldOlderThan, 24*time.Hour)
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Rand == nil {
		o.Rand = func() float64 { return 0.5 }
	}
	if o.Observe == nil {
		o.Observe = func(Observation) {}
	}
	return o
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run delivers until ctx ends. Then nothing new is begun, what is being sent comes to its end, and the rest is given
// back, so that another process goes on at once.
func (o *Outbox) Run(ctx context.Context) error {
	if err := o.holdOld(ctx); err != nil {
		return nil // ctx has ended before anything began
	}
	o.Refresh(ctx)
	var loops sync.WaitGroup
	loops.Go(func() { o.sweep(ctx) })
	loops.Go(func() { o.listen(ctx) })
	loops.Go(func() { o.record(ctx) })
	o.open(ctx, &loops)
	<-ctx.Done()
	o.shut()
	o.workers.Wait()
	loops.Wait()
	return o.giveAllBack(context.WithoutCancel(ctx))
}

// open lets workers begin, and begins with what has been put before Run.
func (o *Outbox) open(ctx context.Context, loops *sync.WaitGroup) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.spawn = func(r *room) { o.workers.Go(func() { o.work(ctx, r) }) }
	o.pacing = func(p *pace) { loops.Go(func() { o.giveTurns(ctx, p) }) }
	for _, l := range o.lanes {
		o.schedule(l)
	}
}

func (o *Outbox) shut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.spawn, o.pacing = nil, nil
}

// giveAllBack must not come before the last outcome is recorded: what was sent would be sent again.
func (o *Outbox) giveAllBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	if err := o.recordAll(ctx); err != nil {
		return err
	}
	n, err := o.db.ReturnDeliveries(ctx)
	if err != nil {
		return err
	}
	o.Log.Info("deliveries returned", "count", n)
	return o.db.Depart(ctx)
}

// Wake looks for due deliveries at once, for when the clock was moved.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Idle waits until nothing that could go now is left, in this process or another; what waits for its time, for a
// platform that has shut us out, or for the desk, does not count. It needs Run.
func (o *Outbox) Idle(ctx context.Context) error {
	for asked := false; ; {
		quiet, changed, open := o.look()
		if quiet {
			due, err := o.db.DeliveriesDue(ctx, o.db.Now(), open)
			if err != nil || !due {
				return err
			}
			if !asked { // once, lest two that wait for each other's processes never let Postgres rest
				o.Wake()
			}
		}
		asked = quiet
		select {
		case <-changed:
		case <-ctx.Done():
			return errors.Join(errors.New("wait for deliveries"), ctx.Err())
		}
	}
}

func (o *Outbox) look() (quiet bool, changed <-chan struct{}, open []bot.Platform) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.held) == 0, o.changed, o.openRooms()
}

// change wakes those who wait in Idle.
func (o *Outbox) change() {
	close(o.changed)
	o.changed = make(chan struct{})
}
