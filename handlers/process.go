package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// closeWithin is how long the doors wait for what is being answered. Loops bound themselves: what a delivery has begun is
// sent to its end.
const closeWithin = 10 * time.Second

// maxHeader is several times what LINE, Slack and a proxy in front of us send.
const maxHeader = 16 << 10

// Process is what runs in one process: servers, loops, and what they hold open. They begin one after the other and end in
// the opposite order.
type Process struct {
	log  *slog.Logger
	ends []func(context.Context) error
}

// NewProcess is one in which nothing runs yet.
func NewProcess(log *slog.Logger) *Process { return &Process{log: log} }

// AtEnd has something done when all that begins later has ended.
func (p *Process) AtEnd(do func(context.Context) error) { p.ends = append(p.ends, do) }

// Close ends gracefully all that runs.
func (p *Process) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	var faults []error
	for _, end := range slices.Backward(p.ends) {
		faults = append(faults, end(ctx))
	}
	p.ends = nil
	return errors.Join(faults...)
}

// Listen serves at the address that a setting names; its error names the setting. It tells the address, for a port of 0
// becomes one that is free.
func (p *Process) Listen(ctx context.Context, setting, addr string, h http.Handler) (at string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("%s: cannot serve there: %w; end the program that does, or set another address", setting, err)
	}
	return p.Serve(l, h), nil
}

// Serve serves at a listener that is there already, and tells its address. At the end what is being answered is answered.
func (p *Process) Serve(l net.Listener, h http.Handler) (at string) {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: maxHeader, ConnState: newCrowd(maxConns).see,
		ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelError),
	}
	var running sync.WaitGroup
	p.AtEnd(func(ctx context.Context) error {
		defer running.Wait()
		return s.Shutdown(ctx)
	})
	running.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("server ended", "fault", err)
		}
	})
	return l.Addr().String()
}

// Loops is how to begin parts that end together. A part that ends by itself with an error is a fault.
func (p *Process) Loops(ctx context.Context) (begin func(name string, run func(context.Context) error)) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	p.AtEnd(func(context.Context) error {
		stop()
		running.Wait()
		return nil
	})
	return func(name string, run func(context.Context) error) {
		running.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				p.log.ErrorContext(ctx, "part ended", "part", name, "fault", err)
			}
		})
	}
}

// EachMinute is a loop with a slow tick. When it breaks down it begins again a minute later and takes nothing else with it.
func (p *Process) EachMinute(run func(context.Context, <-chan time.Time)) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		for p.breaksDown(func() { run(ctx, tick.C) }) {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	}
}

// breaksDown runs a loop to its end, or until it panics. What a panic says may quote a person, so the log has only where it
// was.
func (p *Process) breaksDown(loop func()) (broken bool) {
	defer func() {
		if fault := recover(); fault != nil {
			broken = true
			p.log.Error("loop panicked", "type", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
		}
	}()
	loop()
	return false
}
