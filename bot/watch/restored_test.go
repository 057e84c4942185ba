package watch_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/watch"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/embedded"
	"tsunagi/store/session"
	"tsunagi/store/storetest"
)

// memory is the Redis that several databases share.
type memory struct {
	*post
	redis    *embedded.MemoryRedis
	sessions *session.Store
}

func newMemory(t *testing.T) *memory {
	t.Helper()
	redis, err := embedded.StartRedis(t.Context(), embedded.Redis{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Stop)
	r, err := config.ParseRedis(redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	o := r.Options()
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = time.Minute, time.Minute, time.Minute, time.Minute
	m := &memory{post: newPost(t), redis: redis, sessions: session.New(session.Client(o))}
	t.Cleanup(func() { _ = m.sessions.Close() })
	return m
}

// keeper is one process over a database.
type keeper struct {
	*watch.Restored
	m    *memory
	db   *store.DB
	held atomic.Bool
}

func (m *memory) keeper(url string) *keeper {
	m.t.Helper()
	k := &keeper{m: m, db: storetest.Open(m.t, url, store.Options{Now: m.clock, NewID: uuid.New})}
	k.Restored = watch.NewRestored(watch.RestoredParts{
		DB: k.db, Sessions: m.sessions, Desk: m.desk, Log: slog.New(m.logs), Held: k.held.Store,
	})
	k.Look(m.t.Context())
	return k
}

func (k *keeper) look(want bool) {
	k.m.t.Helper()
	if k.Look(k.m.t.Context()); k.held.Load() != want {
		k.m.t.Errorf("held: %v, want %v", k.held.Load(), want)
	}
}

// puts queues a delivery and tells whether the process may send it at once.
func (k *keeper) puts(lane store.Lane) (ours bool) {
	k.m.t.Helper()
	k.db.OnPosted(func(ds []store.Delivery) { ours = ds[0].LeasedBy == k.db.Self() })
	err := k.db.InTx(k.m.t.Context(), func(tx *store.Tx) error { return tx.Put(store.Delivery{Lane: lane, Kind: "reply", Matters: true}) })
	if err != nil {
		k.m.t.Fatal(err)
	}
	return ours
}

func (k *keeper) claims() []store.Delivery {
	k.m.t.Helper()
	claimed, err := k.db.ClaimDeliveries(k.m.t.Context(), store.Claim{Lanes: 9, PerLane: 9, Platforms: []bot.Platform{bot.LINE}})
	check(k.m.t, err)
	return claimed
}

func (k *keeper) number(year int) (n int) {
	k.m.t.Helper()
	err := k.db.InTx(k.m.t.Context(), func(tx *store.Tx) (err error) {
		n, _, err = tx.NextNumber(k.m.t.Context(), year)
		return err
	})
	if err != nil {
		k.m.t.Fatal(err)
	}
	return n
}

func (k *keeper) releases(before time.Time) (r store.Released) {
	k.m.t.Helper()
	err := k.db.InTx(k.m.t.Context(), func(tx *store.Tx) (err error) {
		r, err = tx.ReleaseAll(k.m.t.Context(), before)
		return err
	})
	if err != nil {
		k.m.t.Fatal(err)
	}
	return r
}

// A database that is behind what Redis remembers of it is a restored backup (row 22).
func TestRestored(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	live := m.keeper(m.url)
	if !live.puts("line/U1") {
		t.Error("a delivery does not go at once")
	}
	m.pass(store.Lease)
	live.number(2026)
	backup := storetest.URL(t)
	storetest.Restore(t, m.url, backup)
	live.Moved()
	live.look(false)
	k := m.keeper(backup)
	k.look(true)
	other := m.keeper(backup) // another process over it, which finds the same
	if k.puts("line/U2") || len(k.claims())+len(other.claims()) > 0 {
		t.Error("something goes while all is held")
	}
	if due, err := k.db.DeliveriesDue(t.Context(), m.clock(), []bot.Platform{bot.LINE}); due || err != nil {
		t.Errorf("something counts as due: %v, %v", due, err)
	}
	if n := k.number(2026); n != 102 {
		t.Errorf("the next number is %d, want 102", n)
	}
	if n := k.number(2025); n != 1 {
		t.Errorf("the next number of a year of long ago is %d, want 1", n)
	}
	if !strings.Contains(m.log.String(), "level=ERROR") || !strings.Contains(m.log.String(), "tsunagi release") {
		t.Errorf("nothing says aloud that all is held:\n%s", m.log)
	}
	if r := other.releases(time.Time{}); r != (store.Released{Gone: 2}) {
		t.Errorf("released %+v, want both", r)
	}
	k.look(false)
	again := map[store.Lane]bool{}
	for _, d := range k.claims() {
		again[d.Lane] = d.Again
	}
	if len(again) != 2 || !again["line/U1"] || again["line/U2"] {
		t.Errorf("released as %v, want what stood in the backup as tried before, what came since as new", again)
	}
	if n := k.number(2026); n != 103 {
		t.Errorf("after the release the next number is %d, want 103", n)
	}
	other.look(false)
}

// What is older than the operator wishes is dropped.
func TestRestored_dropped(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	k := m.keeper(m.url)
	check(t, k.Hold(t.Context()))
	k.puts("line/U1")
	m.pass(time.Hour)
	k.puts("line/U2")
	waiting, err := k.db.WaitingDeliveries(t.Context(), m.clock())
	if want := (store.WaitingKind{Platform: bot.LINE, Kind: "reply", Hour: 1, Day: 1}); len(waiting) != 1 || !waiting[0].Oldest.Equal(m.clock().Add(-time.Hour)) ||
		waiting[0].Hour != want.Hour || waiting[0].Day != want.Day || waiting[0].Kind != want.Kind {
		t.Errorf("waiting: %+v, %v, want %+v", waiting, err, want)
	}
	if r := k.releases(m.clock().Add(-time.Minute)); r != (store.Released{Gone: 1, Dropped: 1}) {
		t.Errorf("released %+v, want one, and one dropped", r)
	}
	if ds := k.claims(); len(ds) != 1 || ds[0].Lane != "line/U2" {
		t.Errorf("claimed %+v, want the newer one", ds)
	}
	if err := k.db.InTx(t.Context(), func(tx *store.Tx) error { _, err := tx.ReleaseAll(t.Context(), time.Time{}); return err }); bot.KindOf(err) != bot.NotFound {
		t.Errorf("released again: %v", err)
	}
}

// A fiscal year that began after the backup was made leaves out numbers, too.
func TestRestored_newYear(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	k := m.keeper(m.url)
	check(t, k.Hold(t.Context()))
	check(t, k.Hold(t.Context())) // told twice: once is enough
	if n := k.number(2026); n != 101 {
		t.Errorf("the first number is %d, want 101", n)
	}
	k.releases(time.Time{})
}

// An operator's word holds over restarts, and what Redis remembers is made up for by the release.
func TestRestored_told(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	live := m.keeper(m.url)
	backup := storetest.URL(t)
	storetest.Restore(t, m.url, backup)
	live.look(false)
	live.look(false)
	m.redis.FlushAll()
	k := m.keeper(backup)
	k.look(false) // nobody remembers
	check(t, k.Hold(t.Context()))
	live.look(false) // Redis hears of the live database again
	live.look(false)
	live.look(false)
	m.keeper(backup).look(true)
	k.releases(time.Time{})
	k.look(false)
}

// An empty Redis, an older copy of it and one that cannot be reached mean nothing; nor does what it remembers of another database.
func TestRestored_nothing(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	live := m.keeper(m.url)
	for range 5 {
		live.look(false)
	}
	another := storetest.URL(t)
	_, err := connect(t, another).Exec(t.Context(), `UPDATE epoch SET database = gen_random_uuid()`)
	check(t, err)
	m.keeper(another).look(false)
	m.redis.FlushAll()
	live.look(false)
	e, err := live.db.Epoch(t.Context())
	check(t, err)
	m.redis.FlushAll()
	check(t, m.sessions.Remember(t.Context(), e.Database.String(), 2))
	live.look(false)
	m.redis.Stop()
	m.keeper(m.url).look(false)
}

// Several processes advance at once; none is taken for a backup of another.
func TestRestored_replicas(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	done := make(chan struct{})
	for range 4 {
		k := m.keeper(m.url)
		go func() {
			for range 50 {
				k.Look(t.Context())
			}
			done <- struct{}{}
		}()
	}
	for range 4 {
		<-done
	}
	m.keeper(m.url).look(false)
}

// The database is restored under a process that goes on, and Redis is lost as well: the process remembers by itself. It
// takes nothing even before it has looked.
func TestRestored_underneath(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	k := m.keeper(m.url)
	k.puts("line/U1")
	m.pass(store.Lease)
	k.look(false)
	_, err := connect(t, m.url).Exec(t.Context(), `UPDATE epoch SET number = 1`)
	check(t, err)
	m.redis.FlushAll()
	if ds := k.claims(); len(ds) > 0 {
		t.Errorf("it takes %+v", ds)
	}
	k.look(true)
}

// While things are sent the epoch moves on without a tick, and once more at the end.
func TestRestored_moves(t *testing.T) {
	t.Parallel()
	m := newMemory(t)
	k := m.keeper(m.url)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx, nil)
	}()
	epoch := func() int64 {
		e, err := k.db.Epoch(t.Context())
		check(t, err)
		n, err := m.sessions.Epoch(t.Context(), e.Database.String())
		check(t, err)
		return n
	}
	for before := epoch(); epoch() == before; {
		k.Moved()
	}
	before := epoch()
	stop()
	<-ended
	if epoch() <= before {
		t.Error("what was sent last has not moved it")
	}
}

func (p *post) pass(by time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(by)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
