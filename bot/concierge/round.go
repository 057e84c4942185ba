package concierge

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tsunagi/store"
)

// rounds brings events of different people into one transaction: those that come while others are being committed go
// together in the next round. Nobody waits for a full round, and one person's events go one after the other.
//
// A round waits for no lock. Whoever cannot go with it, and all of a round that fails, go alone: so an event that fails
// or must wait costs its neighbours nothing but the try.
type rounds struct {
	mu      sync.Mutex
	running int
	waiting []*visit
	busy    map[string]*visit // people with an event under way
	lead    func(round []*visit)
	all     sync.WaitGroup // rounds, until Redis has heard of them
}

// One round goes at a time, and the next begins no sooner than a beat after it: more rounds would only be smaller ones,
// and a small one costs almost as much as a large one. At 1,000 events a second the beat takes a quarter of the processor
// time away, and with it more waiting than it adds. Only when many wait does a second go beside the first, which is then
// large, too, and has work for Postgres while that syncs the other.
const (
	roundEvery   = 3 * time.Millisecond
	roundSize    = 64
	manyWait     = 48
	roundTimeout = time.Second
)

// visit is an event on its way through Handle.
type visit struct {
	e      Event
	cached *kept     // what Redis has; nil: nothing
	turn   *turn     // once it is committed; nil if it was taken before
	ended  chan bool // whether it is committed; else it goes alone
}

func newVisit(e Event) *visit { return &visit{e: e, ended: make(chan bool, 1)} }

// enter lets a visit wait for its round, which may begin at once.
func (r *rounds) enter(v *visit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, v)
	r.begin()
}

// begin begins the next round if it may begin and anybody waits.
func (r *rounds) begin() {
	if r.running > 1 || r.running == 1 && len(r.waiting) < manyWait {
		return
	}
	if round := r.gather(); len(round) > 0 {
		r.running++
		r.all.Go(func() { r.lead(round) })
	}
}

// gather takes from those who wait, in their order, at most one visit of each person.
func (r *rounds) gather() []*visit {
	if r.busy == nil {
		r.busy = map[string]*visit{}
	}
	var round, rest []*visit
	for _, v := range r.waiting {
		if len(round) == roundSize || r.busy[v.e.User] != nil {
			rest = append(rest, v)
			continue
		}
		r.busy[v.e.User] = v
		round = append(round, v)
	}
	r.waiting = rest
	return round
}

// over lets the next round begin.
func (r *rounds) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	r.begin()
}

// leave lets the person's next visit go.
func (r *rounds) leave(v *visit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[v.e.User] == v {
		delete(r.busy, v.e.User)
		r.begin()
	}
}

// giveUp takes a visit back that waits; false when its round has begun.
func (r *rounds) giveUp(v *visit) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.Index(r.waiting, v)
	if at < 0 {
		return false
	}
	r.waiting = slices.Delete(r.waiting, at, at+1)
	return true
}

// ride takes a visit through its round; together is false when it has to go alone.
func (c *Concierge) ride(ctx context.Context, v *visit) (together bool, err error) {
	c.rounds.enter(v)
	select {
	case together := <-v.ended:
		return together, nil
	case <-ctx.Done():
		if c.rounds.giveUp(v) {
			return false, ctx.Err()
		}
		return <-v.ended, nil // it has begun, and its end is near
	}
}

// lead makes a round go and tells each of its visits how it ended. Nobody waits for Redis to hear of it but the same
// people's next events.
func (c *Concierge) lead(round []*visit) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), roundTimeout)
	defer cancel()
	committed, err := c.takeTogether(ctx, round)
	if err != nil {
		c.log.WarnContext(ctx, "events go alone", "count", len(round), "fault", err)
	}
	time.AfterFunc(roundEvery-time.Since(began), c.rounds.over)
	for _, v := range round {
		v.ended <- slices.Contains(committed, v)
	}
	c.save(ctx, committed)
	for _, v := range committed {
		c.rounds.leave(v)
	}
}

// takeTogether takes the events of a round in one transaction, and tells which were committed: all but those that could
// not be heard at once. Whoever brings down the round, by a panic even, brings down only itself when it goes alone.
func (c *Concierge) takeTogether(ctx context.Context, round []*visit) (took []*visit, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			took, err = nil, fmt.Errorf("a round of %d events panicked with a %T", len(round), fault)
		}
	}()
	var loading sync.WaitGroup
	loading.Go(func() { c.load(ctx, round) })
	defer loading.Wait()
	sounds := make([]store.Sound, len(round))
	for i, v := range round {
		sounds[i] = store.Sound{Event: v.e.ID, LineUser: v.e.User, Message: v.e.Message}
	}
	err = c.db.InTx(ctx, func(tx *store.Tx) error {
		took = nil
		all, err := tx.HearTogether(ctx, sounds)
		loading.Wait()
		if err != nil {
			return err
		}
		for _, v := range round {
			heard, ok := all[v.e.ID]
			if !ok {
				continue
			}
			took = append(took, v)
			if err := c.take(ctx, tx, v, heard); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return took, nil
}
