package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tsunagi/handlers"
	"tsunagi/handlers/testclock"
)

// readiness is the public routes over a Postgres that is asked.
func readiness(clock *testclock.Clock, ask func(context.Context) error) func() int {
	routes := handlers.Routes(handlers.Public{
		LineWebhook: http.NotFoundHandler(), Ready: ask, Now: clock.Now,
	}, handlers.NewMetrics(prometheus.NewRegistry()))
	return func() int {
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return w.Code
	}
}

// TestReady_once: however often it is called, Postgres is asked once a second, and what it says is passed on by then.
func TestReady_once(t *testing.T) {
	t.Parallel()
	clock, asked := testclock.At(time.Unix(1_800_000_000, 0)), 0
	var fault error
	get := readiness(clock, func(context.Context) error { asked++; return fault })
	for second := range 4 {
		fault = nil
		want := http.StatusOK
		if second%2 == 1 {
			fault, want = errors.New("Postgres does not answer"), http.StatusServiceUnavailable
		}
		for range 100 {
			if got := get(); got != want {
				t.Fatalf("second %d: got %d, want %d", second, got, want)
			}
		}
		if asked != second+1 {
			t.Errorf("second %d: asked %d times", second, asked)
		}
		clock.Add(time.Second)
	}
}

// TestReady_together: those who come while it is asked share the answer, whatever becomes of the first of them.
func TestReady_together(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	begun, goOn := make(chan struct{}), make(chan struct{})
	get := readiness(testclock.At(time.Unix(1_800_000_000, 0)), func(context.Context) error {
		asked.Add(1)
		close(begun)
		<-goOn
		return nil
	})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if got := get(); got != http.StatusOK {
				t.Errorf("got %d", got)
			}
		})
		if i == 0 {
			<-begun
		}
	}
	close(goOn)
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// TestReady_hungUp: who hangs up does not make the others' answer.
func TestReady_hungUp(t *testing.T) {
	t.Parallel()
	routes := handlers.Routes(handlers.Public{
		LineWebhook: http.NotFoundHandler(), Now: testclock.At(time.Unix(1_800_000_000, 0)).Now,
		Ready: func(ctx context.Context) error { return ctx.Err() },
	}, handlers.NewMetrics(prometheus.NewRegistry()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, ctx := range []context.Context{ctx, t.Context()} {
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
		if w.Code != http.StatusOK {
			t.Errorf("got %d", w.Code)
		}
	}
}
