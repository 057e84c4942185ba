package store

import (
	"context"
	"net"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// vanished is how long a Postgres that gives no sign is waited for. At the failover of a managed one the old server is often
// gone without a word; Linux would send again for a quarter of an hour, and whatever has no deadline of its own would wait.
const vanished = 30 * time.Second

// dialer makes connections that end with an error when the other side has given no sign for so long, whether it is asked
// something or has to answer. https://man7.org/linux/man-pages/man7/tcp.7.html, TCP_USER_TIMEOUT
func dialer(patience time.Duration) func(context.Context, string, string) (net.Conn, error) {
	d := &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: patience / 2, Interval: patience / 6, Count: 3},
		Control: func(network, _ string, c syscall.RawConn) (err error) {
			if !strings.HasPrefix(network, "tcp") {
				return nil
			}
			ended := c.Control(func(fd uintptr) {
				err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(patience.Milliseconds()))
			})
			if ended != nil {
				return ended
			}
			return err
		},
	}
	return d.DialContext
}
