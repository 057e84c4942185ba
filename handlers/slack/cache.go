package slack

import (
	"context"
	"sync"
	"time"
)

// cache keeps what Slack said for a while. Of those who ask for the same thing at once, one question reaches Slack. What
// is neither fresh nor too old is given out while it is being asked again, so that nobody waits.
type cache[V any] struct {
	fetch func(ctx context.Context, key string) (V, error)
	now   func() time.Time
	fresh time.Duration // until then nothing is asked
	good  time.Duration // after that it is not used any more

	work *sync.WaitGroup // who is asking
	mu   sync.Mutex
	all  map[string]*kept[V]
}

// kept is one thing and the question about it that is on its way.
type kept[V any] struct {
	value  V
	at     time.Time // when it was asked for; zero: not known
	used   time.Time
	asking *question[V]
}

type question[V any] struct {
	done    chan struct{}
	value   V
	err     error
	outdone bool // dropped meanwhile, so the answer may be older than the change
}

const (
	askTimeout = 5 * time.Second
	maxKept    = 20_000
)

// get gives the value, waiting for Slack only when there is none that is good.
func (c *cache[V]) get(ctx context.Context, key string) (V, error) {
	for {
		value, asked := c.look(key)
		if asked == nil {
			return value, nil
		}
		select {
		case <-asked.done:
		case <-ctx.Done():
			return value, context.Cause(ctx)
		}
		if asked.err != nil || !asked.outdone {
			return asked.value, asked.err
		}
	}
}

// ask begins the question now if there is no good answer, so that several can be on their way at once.
func (c *cache[V]) ask(key string) { c.look(key) }

// look gives a good value, or the question to wait for.
func (c *cache[V]) look(key string) (value V, wait *question[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, now := c.of(key), c.now()
	k.used = now
	age := now.Sub(k.at)
	known := !k.at.IsZero() && age <= c.good
	if known && age <= c.fresh {
		return k.value, nil
	}
	if k.asking == nil {
		c.begin(key, k)
	}
	if known {
		return k.value, nil
	}
	return value, k.asking
}

func (c *cache[V]) of(key string) *kept[V] {
	if k := c.all[key]; k != nil {
		return k
	}
	if c.all == nil || len(c.all) >= maxKept {
		c.all = map[string]*kept[V]{} // asked again when needed
	}
	k := &kept[V]{}
	c.all[key] = k
	return k
}

// begin asks in a goroutine of its own: whoever is the first to ask may give up, others still wait.
func (c *cache[V]) begin(key string, k *kept[V]) {
	q := &question[V]{done: make(chan struct{})}
	k.asking = q
	c.work.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		at := c.now()
		q.value, q.err = c.fetch(ctx, key)
		c.mu.Lock()
		defer c.mu.Unlock()
		defer close(q.done)
		if k.asking == q {
			k.asking = nil
			if q.err == nil {
				k.value, k.at = q.value, at
			}
		}
	})
}

// drop forgets a value that has changed, and does not believe an answer that is on its way.
func (c *cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.all[key]
	if k == nil {
		return
	}
	k.at = time.Time{}
	if k.asking != nil {
		k.asking.outdone, k.asking = true, nil
	}
}

// last gives the value however old it is.
func (c *cache[V]) last(key string) (value V, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.all[key]; k != nil && !k.at.IsZero() {
		return k.value, true
	}
	return value, false
}

// renew asks again for what was used lately and is not fresh any more.
func (c *cache[V]) renew(usedWithin time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for key, k := range c.all {
		if k.asking == nil && now.Sub(k.used) <= usedWithin && now.Sub(k.at) > c.fresh {
			c.begin(key, k)
		}
	}
}
