package faults_test

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tsunagi/store/embedded"
)

// Whatever befalls Redis at whichever step, no answer is lost, the talk goes on at the same question, and nobody waits
// for longer than two seconds (row 16).
func TestFault_redis(t *testing.T) {
	t.Parallel()
	for name, befall := range map[string]func(*memory, int){
		"flushed at every step": func(m *memory, _ int) { m.FlushAll() },
		"out of memory from the middle on": func(m *memory, step int) {
			if step == 6 {
				m.Fail("OOM command not allowed when used memory > 'maxmemory'.")
			}
		},
		"refusing and well by turns": func(m *memory, step int) {
			m.Fail(map[bool]string{true: "LOADING Redis is loading the dataset in memory"}[step%2 == 0])
		},
		"an older copy restored at every step": (*memory).older,
		"stopped in the middle": func(m *memory, step int) {
			if step == 5 {
				m.Stop()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			m := &memory{MemoryRedis: w.redis, w: w}
			w.walks(func(step int) { befall(m, step) })
		})
	}
}

// A real redis-server that is killed and comes back empty, in the middle of a talk (row 16).
func TestFault_redisRestarted(t *testing.T) {
	t.Parallel()
	server, err := embedded.StartRedisServer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	w := newWorld(t, wish{redis: server.URL()})
	w.walks(func(step int) {
		switch step % 4 {
		case 1:
			w.must(server.Crash())
		case 3:
			w.must(server.Resume(w.ctx))
		}
	})
}

// A Redis that takes connections and never answers (row 16): people get their answers all the same, within two seconds.
func TestFault_redisHangs(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // nobody connects any more
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() }) // the program has gone
		}
	}()
	usual := newWorld(t).usual()
	newWorld(t, wish{redis: fmt.Sprintf("redis://%s/0", l.Addr())}).walksIn(usual, func(int) {})
}

// walks is one talk with something befalling at every step, after somebody else's with whom all goes well.
func (w *world) walks(befall func(step int)) {
	w.t.Helper()
	w.walksIn(w.usual(), befall)
}

// usual is how long an answer takes on this machine as it is now, at worst, when nothing befalls.
func (w *world) usual() time.Duration {
	w.t.Helper()
	p, slowest := w.person("suzuki"), time.Duration(0)
	for step, words := range proposalOf(2).typed()[:6] {
		after, begun := w.line.Last(), time.Now()
		p.says(words)
		p.reads(after, questions()[step])
		slowest = max(slowest, time.Since(begun))
	}
	return slowest
}

// walksIn is the talk of a person who wants the next question each time, within two seconds, and as much again for what is
// not so even, beside what an answer takes here anyway. On a machine that is busy LINE may have to bring an event again.
func (w *world) walksIn(usual time.Duration, befall func(step int)) {
	w.t.Helper()
	p, a := w.person("sato"), proposalOf(1)
	slowest := time.Duration(0)
	for step, words := range append(a.typed(), "送信") {
		befall(step)
		after := w.line.Last()
		begun := time.Now()
		p.says(words)
		p.reads(after, questions()[step])
		slowest = max(slowest, time.Since(begun))
	}
	w.settled()
	w.wholly(a)
	w.numbered(1)
	w.once()
	w.t.Logf("the slowest answer took %v, and %v when all went well", slowest, usual)
	if slowest > 4*time.Second+4*usual {
		w.t.Errorf("the slowest answer took %v", slowest)
	}
}

// questions is what is read after each of the typed answers.
func questions() []string {
	return []string{
		"(1/", "(2/", "(3/", "(4/", "(5/", "今の回答：福祉・見守り", "(6/", "今の回答：地域課題の解決", "(7/", "(8/", "(9/", "(10/", "(11/", "(12/",
		"内容の確認", "受付番号 ",
	}
}

// memory is a Redis whose content is put back to what it was.
type memory struct {
	*embedded.MemoryRedis
	w    *world
	kept []map[string]map[string]string // hashes by key, at each step
}

// older puts back what Redis held some steps ago.
func (m *memory) older(step int) {
	o, err := redis.ParseURL(m.URL())
	m.w.must(err)
	c := redis.NewClient(o)
	defer c.Close()
	keys, err := c.Keys(m.w.ctx, "*").Result()
	m.w.must(err)
	now := map[string]map[string]string{}
	for _, k := range keys {
		if kind, err := c.Type(m.w.ctx, k).Result(); err != nil || kind != "hash" {
			m.w.must(err)
			continue // how far the database has come: an older copy of that means nothing
		}
		now[k], err = c.HGetAll(m.w.ctx, k).Result()
		m.w.must(err)
	}
	m.kept = append(m.kept, now)
	if step < 3 {
		return
	}
	m.w.must(c.FlushAll(m.w.ctx).Err())
	old := m.kept[step-1-step%3]
	for _, k := range slices.Collect(maps.Keys(old)) {
		m.w.must(c.HSet(m.w.ctx, k, old[k]).Err())
	}
}
