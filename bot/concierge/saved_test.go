package concierge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// slow is a Redis that hears of the first person's talk only when the test lets it, once; everything else is let through.
type slow struct {
	reached, open chan struct{}
	let           func()
	first, heard  atomic.Bool
}

func newSlow(t *testing.T) *slow {
	s := &slow{reached: make(chan struct{}), open: make(chan struct{})}
	s.let = sync.OnceFunc(func() { close(s.open) })
	t.Cleanup(s.let)
	return s
}

func (s *slow) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (s *slow) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (s *slow) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, all []redis.Cmder) error {
		if all[0].Name() != "evalsha" || !strings.Contains(fmt.Sprint(all[0].Args()...), person(0)) || s.first.Swap(true) {
			return next(ctx, all)
		}
		close(s.reached)
		<-s.open
		defer s.heard.Store(true)
		return next(ctx, all)
	}
}

// waited is a context that does something as soon as somebody waits for its end.
type waited struct {
	context.Context
	do func()
}

func (w waited) Done() <-chan struct{} {
	w.do()
	return w.Context.Done()
}

// TestClose_waits_for_Redis: who stops the process knows that Redis has every talk as it was committed.
func TestClose_waits_for_Redis(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	s := newSlow(t)
	c := k.concierge(k.db, s)
	if err := c.Handle(t.Context(), k.from(0, proposes())); err != nil {
		t.Fatal(err)
	}
	<-s.reached
	if err := c.Close(waited{t.Context(), s.let}); err != nil || !s.heard.Load() {
		t.Errorf("closed with %v, Redis has heard: %v", err, s.heard.Load())
	}
}

// A process that stops does not wait for ever.
func TestClose_ends_with_its_context(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	s := newSlow(t)
	c := k.concierge(k.db, s)
	if err := c.Handle(t.Context(), k.from(0, proposes())); err != nil {
		t.Fatal(err)
	}
	<-s.reached
	ctx, giveUp := context.WithCancel(t.Context())
	if err := c.Close(waited{ctx, giveUp}); !errors.Is(err, context.Canceled) {
		t.Errorf("closed with %v", err)
	}
}

// begins handles an event beside the test, and gives what comes of it. It has its place among those that wait.
func begins(ctx context.Context, c *concierge.Concierge, e concierge.Event) <-chan error {
	done, waits := make(chan error, 1), make(chan struct{})
	go func() { done <- c.Handle(waited{ctx, sync.OnceFunc(func() { close(waits) })}, e) }()
	<-waits
	return done
}

// TestNext_waits_for_Redis: a person's next event begins when Redis has heard of the last one. Who comes behind it shows that
// a round has gone in which it would have been.
func TestNext_waits_for_Redis(t *testing.T) {
	t.Parallel()
	for name, alone := range map[string]bool{"the last went with others": false, "the last went alone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			s := newSlow(t)
			c := k.concierge(k.db, s)
			k.together(k.from(0, proposes()), k.from(1, proposes()))
			last, next, behind, behindNext := k.from(0, said("企業")), k.from(0, said("連携の提案")), k.from(1, said("企業")), k.from(1, said("連携の提案"))
			handle := func(e concierge.Event) error { return c.Handle(t.Context(), e) }
			if alone {
				k.change(func(tx *store.Tx, _ *ledger.Ledger) error {
					_, _, err := tx.Hear(t.Context(), "elsewhere", person(0))
					begins(t.Context(), c, last)
					return errors.Join(err, handle(behind))
				})
			} else if err := errors.Join(handle(last), handle(behind)); err != nil {
				t.Fatal(err)
			}
			<-s.reached
			ctx, giveUp := context.WithCancel(t.Context())
			waits := begins(ctx, c, next)
			if err := handle(behindNext); err != nil {
				t.Fatal(err)
			}
			giveUp()
			if err := <-waits; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want it to wait until it is given up", err)
			}
			k.stands(0, 2, 2)
		})
	}
}
