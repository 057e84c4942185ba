package door_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"tsunagi/handlers/door"
	"tsunagi/handlers/door/doortest"
	"tsunagi/handlers/testclock"
)

// paper is a seal that anybody can make: the header says the body.
type paper struct{}

func (paper) Claims(h http.Header) int64 {
	if h.Get("Seal") == "" {
		return 0
	}
	return door.MaxBody
}

func (paper) Signed(h http.Header, body []byte) bool { return h.Get("Seal") == string(body) }

func sealed(body string) http.Header { return http.Header{"Seal": {body}} }

// held is a gate that keeps everybody it has admitted until told.
func held(g *door.Gate, let <-chan struct{}, in chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, leave, admitted := g.Admit(w, r)
		if !admitted {
			return
		}
		defer leave()
		in <- string(body)
		<-let
	})
}

func quiet() door.Options { return door.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)} }

// TestGate_room: signed bytes have a room of their own; what finds none comes again, and finds it when others have left.
func TestGate_room(t *testing.T) {
	t.Parallel()
	let, in := make(chan struct{}), make(chan string, 4)
	h := held(door.New(quiet()).Gate("test", paper{}, time.Second, 3*door.LeastBody), let, in)
	var inside []*doortest.Caller
	for range 3 {
		c := doortest.Call(t.Context(), h, "/", sealed("   "), 3).Send(3).End()
		inside = append(inside, c)
		if got := <-in; got != "   " {
			t.Errorf("read %q", got)
		}
	}
	c := doortest.Call(t.Context(), h, "/", sealed("   "), 3).Send(3).End()
	if got := c.Status(); got != http.StatusServiceUnavailable || c.Header().Get("Retry-After") == "" {
		t.Errorf("the fourth got %d", got)
	}
	close(let)
	for _, c := range inside {
		if got := c.Status(); got != http.StatusOK {
			t.Errorf("got %d", got)
		}
	}
	if got := doortest.Whole(t.Context(), h, "/", sealed("x"), []byte("x")); got != http.StatusOK {
		t.Errorf("when all had left, got %d", got)
	}
}

// TestGate_refusals: what is refused, and that nobody waits for the rest of it.
func TestGate_refusals(t *testing.T) {
	t.Parallel()
	h := held(door.New(quiet()).Gate("test", paper{}, time.Second, door.MaxBody), nil, make(chan string, 1))
	most := strings.Repeat(" ", door.MaxBody)
	for name, row := range map[string]struct {
		header http.Header
		send   int
		want   int
		closed bool
	}{
		"no seal":    {http.Header{}, 0, http.StatusUnauthorized, true},
		"another":    {sealed("x"), 4, http.StatusUnauthorized, false},
		"too large":  {sealed(most), door.MaxBody + 1, http.StatusRequestEntityTooLarge, true},
		"broken off": {sealed("x"), 3, http.StatusBadRequest, true},
	} {
		c := doortest.Call(t.Context(), h, "/", row.header, -1).Send(row.send)
		if row.want == http.StatusBadRequest {
			c.HangUp()
		}
		c.End()
		if got := c.Status(); got != row.want {
			t.Errorf("%s: got %d, want %d", name, got, row.want)
		}
		if got := c.Header().Get("Connection") == "close"; got != row.closed {
			t.Errorf("%s: lets go %v, want %v", name, got, row.closed)
		}
	}
}

// TestGate_announced: what is only announced takes no memory. It is alone while it looks.
func TestGate_announced(t *testing.T) {
	h := held(door.New(quiet()).Gate("test", paper{}, time.Second, door.MaxBody), nil, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all []*doortest.Caller
	for range 500 {
		all = append(all, doortest.Call(t.Context(), h, "/", sealed("x"), door.MaxBody).Waits())
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 50 {
		t.Errorf("500 MiB announced took %d MiB", got)
	}
	for _, c := range all {
		c.HangUp()
		c.Status()
	}
}

// TestGate_addresses: behind our proxy one address has a share of its own, and takes nothing from others. Without a
// proxy that we know there are no addresses.
func TestGate_addresses(t *testing.T) {
	t.Parallel()
	for proxies, want := range map[string]int{"192.0.2.0/24": http.StatusBadRequest, "": http.StatusServiceUnavailable} {
		o := quiet()
		if proxies != "" {
			o.Proxies = []netip.Prefix{netip.MustParsePrefix(proxies)} // httptest's requests come from 192.0.2.1
		}
		h := held(door.New(o).Gate("test", paper{}, time.Second, door.MaxBody), nil, nil)
		from := func(address string) *doortest.Caller {
			header := sealed("x")
			header.Set("X-Forwarded-For", address)
			return doortest.Call(t.Context(), h, "/", header, door.MaxBody).Send(600 << 10)
		}
		oldest := from("203.0.113.1")
		for range 20 {
			from("203.0.113.2").HangUpLater(t.Cleanup)
		}
		oldest.HangUp()
		if got := oldest.Status(); got != want {
			t.Errorf("trusting %q: who was there before others came got %d, want %d", proxies, got, want)
		}
	}
}

// TestGate_log: thousands refused a second are a line a second, which counts them.
func TestGate_log(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	clock := testclock.At(time.Unix(1_800_000_000, 0))
	d := door.New(door.Options{Now: clock.Now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	h := held(d.Gate("test", paper{}, time.Second, door.MaxBody), nil, nil)
	for range 3 {
		for range 100 {
			doortest.Whole(t.Context(), h, "/", http.Header{}, nil)
		}
		clock.Add(time.Second)
	}
	if got := strings.Count(log.String(), "\n"); got != 3 || strings.Count(log.String(), "unlogged=99") != 2 {
		t.Errorf("logged %s", log.String())
	}
}

func TestAddressOf(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	for _, row := range []struct {
		remote string
		hops   []string
		want   string
	}{
		{"10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9/32"},
		{"10.0.0.1:5", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9/32"},            // what the client says of itself
		{"10.0.0.1:5", []string{"198.51.100.1", "203.0.113.9,10.2.3.4"}, "203.0.113.9/32"}, // two of ours
		{"10.0.0.1:5", []string{"203.0.113.9:4711"}, "203.0.113.9/32"},
		{"10.0.0.1:5", []string{"[2001:db8:2::9]:4711"}, "2001:db8:2::/64"},
		{"[2001:db8:1::1]:5", []string{"2001:db8:2:3:4:5:6:7"}, "2001:db8:2:3::/64"},
		{"[::ffff:10.0.0.1]:5", []string{"::ffff:203.0.113.9"}, "203.0.113.9/32"},
		{"203.0.113.9:5", []string{"198.51.100.1"}, "203.0.113.9/32"}, // past our proxies
		{"10.0.0.1:5", nil, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"10.9.9.9"}, "10.9.9.9/32"},
		{"10.0.0.1:5", []string{"203.0.113.9, unknown"}, "10.0.0.1/32"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = row.remote, row.hops
		if got := fmt.Sprint(door.AddressOf(r, proxies)); got != row.want {
			t.Errorf("%s %q: got %s, want %s", row.remote, row.hops, got, row.want)
		}
		if got := door.AddressOf(r, nil); got.IsValid() {
			t.Errorf("%s %q: got %s without proxies", row.remote, row.hops, got)
		}
	}
}

// TestGate_signatures: when a signature was last right, and wrong, is known of each gate.
func TestGate_signatures(t *testing.T) {
	t.Parallel()
	clock := testclock.At(time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC))
	o := quiet()
	o.Now = clock.Now
	g := door.New(o).Gate("test", paper{}, time.Second, door.MaxBody)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, leave, admitted := g.Admit(w, r); admitted {
			leave()
		}
	})
	if right, wrong := g.Signatures(); !right.IsZero() || !wrong.IsZero() {
		t.Errorf("before anything came: %s, %s", right, wrong)
	}
	began := clock.Now()
	doortest.Whole(t.Context(), h, "/", sealed("other"), []byte("body"))
	clock.Add(time.Minute)
	doortest.Whole(t.Context(), h, "/", sealed("body"), []byte("body"))
	if right, wrong := g.Signatures(); !right.Equal(began.Add(time.Minute)) || !wrong.Equal(began) {
		t.Errorf("got %s and %s, from %s on", right, wrong, began)
	}
}
