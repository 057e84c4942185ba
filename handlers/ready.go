package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// The answer of /readyz is good for a moment: it is public, and each question goes to Postgres and Redis.
const (
	readyFor    = time.Second
	readyWithin = 2 * time.Second
)

// ready answers 503 with what is missing while traffic should go elsewhere.
type ready struct {
	check func(context.Context) error
	now   func() time.Time

	mu    sync.Mutex // held while it is asked: who comes meanwhile waits for the same answer
	asked time.Time  // when the answer came
	fault error
}

func (h *ready) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.answer(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// answer asks, unless it is known of just now. Who hangs up does not spoil the answer for others.
func (h *ready) answer(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now().Sub(h.asked).Abs() < readyFor {
		return h.fault
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWithin)
	defer cancel()
	h.fault = h.check(ctx)
	h.asked = h.now()
	return h.fault
}
