package playground

import (
	"bytes"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
)

func TestListenAt(t *testing.T) {
	t.Parallel()
	const free = 0 // any that is free
	taken := occupied(t)
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))

	l, err := listenAt(t.Context(), "", []int{taken, free}, log)
	if err != nil {
		t.Fatalf("the next port is not taken: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if at := l.Addr().String(); strings.HasSuffix(at, ":"+strconv.Itoa(taken)) || !strings.Contains(said.String(), at) {
		t.Errorf("the page is at %s, want another port, and said so: %s", at, &said)
	}
	for name, c := range map[string]struct {
		addr  string
		ports []int
	}{
		"asked for":    {"127.0.0.1:" + strconv.Itoa(taken), []int{free}},
		"all in use":   {"", []int{taken, taken}},
		"none of ours": {"192.0.2.1:80", nil},
	} {
		if _, err := listenAt(t.Context(), c.addr, c.ports, log); err == nil || !strings.Contains(err.Error(), "--addr") {
			t.Errorf("%s: got %v, want --addr named as the way out", name, err)
		}
	}
}

// occupied is a port that another program holds.
func occupied(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}
