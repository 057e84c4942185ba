package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// chats is a Sender that keeps, for each chat, what was shown in which order, and fails now and then in each way there
// is: before showing, after showing, with and without saying so.
type chats struct {
	mu      sync.Mutex
	rand    *rand.Rand
	shown   map[string][]string
	found   map[string]bool // by delivery
	inside  map[string]int
	crowded []string
	faulty  bool
}

func newChats(seed uint64) *chats {
	return &chats{
		rand: rand.New(rand.NewPCG(seed, 1)), shown: map[string][]string{}, found: map[string]bool{}, inside: map[string]int{},
	}
}

func (c *chats) Send(_ context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside[p.To]++
	if c.inside[p.To] > 1 {
		c.crowded = append(c.crowded, p.To)
	}
	c.mu.Unlock()
	c.mu.Lock() // others may come in between
	c.inside[p.To]--
	if err := c.fault(p); err != nil {
		return outbox.Receipt{}, err
	}
	c.show(p)
	return outbox.Receipt{TS: "1"}, nil
}

func (c *chats) fault(p outbox.Parcel) error {
	if !c.faulty || c.rand.IntN(20) > 0 {
		return nil
	}
	switch c.rand.IntN(3) {
	case 0:
		return &bot.Error{Kind: bot.Later, Sure: true}
	case 1:
		c.show(p)
		fallthrough
	default:
		return errors.New("connection reset")
	}
}

func (c *chats) show(p outbox.Parcel) {
	c.shown[p.To] = append(c.shown[p.To], p.Message.Alt)
	c.found[p.ID.String()] = true
}

func (c *chats) Find(_ context.Context, p outbox.Parcel) (outbox.Receipt, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return outbox.Receipt{TS: "1"}, c.found[p.ID.String()], nil
}

// quick is a clock that runs faster than the machine's, so that leases and waits come to an end within a test.
type quick struct {
	begun time.Time
	times time.Duration
}

func (q quick) Now() time.Time { return q.begun.Add(time.Since(q.begun) * q.times) }

func (q quick) Wait(ctx context.Context, d time.Duration) error {
	ctx2, cancel := context.WithTimeout(ctx, d/q.times)
	defer cancel()
	<-ctx2.Done()
	return ctx.Err()
}

// writer puts into the lanes of some people, from many goroutines over several processes; a person's row is locked, as
// by the flows, so that the order in which the numbers are given is the order of the lane.
type writer struct {
	t     *testing.T
	dbs   []*store.DB
	mu    sync.Mutex
	given map[string][]string
	lane  func(person string) store.Lane
}

func (w *writer) write(people, each int) {
	var all sync.WaitGroup
	for n := range people {
		for i, db := range w.dbs {
			all.Go(func() {
				for m := range each {
					w.put(db, fmt.Sprintf("U%d", n), fmt.Sprintf("%d-%d-%d", n, i, m))
				}
			})
		}
	}
	all.Wait()
}

func (w *writer) put(db *store.DB, person, words string) {
	err := db.InTx(w.t.Context(), func(tx *store.Tx) error {
		if _, _, err := tx.Hear(w.t.Context(), words, person); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.given[person] = append(w.given[person], words)
		return tx.Put(composed(w.lane(person), words))
	})
	if err != nil {
		w.t.Error(err)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	slack := func(person string) store.Lane { return store.SlackLane(person, 1) }
	tests := []struct {
		name      string
		processes int
		faulty    bool
		people    int
	}{
		{"in one process", 1, false, 20},
		{"in two processes", 2, false, 20},
		{"in two processes over faults", 2, true, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			seen := newChats(7)
			seen.faulty = tt.faulty
			q := quick{time.Now(), 5}
			url := storetest.URL(t)
			w := &writer{t: t, given: map[string][]string{}, lane: slack}
			var running []*process
			for range tt.processes {
				p := &process{db: storetest.Open(t, url, store.Options{Now: q.Now, MaxConns: 8})}
				p.Outbox = outbox.New(p.db, outbox.Options{
					Senders: map[bot.Platform]outbox.Sender{bot.Slack: seen}, Kinds: map[string]outbox.Handling{"fact": {Compose: compose}},
					Log: quiet(t), Wait: q.Wait, Rand: rand.Float64, PostEvery: -1, HoldOlderThan: -1,
				})
				p.run(t)
				w.dbs = append(w.dbs, p.db)
				running = append(running, p)
			}
			w.write(tt.people, 25)
			for _, p := range running {
				if err := p.Idle(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			all(t, running)
			for person, given := range w.given {
				expect(t, "shown to "+person, seen.shown[person], given)
			}
			expect(t, "two of one lane at once", seen.crowded, []string(nil))
		})
	}
}

// all waits until nothing is pending, due or not: what waits for a retry is not idle.
func all(t *testing.T, running []*process) {
	t.Helper()
	for {
		waiting, err := running[0].db.PendingDeliveries(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
	}
}

// TestHandOver is about transactions that come back from Postgres in another order than they committed.
func TestHandOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.open(outbox.Options{})
	var collected []store.Delivery
	p.db.OnPosted(func(ds []store.Delivery) { collected = append(collected, ds...) })
	d.put(p, composed("line/U1", "1"))
	d.put(p, composed("line/U1", "2"))
	d.put(p, composed("line/U1", "3"))
	d.put(p, composed("line/U2", "other"))
	p.run(t)
	d.line.begun = make(chan outbox.Parcel, 9)
	other := len(collected) - 1
	outbox.Posted(p.Outbox, collected[other])
	<-d.line.begun // now it runs
	collected = collected[:other]
	slices.Reverse(collected)
	for _, late := range collected {
		outbox.Posted(p.Outbox, late)
	}
	d.idle(p)
	shown := slices.DeleteFunc(d.line.seen(), func(words string) bool { return words == "other" })
	expect(t, "shown", shown, []string{"1", "2", "3"})
}

// TestLaneIsRemembered is about what comes again and again between two sweeps, so that each of them finds the lane empty.
func TestLaneIsRemembered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.open(outbox.Options{})
	var collected []store.Delivery
	p.db.OnPosted(func(ds []store.Delivery) { collected = append(collected, ds...) })
	for _, words := range numbers(1, 15) {
		d.put(p, composed("line/U1", words))
	}
	p.run(t)
	d.line.begun = make(chan outbox.Parcel)
	for _, next := range collected {
		next.LeasedUntil = next.LeasedUntil.Add(time.Hour)
		outbox.Posted(p.Outbox, next)
		<-d.line.begun
		d.clock.Step(t.Context())
	}
	d.idle(p)
	expect(t, "shown", d.line.seen(), numbers(1, 15))
}

// TestMissing is about a delivery whose predecessor is nowhere to be found in this process: its own commit may have
// ended in doubt. It waits for it, and is not lost.
func TestMissing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.open(outbox.Options{})
	var collected []store.Delivery
	p.db.OnPosted(func(ds []store.Delivery) { collected = append(collected, ds...) })
	d.put(p, composed("line/U1", "1"), composed("line/U1", "2"))
	outbox.Posted(p.Outbox, collected[1])
	p.run(t)
	d.becomes("2", row{State: "sent", Tries: 1})
	expect(t, "shown", d.line.seen(), []string{"1", "2"})
}

// TestBehindAnother lets the clock stand: nobody sweeps, so what is put behind another process's can only go if that one
// hears of it.
func TestBehindAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.start(outbox.Options{})
	b := &process{db: storetest.Open(t, d.url, store.Options{Now: d.clock.Now})} // puts, and hears nothing itself
	d.listening(1)
	d.line.begun = make(chan outbox.Parcel)
	release := make(chan struct{})
	d.line.answer = func(outbox.Parcel) error { <-release; return nil }
	d.put(a, composed("line/U1", "one"))
	<-d.line.begun
	d.put(b, composed("line/U1", "two"), composed("line/U1", "three"))
	close(release)
	<-d.line.begun
	<-d.line.begun
	d.idle(a)
	expect(t, "shown", d.line.seen(), []string{"one", "two", "three"})
}

// listening waits until so many processes listen.
func (d *desk) listening(want int) {
	d.t.Helper()
	for have := 0; have < want; {
		err := d.conn.QueryRow(d.t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND query = 'LISTEN deliveries' AND state = 'idle'`).Scan(&have)
		if err != nil {
			d.t.Fatal(err)
		}
	}
}
