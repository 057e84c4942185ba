package testwait_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tsunagi/store/testwait"
)

func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ctx := testwait.Context(t)
		<-ctx.Done()
		if took := time.Since(began); took != testwait.Limit {
			t.Errorf("ended after %s, want %s", took, testwait.Limit)
		}
		if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) || !strings.Contains(context.Cause(ctx).Error(), "in vain") {
			t.Errorf("the cause is %v", context.Cause(ctx))
		}
	})
}

func TestUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		testwait.Until(t, "asked three times", func() bool { asked++; return asked == 3 })
		lost := &told{TB: t}
		lost.run(func() { testwait.Until(lost, "never", func() bool { return false }) })
		if !strings.HasPrefix(lost.fatal, "until never: waited in vain for") {
			t.Errorf("it said %q", lost.fatal)
		}
	})
}

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := make(chan int, 1)
		from <- 7
		if got := testwait.For(t, "a number", from); got != 7 {
			t.Errorf("got %d, want 7", got)
		}
		lost := &told{TB: t}
		lost.run(func() { testwait.For(lost, "another", from) })
		if !strings.HasPrefix(lost.fatal, "for another: waited in vain for") {
			t.Errorf("it said %q", lost.fatal)
		}
	})
}

func TestExpiring(t *testing.T) {
	t.Parallel()
	outer, cancel := context.WithCancel(t.Context())
	ctx, expire := testwait.Expiring(outer)
	child, stop := context.WithCancel(ctx)
	defer stop()
	if ctx.Err() != nil {
		t.Errorf("at first it is over: %v", ctx.Err())
	}
	expire()
	<-child.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || !errors.Is(context.Cause(child), context.DeadlineExceeded) {
		t.Errorf("its time is up, but it says %v, and what depends on it %v", ctx.Err(), context.Cause(child))
	}
	ctx, _ = testwait.Expiring(outer)
	cancel()
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("after what it depends on was given up it says %v", ctx.Err())
	}
}

// told is a test that keeps what it fails with.
type told struct {
	testing.TB
	fatal string
}

func (t *told) Fatalf(format string, args ...any) {
	t.fatal = fmt.Sprintf(format, args...)
	panic(t)
}

// run runs until the end or the failure.
func (t *told) run(f func()) {
	defer func() {
		if r := recover(); r != nil && r != any(t) {
			panic(r)
		}
	}()
	f()
}
