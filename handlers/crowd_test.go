package handlers_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"tsunagi/handlers"
)

// dial opens a connection on which somebody has begun to say something.
func dial(t *testing.T, at, said string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, said); err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestCrowd: of too many connections those are closed that have been quiet longest; what is being answered stays, and the
// newest comes in.
func TestCrowd(t *testing.T) {
	t.Parallel()
	see := handlers.Crowd(4)
	closed := map[int]bool{}
	conn := map[int]net.Conn{}
	enter := func(i int, states ...http.ConnState) {
		if conn[i] == nil {
			conn[i] = &telling{closed: func() { closed[i] = true }}
		}
		for _, s := range states {
			see(conn[i], s)
		}
	}
	enter(0, http.StateNew, http.StateActive)                 // is being answered
	enter(1, http.StateNew, http.StateActive, http.StateIdle) // was answered
	enter(2, http.StateNew)                                   // says nothing
	enter(3, http.StateNew)
	enter(1, http.StateActive, http.StateIdle) // was answered again
	for i, want := range []int{2, 3, 1, 4, 5} {
		enter(4+i, http.StateNew)
		if !closed[want] || len(closed) != i+1 {
			t.Fatalf("number %d comes: closed %v, want %d", 4+i, closed, want)
		}
		enter(want, http.StateClosed)
	}
	enter(8, http.StateActive)
	enter(7, http.StateActive)
	enter(6, http.StateActive)
	enter(9, http.StateNew)
	if closed[9] || closed[0] || len(closed) != 5 {
		t.Errorf("all the others are being answered: closed %v", closed)
	}
}

type telling struct {
	net.Conn
	closed func()
}

func (c *telling) Close() error {
	c.closed()
	return nil
}

// TestProcess_header: who sends more header than anybody needs is not listened to.
func TestProcess_header(t *testing.T) {
	t.Parallel()
	p := handlers.NewProcess(slog.New(slog.DiscardHandler))
	at, err := p.Listen(t.Context(), "LISTEN_ADDR", "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	big := dial(t, at, "GET / HTTP/1.1\r\nHost: desk\r\nX-Much: "+strings.Repeat("a", 32<<10)+"\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(big), nil)
	if err != nil || res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("32 KiB of header: %v, %v", res, err)
	}
}
