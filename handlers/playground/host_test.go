package playground

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHandler_by_address: a page that has had its own name led to this machine is not let in.
func TestHandler_by_address(t *testing.T) {
	t.Parallel()
	h := byAddress(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "localhost": 200, "[::1]:8080": 200, "192.0.2.7:8080": 200,
		"evil.example:8080": 421, "evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example:8080": 421, "": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/playground/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: got %d, want %d", host, w.Code, want)
		}
	}
}

// TestListenAt_open: whoever serves the page to other machines is told that anybody there may play.
func TestListenAt_open(t *testing.T) {
	t.Parallel()
	for addr, warned := range map[string]bool{"0.0.0.0:0": true, ":0": true, "127.0.0.1:0": false} {
		var said bytes.Buffer
		l, err := listenAt(t.Context(), addr, nil, slog.New(slog.NewTextHandler(&said, nil)))
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		if got := strings.Contains(said.String(), "level=WARN"); got != warned {
			t.Errorf("%s: warned %v, want %v: %s", addr, got, warned, &said)
		}
	}
}
