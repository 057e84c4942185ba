package storetest

import (
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/store"
)

// Broken is an open database whose server has gone away: every call fails, on open connections and on new ones.
func Broken(t testing.TB) *store.DB {
	t.Helper()
	address, cut := Cuttable(t, URL(t))
	db := Open(t, address, store.Options{})
	cut()
	return db
}

// Cuttable is the address of a line to the database at url, and a function that cuts it for good: open connections end
// in the middle of what they do and new ones are refused, as when the network or the server fails.
func Cuttable(t testing.TB, url string) (address string, cut func()) {
	t.Helper()
	l, err := newLine(t.Context(), url)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		l.cut()
		os.RemoveAll(l.dir)
	})
	return l.address(url), l.cut
}

// line passes bytes between a socket of its own and a Postgres.
type line struct {
	dir      string
	network  string // of the Postgres
	to       string
	listener net.Listener

	mu    sync.Mutex
	ends  []net.Conn
	isCut bool
	busy  sync.WaitGroup
}

const lineHost = "5432"

func newLine(ctx context.Context, url string) (*line, error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	// Not in t.TempDir: with a long test name the path would not fit a socket.
	dir, err := os.MkdirTemp("", "line-")
	if err != nil {
		return nil, err
	}
	l := &line{dir: dir}
	l.network, l.to = pgconn.NetworkAddress(config.Host, config.Port)
	l.listener, err = (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(dir, ".s.PGSQL."+lineHost))
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	l.busy.Go(l.serve)
	return l, nil
}

// address is the url with this line's end instead of the server's.
func (l *line) address(of string) string {
	u, err := url.Parse(of)
	if err != nil {
		return of
	}
	u.Host = ""
	u.RawQuery = url.Values{"host": {l.dir}, "port": {lineHost}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(l.network, l.to)
		if err != nil {
			near.Close()
			continue
		}
		if l.join(near, far) {
			l.busy.Go(func() { pass(near, far) })
			l.busy.Go(func() { pass(far, near) })
		}
	}
}

// join keeps the connection for cut to close, unless that has been.
func (l *line) join(ends ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isCut {
		for _, end := range ends {
			end.Close()
		}
		return false
	}
	l.ends = append(l.ends, ends...)
	return true
}

func pass(from, to net.Conn) {
	io.Copy(to, from)
	to.Close()
}

func (l *line) cut() {
	l.mu.Lock()
	l.isCut = true
	l.listener.Close()
	for _, end := range l.ends {
		end.Close()
	}
	l.mu.Unlock()
	l.busy.Wait()
}
