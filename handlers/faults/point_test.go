package faults_test

import (
	"bytes"
	"encoding/binary"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/store/storetest"
)

// points are the places at which the program can be killed: each message between it and the world, before it arrives and,
// when what it asks for is done, before the answer does. Each has a name, such as "before postgres INSERT INTO answers".
type points struct {
	*reaper

	mu  sync.Mutex
	met map[moment]int
}

func newPoints() *points { return &points{reaper: newReaper(), met: map[moment]int{}} }

// passes is asked at each point, and reports whether the program was killed there.
func (p *points) passes(at moment) bool {
	p.mu.Lock()
	p.met[at]++
	p.mu.Unlock()
	return p.strike(at)
}

// known lists the points that were met more than once; the others belong to the start of a program.
func (p *points) known() []moment {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := maps.Clone(p.met)
	maps.DeleteFunc(again, func(_ moment, n int) bool { return n < 2 })
	return slices.Sorted(maps.Keys(again))
}

// around are the points at each call of a platform's API.
func (p *points) around(platform string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			call := moment(platform + " " + withoutIDs(r.URL.Path))
			if p.passes("before " + call) {
				panic(http.ErrAbortHandler)
			}
			seen := httptest.NewRecorder()
			next.ServeHTTP(seen, r)
			if p.passes("after " + call) {
				panic(http.ErrAbortHandler)
			}
			maps.Copy(w.Header(), seen.Header())
			w.WriteHeader(seen.Code)
			_, _ = w.Write(seen.Body.Bytes()) // the program has hung up
		})
	}
}

var longID = regexp.MustCompile(`/[^/]*\d[^/]*`)

func withoutIDs(path string) string {
	version, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/") // v2 has a digit, too
	if !ok {
		return path
	}
	return version + longID.ReplaceAllString("/"+rest, "/…")
}

// splitter cuts a stream into its messages. It gives what follows the first one, and its name; no name: it is no point.
// An incomplete message gives nothing.
type splitter func(b []byte) (message, rest []byte, name string)

// tap passes the messages between the program and a server, and asks at each.
type tap struct {
	*points
	network, to string
	listener    net.Listener
	busy        sync.WaitGroup
	splitters   func() (asks, answers splitter) // for one connection

	ends sync.Map // net.Conn
}

func (p *points) tap(t *testing.T, network, to string, splitters func() (asks, answers splitter)) *tap {
	t.Helper()
	l := &tap{points: p, network: network, to: to, splitters: splitters}
	var err error
	if l.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	l.busy.Go(l.serve)
	t.Cleanup(func() {
		_ = l.listener.Close() // it takes no more connections, which is all that is asked
		l.ends.Range(func(end, _ any) bool { _ = end.(net.Conn).Close(); return true })
		l.busy.Wait()
	})
	return l
}

func (l *tap) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(l.network, l.to)
		if err != nil {
			_ = near.Close() // as a server that is away
			continue
		}
		l.ends.Store(near, true)
		l.ends.Store(far, true)
		asks, answers := l.splitters()
		l.busy.Go(func() { l.pass(near, far, "before ", asks) })
		l.busy.Go(func() { l.pass(far, near, "after ", answers) })
	}
}

// pass passes whole messages until either end is closed, or the program is killed at one.
func (l *tap) pass(from, to net.Conn, when moment, split splitter) {
	defer func() {
		for _, end := range []net.Conn{from, to} {
			_ = end.Close() // both ends go together
			l.ends.Delete(end)
		}
	}()
	var came []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		came = append(came, buffer[:n]...)
		var goes []byte
		killed := false
		for message, rest, name := split(came); message != nil && !killed; message, rest, name = split(came) {
			if killed = name != "" && l.passes(when+moment(name)); !killed {
				goes, came = append(goes, message...), rest
			}
		}
		if _, unsent := to.Write(goes); unsent != nil || err != nil || killed {
			return
		}
	}
}

// postgres reads the messages of Postgres's protocol. A statement is named by how it begins; the name that it is given when
// it is prepared is what is sent later. https://www.postgresql.org/docs/current/protocol-message-formats.html
func postgres() (asks, answers splitter) {
	var mu sync.Mutex
	prepared, under := map[string]string{}, []string{}
	begun := false
	asks = func(b []byte) (message, rest []byte, name string) {
		if !begun { // the first has no type
			message, rest = framed(b, 0)
			begun = message != nil
			return message, rest, ""
		}
		if message, rest = framed(b, 1); message == nil {
			return nil, b, ""
		}
		mu.Lock()
		defer mu.Unlock()
		switch fields := bytes.SplitN(message[5:], []byte{0}, 3); message[0] {
		case 'P':
			prepared[string(fields[0])] = statement(string(fields[1]))
		case 'B':
			name = prepared[string(fields[1])]
			under = append(under, name)
		case 'Q':
			name = statement(string(fields[0]))
			under = append(under, name)
		}
		return message, rest, name
	}
	answers = func(b []byte) (message, rest []byte, name string) {
		if message, rest = framed(b, 1); message == nil {
			return nil, b, ""
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case message[0] == 'C' && len(under) > 0:
			name, under = under[0], under[1:]
		case message[0] == 'Z': // whatever failed, all is answered
			under = nil
		}
		return message, rest, name
	}
	return asks, answers
}

// framed cuts off the first message; its length stands after so many bytes and counts itself.
func framed(b []byte, at int) (message, rest []byte) {
	if len(b) < at+4 {
		return nil, b
	}
	size := at + int(binary.BigEndian.Uint32(b[at:]))
	if len(b) < size {
		return nil, b
	}
	return b[:size], b[size:]
}

var (
	space = regexp.MustCompile(`\s+`)
	about = regexp.MustCompile(`(INSERT INTO|UPDATE|DELETE FROM|FROM) [a-z_]+`)
)

// statement names a statement by what it does to which table, and asks of which one.
func statement(sql string) string {
	sql = strings.TrimSpace(space.ReplaceAllString(sql, " "))
	verb, _, _ := strings.Cut(sql, " ")
	return "postgres " + verb + " " + strings.Join(slices.Compact(about.FindAllString(sql, 3)), ", ")
}

// redisProtocol reads the messages of Redis's protocol: a chunk is a point, named by its first command.
func redisProtocol() (asks, answers splitter) {
	var mu sync.Mutex
	last := ""
	asks = func(b []byte) (message, rest []byte, name string) {
		parts := bytes.SplitN(b, []byte("\r\n"), 4)
		if len(parts) < 4 {
			return nil, b, ""
		}
		mu.Lock()
		defer mu.Unlock()
		last = "redis " + strings.ToUpper(string(parts[2]))
		return b, nil, last
	}
	answers = func(b []byte) (message, rest []byte, name string) {
		if len(b) == 0 {
			return nil, b, ""
		}
		mu.Lock()
		defer mu.Unlock()
		return b, nil, last
	}
	return asks, answers
}

// tapped puts the points between the program, its Postgres and its Redis.
func (w *world) tapped(p *points) {
	w.t.Helper()
	database := storetest.URL(w.t)
	w.db.Close()
	w.look(database)
	c, err := pgconn.ParseConfig(database)
	w.must(err)
	network, to := pgconn.NetworkAddress(c.Host, c.Port)
	u, err := url.Parse(database)
	w.must(err)
	u.Host = p.tap(w.t, network, to, postgres).listener.Addr().String()
	u.RawQuery = "sslmode=disable"
	memory, err := url.Parse(w.redis.URL())
	w.must(err)
	memory.Host = p.tap(w.t, "tcp", memory.Host, redisProtocol).listener.Addr().String()
	for i, v := range w.env {
		switch {
		case strings.HasPrefix(v, "DATABASE_URL="):
			w.env[i] = "DATABASE_URL=" + u.String()
		case strings.HasPrefix(v, "REDIS_URL="):
			w.env[i] = "REDIS_URL=" + memory.String()
		}
	}
}
