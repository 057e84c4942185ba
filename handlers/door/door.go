// Package door lets in what a platform has signed, and keeps whoever else comes from filling the house.
//
// Nobody is trusted before the signature is verified, and that takes the whole body. So a body on its way in is charged as
// its bytes arrive, never as they are announced, against a small budget that all unsigned bodies share, and must be there
// within the time that the platform itself would wait. When there is no room left, whoever has taken most for longest is
// shown out and the newest comes in: what a platform sends is there at once, so those who stay long are not the ones to
// wait for.
// What is signed moves to the budget of its gate.
//
// It never parses a body and keeps nothing of it. Begin reading with Gate.Admit; readers.go holds who is shown out,
// address.go tells who asks.
package door

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// What the unsigned may take, all together and each address. A platform's own bodies have a few KiB.
const (
	MaxBody = 1 << 20 // above what LINE and Slack send; a view of Slack's has 250 kB at most

	maxReaders   = 2048    // bodies on their way in; with its connection each takes some 25 KiB
	maxBytes     = 8 << 20 // of them, in memory
	maxOfAddress = 2 << 20 // of these, from one address; counted only where addresses can be told
)

// LeastBody is what a signed request counts, however small its body: what handling it takes beside.
const LeastBody = 32 << 10

// Options are what a Door is made of.
type Options struct {
	Proxies []netip.Prefix // whose word about addresses is taken; none: addresses cannot be told, so nobody counts by them
	Now     func() time.Time
	Log     *slog.Logger
}

// Door is the way into one process, for all its platforms together.
type Door struct {
	Options
	readers readers
}

// New makes a door.
func New(o Options) *Door {
	return &Door{Options: o, readers: readers{most: maxReaders, bytes: maxBytes, bytesOfAddress: maxOfAddress}}
}

// Seal is how one platform signs.
type Seal interface {
	// Claims tells how long a body is read for a header: 0 if it holds nothing that could be a signature.
	Claims(h http.Header) int64
	// Signed reports whether the platform has signed these bytes.
	Signed(h http.Header, body []byte) bool
}

// Gate is the door for what one platform signs.
type Gate struct {
	door    *Door
	name    string
	seal    Seal
	within  time.Duration
	signed  *semaphore.Weighted
	refused seldom
	// when a signature was last right, and wrong, in Unix milliseconds; 0: not yet
	right, wrong atomic.Int64
}

// Gate makes a gate. Name is for the log; within is how long a body may take; room is how many signed bytes may be in
// memory at once.
func (d *Door) Gate(name string, seal Seal, within time.Duration, room int64) *Gate {
	return &Gate{door: d, name: name, seal: seal, within: within, signed: semaphore.NewWeighted(room)}
}

// Admit reads a body and verifies that it is signed. Whoever is admitted calls leave when the body is of no more use;
// everybody else has been answered: 401, 413, 400 to what the platform would not send, 503 to what should come again.
func (g *Gate) Admit(w http.ResponseWriter, r *http.Request) (body []byte, leave func(), admitted bool) {
	claims := g.seal.Claims(r.Header)
	if claims == 0 {
		g.refuse(w, r, refusal{http.StatusUnauthorized, "no signature"}, unread)
		return nil, nil, false
	}
	body, err := g.read(w, r, min(claims, MaxBody))
	if err != nil {
		g.refuse(w, r, refusalOf(err), unread)
		return nil, nil, false
	}
	if !g.seal.Signed(r.Header, body) {
		g.wrong.Store(g.door.Now().UnixMilli())
		g.refuse(w, r, refusal{http.StatusUnauthorized, "signature does not match"}, wholly)
		return nil, nil, false
	}
	g.right.Store(g.door.Now().UnixMilli())
	weight := max(int64(len(body)), LeastBody)
	if !g.signed.TryAcquire(weight) {
		g.refuse(w, r, refusal{http.StatusServiceUnavailable, "too many requests at once"}, wholly)
		return nil, nil, false
	}
	return body, func() { g.signed.Release(weight) }, true
}

// read takes in the whole body while the reader counts among the unsigned.
func (g *Gate) read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	conn := http.NewResponseController(w)
	timed := conn.SetReadDeadline(time.Now().Add(g.within)) == nil
	from := addressOf(r, g.door.Proxies)
	me := g.door.readers.enter(from, func() { _ = conn.SetReadDeadline(longAgo) })
	body, err := me.readAll(http.MaxBytesReader(w, r.Body, limit), r.ContentLength)
	if stayed := me.leave(); !stayed {
		return nil, errShownOut
	}
	if timed && err == nil {
		_ = conn.SetReadDeadline(time.Time{}) // it has been set before, so it can be
	}
	return body, err
}

// longAgo, as a deadline, ends what waits.
var longAgo = time.Unix(1, 0)

// errShownOut says that others needed the room.
var errShownOut = errors.New("shown out: no room for a body this slow")

type refusal struct {
	status int
	why    string
}

func refusalOf(err error) refusal {
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.Is(err, errShownOut):
		return refusal{http.StatusServiceUnavailable, err.Error()}
	case errors.As(err, &tooLarge):
		return refusal{http.StatusRequestEntityTooLarge, "body too large"}
	}
	return refusal{http.StatusBadRequest, "body not read"}
}

// What is left of the body when a request is refused.
const (
	unread = true
	wholly = false
)

// refuse answers and, if the body is not read, lets go of the connection: the server would wait for the rest of it.
func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, why refusal, unread bool) {
	if missed, now := g.refused.now(g.door.Now()); now {
		g.door.Log.Warn(g.name+" refused", "why", why.why, "path", r.URL.Path, "status", why.status, "unlogged", missed)
	}
	if unread {
		w.Header().Set("Connection", "close")
		_ = http.NewResponseController(w).SetReadDeadline(longAgo) // where it cannot be set, there is nothing to wait for
	}
	Refuse(w, why.status)
}

// Signatures is when a request was last found signed rightly, and wrongly; zero: not yet.
func (g *Gate) Signatures() (right, wrong time.Time) { return moment(&g.right), moment(&g.wrong) }

func moment(at *atomic.Int64) time.Time {
	if ms := at.Load(); ms != 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// Refuse answers with a status alone, and to 503 adds that it may come again at once.
func Refuse(w http.ResponseWriter, status int) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
}
