package outbox_test

import (
	"context"
	"testing"
	"time"

	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// neighbour is another process that has begun to send something, and shows that it lives until its end.
func (d *desk) neighbour(ds ...store.Delivery) (db *store.DB, end func()) {
	d.t.Helper()
	db = storetest.Open(d.t, d.url, store.Options{Now: d.clock.Now})
	ctx, cancel := context.WithCancel(d.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- db.ListenDeliveries(ctx, func(store.Lane) {}) }()
	d.living(1)
	d.beat(db)
	d.put(&process{db: db}, ds...)
	return db, func() {
		cancel()
		<-ended
		d.living(0)
	}
}

func (d *desk) beat(db *store.DB) {
	d.t.Helper()
	if _, err := db.Beat(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// living returns once so many processes hold the connection that shows that they live.
func (d *desk) living(want int) {
	d.t.Helper()
	for d.count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) != want {
	}
}

func (d *desk) count(sql string) (n int) {
	d.t.Helper()
	if err := d.conn.QueryRow(d.t.Context(), sql).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestNeighbour_killed: what a killed process had in its hands goes on within seconds, with the reply token that is still
// young, and so does what its people say next.
func TestNeighbour_killed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, kill := d.neighbour(fresh(d, say("line/U1", "one")))
	kill()
	at := d.clock.Now()
	p := d.start(outbox.Options{})
	d.put(p, fresh(d, say("line/U1", "two")))
	d.becomes("two", row{State: "sent", Tries: 1})
	expect(t, "shown", d.line.seen(), []string{"one", "two"})
	first := d.line.attempts()[0]
	expect(t, "in doubt, with its token", []any{first.Again, first.ReplyToken}, []any{true, "token"})
	if passed := d.clock.Now().Sub(at); passed > 5*time.Second {
		t.Errorf("took %v", passed)
	}
}

// TestNeighbour: who is taken for dead, and who keeps what it has until its lease has run out.
func TestNeighbour(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		ends, beats, away bool // its connection has ended; it gives signs of life; we could not reach Postgres ourselves
		looks, want       int  // how often we look, and how many are there then
	}{
		"killed":                                  {ends: true, looks: 3, want: 0},
		"killed just now":                         {ends: true, looks: 2, want: 1},
		"stands still":                            {looks: 50, want: 1},
		"has lost its connection for a moment":    {ends: true, beats: true, looks: 50, want: 1},
		"killed, when we had been away ourselves": {ends: true, away: true, looks: 22, want: 0},
		"silent, since we were away ourselves":    {ends: true, away: true, looks: 18, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			other, end := d.neighbour(say("line/U1", "one"))
			if row.ends {
				end()
			}
			p := d.open(outbox.Options{})
			look := outbox.Look(t.Context(), p.Outbox)
			if row.away {
				gone, cancel := context.WithCancel(t.Context())
				cancel()
				look(gone)
			}
			for range row.looks {
				if row.beats {
					d.beat(other)
				}
				look(t.Context())
			}
			expect(t, "others", d.count(`SELECT count(*) FROM processes`)-1, row.want)
			outbox.Sweep(t.Context(), p.Outbox)
			expect(t, "taken over", outbox.Holding(p.Outbox), 1-row.want)
		})
	}
}

// TestNeighbour_departs: who ends well leaves nothing behind that others would look after.
func TestNeighbour_departs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.start(outbox.Options{})
	d.until("it has given a sign of life", func() bool { return d.count(`SELECT count(*) FROM processes`) == 1 })
	p.stop()
	expect(t, "processes", d.count(`SELECT count(*) FROM processes`), 0)
}
