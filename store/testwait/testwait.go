// Package testwait is how tests wait: for an event, and never for a time. How long at most is said here and nowhere else,
// so that a test tells a right program from a wrong one on a slow machine as on a fast one. It is for tests only, and knows
// nothing of what is waited for. Begin reading with Context.
package testwait

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Limit is how long a test waits for what has to come. It is no measure of speed: a test that goes well ends long before,
// also beside a dozen of busy processes, and one that does not says what it waited for before the whole package is ended.
const Limit = 5 * time.Minute

// Context ends with the test, or at the limit; its cause then says which.
func Context(t testing.TB) context.Context { return Of(t, t.Context()) }

// Of bounds another context likewise.
func Of(t testing.TB, ctx context.Context) context.Context {
	ctx, cancel := Bound(ctx)
	t.Cleanup(cancel)
	return ctx
}

// Bound is Of for where no test is at hand.
func Bound(ctx context.Context) (context.Context, context.CancelFunc) { return Several(ctx, 1) }

// Several bounds what waits for so many things, one after the other.
func Several(ctx context.Context, things int) (context.Context, context.CancelFunc) {
	most := time.Duration(max(things, 1)) * Limit
	return context.WithTimeoutCause(ctx, most, fmt.Errorf("waited in vain for %s: %w", most, context.DeadlineExceeded))
}

// Until waits until a condition holds. It is asked again and again: for what does not call, as files and databases.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := Bound(t.Context())
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("until %s: %v", what, context.Cause(ctx))
		}
	}
}

// For waits for what comes through a channel, or for its end.
func For[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	ctx, cancel := Bound(t.Context())
	defer cancel()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatalf("for %s: %v", what, context.Cause(ctx))
		panic("not reached")
	}
}
