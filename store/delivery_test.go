package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// desk is one database with several processes over it and one clock for all.
type desk struct {
	t   *testing.T
	url string
	mu  sync.Mutex
	now time.Time
}

func newDesk(t *testing.T) *desk {
	return &desk{t: t, url: storetest.URL(t), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

func (d *desk) process() *store.DB { return storetest.Open(d.t, d.url, store.Options{Now: d.time}) }

func (d *desk) time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *desk) put(db *store.DB, ds ...store.Delivery) (posted []store.Delivery) {
	d.t.Helper()
	db.OnPosted(func(ds []store.Delivery) { posted = append(posted, ds...) })
	if err := db.InTx(d.t.Context(), func(tx *store.Tx) error { return tx.Put(ds...) }); err != nil {
		d.t.Fatal(err)
	}
	return posted
}

func (d *desk) claim(db *store.DB) []store.Delivery {
	d.t.Helper()
	claimed, err := db.ClaimDeliveries(d.t.Context(), store.Claim{Lanes: 10, PerLane: 3, Platforms: both})
	if err != nil {
		d.t.Fatal(err)
	}
	slices.SortFunc(claimed, func(a, b store.Delivery) int { return int(a.Seq - b.Seq) })
	return claimed
}

func (d *desk) record(db *store.DB, os ...store.Outcome) {
	d.t.Helper()
	err := db.InTx(d.t.Context(), func(tx *store.Tx) error {
		tx.RecordOutcomes(os...)
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

var both = []bot.Platform{bot.LINE, bot.Slack}

func to(lane store.Lane, kind string) store.Delivery {
	return store.Delivery{Lane: lane, Kind: kind, Event: "e", Args: map[string]string{"n": kind}}
}

func kinds(ds []store.Delivery) []string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Kind)
	}
	return out
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestPutDelivery(t *testing.T) {
	t.Parallel()
	t.Run("leases to whoever puts, and tells what is before", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		got := d.put(a, to("line/U1", "a"), to("line/U1", "b"), to("line/U2", "c"))
		for _, g := range got {
			if g.LeasedBy != a.Self() || !g.LeasedUntil.Equal(d.now.Add(store.Lease)) {
				t.Errorf("%s is leased by %v until %v, want by us for %v", g.Kind, g.LeasedBy, g.LeasedUntil, store.Lease)
			}
		}
		expect(t, "before", []int64{got[0].Prev, got[1].Prev, got[2].Prev}, []int64{0, got[0].Seq, 0})
	})
	t.Run("leaves to others what is behind theirs, and wakes them", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		ear := d.connect()
		if _, err := ear.Exec(t.Context(), "LISTEN deliveries"); err != nil {
			t.Fatal(err)
		}
		d.put(a, to("line/U1", "a"), to("line/U1", "a"))
		got := d.put(b, to("line/U1", "b"), to("line/U2", "c"))
		expect(t, "leased by", []uuid.UUID{got[0].LeasedBy, got[1].LeasedBy}, []uuid.UUID{uuid.Nil, b.Self()})
		if n, err := ear.WaitForNotification(t.Context()); err != nil || n.Payload != "line/U1" {
			t.Errorf("heard %v, %v, want line/U1", n, err)
		}
	})
	t.Run("says nothing on the usual path", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, ear := d.process(), d.connect()
		if _, err := ear.Exec(t.Context(), "LISTEN deliveries"); err != nil {
			t.Fatal(err)
		}
		d.put(a, to("line/U1", "a"), to("line/U1", "b"))
		if _, err := ear.Exec(t.Context(), "SELECT pg_notify('deliveries', 'last')"); err != nil {
			t.Fatal(err)
		}
		if n, err := ear.WaitForNotification(t.Context()); err != nil || n.Payload != "last" {
			t.Errorf("heard %v, %v, want nothing before the last", n, err)
		}
	})
	t.Run("keeps to itself what is not due, and all behind it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		early := to("line/U1", "a")
		early.NotBefore = d.now.Add(time.Minute)
		d.put(a, early, to("line/U1", "b"))
		expect(t, "claimed early", kinds(d.claim(a)), []string(nil))
		d.pass(time.Minute)
		expect(t, "claimed in time", kinds(d.claim(a)), []string{"a", "b"})
	})
}

// connect is a line to the database past the store.
func (d *desk) connect() *pgx.Conn {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestClaimDeliveries(t *testing.T) {
	t.Parallel()
	t.Run("takes from a lease that ran out, as tried before", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		put := d.put(a, to("line/U1", "a"), to("line/U1", "b"))
		d.pass(store.Lease - time.Second)
		expect(t, "claimed early", kinds(d.claim(b)), []string(nil))
		d.pass(time.Second)
		got := d.claim(b)
		expect(t, "claimed", kinds(got), []string{"a", "b"})
		if !got[0].Again || !got[1].Again || got[0].Prev != 0 || got[1].Prev != put[0].Seq {
			t.Errorf("got %+v, want both tried before, in their order", got)
		}
		expect(t, "claimed once more", kinds(d.claim(a)), []string(nil))
	})
	t.Run("tells since when nobody can have tried it, until it is tried again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		put := d.put(a, to("line/U1", "a"))
		over := put[0].LeasedUntil
		d.pass(store.Lease + time.Minute)
		got := d.claim(b)[0]
		expect(t, "claimed from a lease that ran out", got.TriedUntil.UTC(), over)
		back := store.Outcome{
			ID: got.ID, State: store.Pending, Lease: got.LeasedUntil, NotBefore: d.now.Add(time.Second), Doubtful: true, TriedUntil: got.TriedUntil,
		}
		d.record(b, back)
		d.pass(time.Hour)
		got = d.claim(a)[0]
		expect(t, "claimed after it was given back untried", got.TriedUntil.UTC(), over)
		over = got.LeasedUntil
		d.pass(time.Hour)
		got = d.claim(b)[0]
		expect(t, "claimed from the next lease that ran out", got.TriedUntil.UTC(), over.UTC())
		back.Lease, back.TriedUntil = got.LeasedUntil, time.Time{}
		d.record(b, back)
		d.pass(time.Hour)
		expect(t, "claimed after it was tried", d.claim(a)[0].TriedUntil, time.Time{})
	})
	t.Run("takes what was given back, as never tried", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		d.put(a, to("line/U1", "a"))
		if n, err := a.ReturnDeliveries(t.Context()); n != 1 || err != nil {
			t.Fatalf("returned %d, %v, want 1", n, err)
		}
		if got := d.claim(b); len(got) != 1 || got[0].Again {
			t.Errorf("got %+v, want one, not tried", got)
		}
	})
	t.Run("takes a lane's head and what follows, so many", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		d.put(a, to("line/U1", "a"), to("line/U1", "b"), to("line/U1", "c"), to("line/U1", "d"))
		d.pass(store.Lease)
		expect(t, "claimed", kinds(d.claim(a)), []string{"a", "b", "c"})
	})
	t.Run("does not pass a head that another holds", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		put := d.put(a, to("line/U1", "a"))
		d.put(b, to("line/U1", "b"))
		expect(t, "claimed", kinds(d.claim(b)), []string(nil))
		d.record(a, store.Outcome{ID: put[0].ID, State: store.Sent})
		expect(t, "claimed after it", kinds(d.claim(b)), []string{"b"})
	})
	t.Run("leaves platforms alone that are closed", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		d.put(a, to("line/U1", "a"), to("slack/C1/2", "b"))
		d.pass(store.Lease)
		got, err := a.ClaimDeliveries(t.Context(), store.Claim{Lanes: 9, PerLane: 9, Platforms: []bot.Platform{bot.Slack}})
		expect(t, "claimed", kinds(got), []string{"b"})
		expect(t, "error", err, nil)
	})
	t.Run("takes an old reply token from what was never tried", func(t *testing.T) {
		t.Parallel()
		for tried, want := range map[bool]string{true: "token", false: ""} {
			d := newDesk(t)
			a := d.process()
			one := to("line/U1", "a")
			one.ReplyToken, one.TokenAt = "token", d.now
			put := d.put(a, one)
			d.record(a, store.Outcome{ID: put[0].ID, State: store.Pending, Lease: put[0].LeasedUntil, Doubtful: tried})
			d.pass(store.ReplyTokenLife)
			if got := d.claim(a); len(got) != 1 || got[0].ReplyToken != want {
				t.Errorf("tried %v: got %+v, want token %q", tried, got, want)
			}
		}
	})
	t.Run("gives each to one of many claimers", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		for n := range 100 {
			d.put(a, to(store.LineLane(fmt.Sprint(n)), fmt.Sprint(n)))
		}
		d.pass(store.Lease)
		expect(t, "claimed", len(claimAll(d, 4)), 100)
	})
}

// claimAll claims with several processes at once until nothing is left, and fails on what two of them have got.
func claimAll(d *desk, processes int) map[uuid.UUID]bool {
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[uuid.UUID]bool{}
	for range processes {
		db := d.process()
		all.Go(func() {
			for claimed := d.claim(db); len(claimed) > 0; claimed = d.claim(db) {
				mu.Lock()
				for _, c := range claimed {
					if got[c.ID] {
						d.t.Errorf("%s is claimed twice", c.Kind)
					}
					got[c.ID] = true
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return got
}
