package embedded_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tsunagi/store/embedded"
)

func startRedis(t *testing.T, now func() time.Time) *embedded.MemoryRedis {
	t.Helper()
	r, err := embedded.StartRedis(t.Context(), embedded.Redis{Now: now})
	check(t, err)
	t.Cleanup(r.Stop)
	return r
}

func redisClient(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	check(t, err)
	options.MaxRetries = -1
	client := redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// clock is a clock that a test moves.
type clock struct{ now atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	start := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	c.now.Store(&start)
	return c
}

func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) advance(d time.Duration) {
	later := c.Now().Add(d)
	c.now.Store(&later)
}

func TestRedis(t *testing.T) {
	t.Parallel()
	t.Run("expires by the clock", func(t *testing.T) {
		t.Parallel()
		clock := newClock()
		client := redisClient(t, startRedis(t, clock.Now).URL())
		ctx := t.Context()
		check(t, client.Set(ctx, "session", "draft", time.Hour).Err())
		clock.advance(59 * time.Minute)
		if got, err := client.TTL(ctx, "session").Result(); err != nil || got != time.Minute {
			t.Errorf("time to live after 59 of 60 minutes: %v, %v, want 1 minute", got, err)
		}
		clock.advance(time.Minute)
		if err := client.Get(ctx, "session").Err(); !errors.Is(err, redis.Nil) {
			t.Errorf("after 60 minutes: %v, want it gone", err)
		}
	})
	t.Run("expires by the clock within scripts and transactions", func(t *testing.T) {
		t.Parallel()
		clock := newClock()
		client := redisClient(t, startRedis(t, clock.Now).URL())
		ctx := t.Context()
		script := redis.NewScript(`redis.call("SET", KEYS[1], ARGV[1], "PX", 60000) return redis.call("GET", KEYS[1])`)
		check(t, script.Run(ctx, client, []string{"session"}, "draft").Err())
		clock.advance(time.Minute)
		exists := redis.NewScript(`return redis.call("EXISTS", KEYS[1])`)
		if n, err := exists.Run(ctx, client, []string{"session"}).Int(); err != nil || n != 0 {
			t.Errorf("script sees %d keys, %v, after their time, want 0", n, err)
		}
		_, err := client.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, "a", 1, time.Second)
			p.Get(ctx, "a")
			return nil
		})
		check(t, err)
	})
	t.Run("expires by the machine's clock unless told", func(t *testing.T) {
		t.Parallel()
		client := redisClient(t, startRedis(t, nil).URL())
		check(t, client.Set(t.Context(), "session", "draft", time.Hour).Err())
		if left, err := client.TTL(t.Context(), "session").Result(); err != nil || left <= 0 || left > time.Hour {
			t.Errorf("time to live: %v, %v, want up to an hour", left, err)
		}
	})
	t.Run("forgets all", func(t *testing.T) {
		t.Parallel()
		r := startRedis(t, nil)
		client := redisClient(t, r.URL())
		check(t, client.Set(t.Context(), "session", "draft", 0).Err())
		r.FlushAll()
		if err := client.Get(t.Context(), "session").Err(); !errors.Is(err, redis.Nil) {
			t.Errorf("after FlushAll: %v, want nothing there", err)
		}
	})
	t.Run("fails and recovers", func(t *testing.T) {
		t.Parallel()
		r := startRedis(t, nil)
		client := redisClient(t, r.URL())
		r.Fail("OOM command not allowed when used memory > 'maxmemory'.")
		if err := client.Set(t.Context(), "session", "draft", 0).Err(); err == nil || !strings.HasPrefix(err.Error(), "OOM") {
			t.Errorf("at fault: %v, want OOM", err)
		}
		r.Fail("")
		check(t, client.Set(t.Context(), "session", "draft", 0).Err())
	})
	t.Run("stops", func(t *testing.T) {
		t.Parallel()
		r := startRedis(t, nil)
		client := redisClient(t, r.URL())
		check(t, client.Ping(t.Context()).Err())
		r.Stop()
		r.Stop()
		if err := client.Ping(t.Context()).Err(); err == nil {
			t.Error("a stopped Redis answered")
		}
	})
}

func TestRedisServer(t *testing.T) {
	t.Parallel()
	r, err := embedded.StartRedisServer(t.Context())
	check(t, err)
	t.Cleanup(func() { check(t, r.Stop()) })
	client := redisClient(t, r.URL())
	check(t, client.Set(t.Context(), "session", "draft", 0).Err())
	check(t, r.Crash())
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Error("a crashed redis-server answered")
	}
	check(t, r.Resume(t.Context()))
	if err := client.Get(t.Context(), "session").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("after a crash: %v, want nothing there", err)
	}
	check(t, r.Stop())
	check(t, r.Stop())
}

func TestRedisServerMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := embedded.StartRedisServer(context.Background())
	if !errors.Is(err, embedded.ErrNoRedis) || !strings.Contains(err.Error(), "apt-get install redis-server") {
		t.Errorf("got %v, want how to install it", err)
	}
}
