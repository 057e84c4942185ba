package faults_test

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// wire passes bytes between the program and its Postgres, and can cut a connection at a commit: before Postgres hears of
// it, or after it is done and before the program hears of that.
type wire struct {
	network, to string
	listener    net.Listener
	busy        sync.WaitGroup

	mu     sync.Mutex
	ends   map[net.Conn]bool
	strike func(moment) bool // whether to cut now; asked at each commit
}

// moment is a point in the life of a commit.
type moment string

const (
	beforeCommit moment = "before the commit"
	afterCommit  moment = "after the commit, before its answer"
	beforeLINE   moment = "when LINE is called"
	afterLINE    moment = "when LINE has done it"
	beforeSlack  moment = "when Slack is called"
	afterSlack   moment = "when Slack has done it"
	before200    moment = "before the 200"
	anyTime      moment = "at any time"
)

func (w *world) wire(database string) (*wire, string) {
	w.t.Helper()
	c, err := pgconn.ParseConfig(database)
	w.must(err)
	l := &wire{ends: map[net.Conn]bool{}}
	l.network, l.to = pgconn.NetworkAddress(c.Host, c.Port)
	l.listener, err = net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	l.busy.Go(l.serve)
	w.t.Cleanup(func() {
		_ = l.listener.Close() // it takes no more connections, which is all that is asked
		l.cut()
		l.busy.Wait()
	})
	u, err := url.Parse(database)
	w.must(err)
	u.Host = l.listener.Addr().String()
	u.RawQuery = "sslmode=disable"
	return l, u.String()
}

func (l *wire) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(l.network, l.to)
		if err != nil {
			_ = near.Close() // as a Postgres that is away
			continue
		}
		l.mu.Lock()
		l.ends[near], l.ends[far] = true, true
		l.mu.Unlock()
		l.busy.Go(func() { l.pass(near, far, l.asks()) })
		l.busy.Go(func() { l.pass(far, near, l.answers()) })
	}
}

// pass passes bytes until either end is closed, or a commit is met at which to cut.
func (l *wire) pass(from, to net.Conn, cuts func([]byte) bool) {
	defer func() {
		for _, end := range []net.Conn{from, to} {
			_ = end.Close() // both ends go together
			l.mu.Lock()
			delete(l.ends, end)
			l.mu.Unlock()
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if cuts(buffer[:n]) {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// prepared is a COMMIT being prepared; later only its name is sent.
// https://www.postgresql.org/docs/current/protocol-message-formats.html
var prepared = regexp.MustCompile(`(stmtcache_[0-9a-f]+)\x00COMMIT\x00`)

// asks finds commits on their way to Postgres.
func (l *wire) asks() func([]byte) bool {
	var name []byte
	return func(b []byte) bool {
		if found := prepared.FindSubmatch(b); found != nil {
			name = append([]byte("\x00"), append(bytes.Clone(found[1]), 0)...)
			return false
		}
		return name != nil && bytes.Contains(b, name) && l.strikes(beforeCommit)
	}
}

// answers finds Postgres's word that a commit is done.
func (l *wire) answers() func([]byte) bool {
	return func(b []byte) bool { return bytes.Contains(b, []byte("COMMIT\x00")) && l.strikes(afterCommit) }
}

func (l *wire) strikes(m moment) bool {
	l.mu.Lock()
	strike := l.strike
	l.mu.Unlock()
	return strike != nil && strike(m)
}

// striking says who decides; nil is nobody.
func (l *wire) striking(strike func(moment) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strike = strike
}

// cut ends all connections; new ones come about.
func (l *wire) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for end := range l.ends {
		_ = end.Close() // one that is closed is what we want
	}
}

// around asks before and after each call of a platform's API whether to strike.
func around(before, after moment, strike func(moment) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strike(before) {
				panic(http.ErrAbortHandler)
			}
			seen := httptest.NewRecorder()
			next.ServeHTTP(seen, r)
			if strike(after) {
				panic(http.ErrAbortHandler)
			}
			for name, values := range seen.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(seen.Code)
			_, _ = w.Write(seen.Body.Bytes()) // the program has hung up
		})
	}
}
