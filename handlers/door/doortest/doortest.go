// Package doortest calls handlers over connections whose bodies come when a test says so, however slowly, and thousands
// of them, which cost no files and ask no clock.
package doortest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"
)

// Caller is somebody whose request is being read.
type Caller struct {
	answer *httptest.ResponseRecorder
	in     *io.PipeReader
	out    *io.PipeWriter
	asked  chan struct{} // closed when its body is first waited for
	once   sync.Once
	ended  chan struct{}

	mu       sync.Mutex
	deadline time.Time
	sent     int
	gone     bool
}

// Call begins a request that announces a body of so many bytes and sends none of them; what matters else is in the header.
func Call(ctx context.Context, h http.Handler, path string, header http.Header, announced int64) *Caller {
	c := &Caller{answer: httptest.NewRecorder(), asked: make(chan struct{}), ended: make(chan struct{})}
	c.in, c.out = io.Pipe()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, body{c})
	r.Header, r.ContentLength = header.Clone(), announced
	go func() { // Status waits for it
		defer close(c.ended)
		h.ServeHTTP(writer{c.answer, c}, r)
		_ = c.in.Close() // as a server does; who sends on is not heard
	}()
	return c
}

// Whole is a request with its whole body at once, and the status it gets.
func Whole(ctx context.Context, h http.Handler, path string, header http.Header, body []byte) int {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(body))
	r.Header = header.Clone()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// Waits returns once its body is waited for, or the request has been answered.
func (c *Caller) Waits() *Caller {
	select {
	case <-c.asked:
	case <-c.ended:
	}
	return c
}

// Send sends so many bytes of nothing in particular; it returns when they have been read, or nobody reads any more.
func (c *Caller) Send(n int) *Caller {
	sent, err := c.out.Write([]byte(strings.Repeat(" ", n)))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent += sent
	c.gone = c.gone || err != nil
	return c
}

// Sent is how much of its body is held for it: nothing once the connection is let go.
func (c *Caller) Sent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return 0
	}
	return c.sent
}

// HangUp ends the body before its end.
func (c *Caller) HangUp() { _ = c.out.CloseWithError(io.ErrUnexpectedEOF) }

// HangUpLater ends the body when a test is over.
func (c *Caller) HangUpLater(cleanup func(func())) {
	cleanup(func() {
		c.HangUp()
		c.Status()
	})
}

// End ends the body well.
func (c *Caller) End() *Caller {
	_ = c.out.Close()
	return c
}

// Header is that of the answer, once there is one.
func (c *Caller) Header() http.Header { return c.answer.Header() }

// Status waits for the answer.
func (c *Caller) Status() int {
	<-c.ended
	return c.answer.Code
}

// Deadline is until when the body must be there; zero: whenever.
func (c *Caller) Deadline() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deadline
}

// body tells that it is waited for.
type body struct{ *Caller }

func (b body) Read(p []byte) (int, error) {
	b.once.Do(func() { close(b.asked) })
	return b.in.Read(p)
}

func (b body) Close() error { return b.in.Close() }

// writer is the connection as a handler sees it. A deadline that is over lets it go; one to come is only remembered.
type writer struct {
	http.ResponseWriter
	c *Caller
}

// SetReadDeadline is found by http.ResponseController.
func (w writer) SetReadDeadline(at time.Time) error {
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	if at.IsZero() || at.After(time.Unix(1<<30, 0)) {
		w.c.deadline = at
		return nil
	}
	w.c.gone = true
	return w.c.in.CloseWithError(os.ErrDeadlineExceeded)
}
