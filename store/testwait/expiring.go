package testwait

import (
	"context"
	"sync"
)

// Expiring is a context whose time is up when the test says so: for what somebody does who has waited long enough. With a
// short time instead, a slow machine would see it over before that has begun which the test is about.
func Expiring(ctx context.Context) (_ context.Context, expire func()) {
	e := &expiring{Context: ctx, done: make(chan struct{})}
	context.AfterFunc(ctx, func() { e.end(ctx.Err()) })
	return e, func() { e.end(context.DeadlineExceeded) }
}

type expiring struct {
	context.Context
	done chan struct{}
	mu   sync.Mutex
	err  error
}

func (e *expiring) Done() <-chan struct{} { return e.done }

func (e *expiring) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

func (e *expiring) end(why error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		e.err = why
		close(e.done)
	}
}
