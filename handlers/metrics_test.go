package handlers_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tsunagi/handlers"
)

// TestCount_leaves_the_connection_in_reach: a route that is counted can still bound how long it waits for a body.
func TestCount_leaves_the_connection_in_reach(t *testing.T) {
	t.Parallel()
	fault := make(chan error, 1)
	m := handlers.NewMetrics(prometheus.NewRegistry())
	s := httptest.NewServer(m.Count("line/webhook", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetReadDeadline(time.Now()); err != nil {
			fault <- err
			return
		}
		_, err := io.ReadAll(r.Body)
		fault <- err
	})))
	t.Cleanup(s.Close)
	slow, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slow.Close() })
	if _, err := io.WriteString(slow, "POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	if err := <-fault; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a body that never ends gives %v, want a timeout", err)
	}
}
