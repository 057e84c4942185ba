package embedded

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// Redis says which clock an in-process Redis goes by.
type Redis struct {
	// Now drives times to live; nil: the machine's clock.
	Now func() time.Time
}

// MemoryRedis is a Redis in the memory of this process, on a port of the loopback address.
type MemoryRedis struct {
	redis *miniredis.Miniredis
	now   func() time.Time
	fault atomic.Pointer[string]
	peers sync.Map // of *server.Peer: connections, as opposed to scripts
}

// StartRedis starts an in-process Redis; Stop ends it.
func StartRedis(ctx context.Context, o Redis) (*MemoryRedis, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start in-process Redis: %w", err)
	}
	r := &MemoryRedis{redis: miniredis.NewMiniRedis(), now: o.Now}
	if r.now == nil {
		r.now = time.Now
	}
	if err := r.redis.Start(); err != nil {
		return nil, fmt.Errorf("start in-process Redis: %w", err)
	}
	r.redis.SetTime(r.now())
	r.redis.ClockTTL(true)
	r.redis.Server().SetPreHook(r.before)
	return r, nil
}

// before runs ahead of every command: it sets the clock, so that what has expired by then is gone, and answers for a
// Redis at fault. A command out of a script is left alone: the script's own turn has been through here, and holds the
// lock that setting the clock needs. Connections are told from scripts by coming without a context at first.
func (r *MemoryRedis) before(peer *server.Peer, _ string, _ ...string) bool {
	if peer.Ctx == nil {
		if _, known := r.peers.LoadOrStore(peer, true); !known {
			peer.OnDisconnect(func() { r.peers.Delete(peer) })
		}
	}
	if _, connection := r.peers.Load(peer); !connection {
		return false
	}
	r.redis.SetTime(r.now())
	if fault := r.fault.Load(); fault != nil {
		peer.WriteError(*fault)
		return true
	}
	return false
}

// URL is the address for REDIS_URL.
func (r *MemoryRedis) URL() string { return "redis://" + r.redis.Addr() + "/0" }

// FlushAll forgets everything, as a Redis that was restarted without its data.
func (r *MemoryRedis) FlushAll() { r.redis.FlushAll() }

// Fail answers every command with the error, as "OOM command not allowed when used memory > 'maxmemory'."; empty means
// well again. For tests.
func (r *MemoryRedis) Fail(message string) {
	if message == "" {
		r.fault.Store(nil)
		return
	}
	r.fault.Store(&message)
}

// Stop ends it and closes its connections. It may be called again.
func (r *MemoryRedis) Stop() { r.redis.Close() }
