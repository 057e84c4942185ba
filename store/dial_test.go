package store_test

import (
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tsunagi/store"
)

// A server that is there no more, and does not say so, ends what waits for it: what was asked, and what is to be answered.
func TestDialer_of_a_server_that_vanishes(t *testing.T) {
	t.Parallel()
	for name, asked := range map[string]bool{"when it is asked": true, "when it has to answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			check(t, err)
			t.Cleanup(func() { _ = l.Close() })
			conn, err := store.Dialer(6*time.Second)(t.Context(), "tcp", l.Addr().String())
			check(t, err)
			t.Cleanup(func() { _ = conn.Close() })
			there, err := l.Accept()
			check(t, err)
			t.Cleanup(func() { _ = there.Close() })
			vanish(t, there)
			if asked {
				_, err = conn.Write([]byte("are you there?"))
				check(t, err)
			}
			if _, err := conn.Read(make([]byte, 1)); err == nil {
				t.Error("read from nobody")
			}
		})
	}
}

// vanish has this end of a connection take no packet any more, and answer none.
func vanish(t *testing.T, there net.Conn) {
	t.Helper()
	raw, err := there.(syscall.Conn).SyscallConn()
	check(t, err)
	nothing := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 0}}
	var refused error
	check(t, raw.Control(func(fd uintptr) {
		refused = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &nothing[0]})
	}))
	check(t, refused)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
