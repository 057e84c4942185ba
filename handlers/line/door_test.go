package line_test

import (
	"net/http"
	"testing"
	"time"

	"tsunagi/handlers/door/doortest"
	"tsunagi/handlers/line/linesim"
)

// likely is the header of what could be LINE's, until its body is there.
func likely() http.Header { return http.Header{"X-Line-Signature": {linesim.Sign("another", nil)}} }

// good posts webhooks that LINE has signed, and counts those taken.
func good(t *testing.T, hook http.Handler, n int) (taken int) {
	t.Helper()
	body := []byte(`{"destination":"Uself","events":[]}`)
	for range n {
		if doortest.Whole(t.Context(), hook, "/line/webhook", http.Header{"X-Line-Signature": {linesim.Sign(secret, body)}}, body) == http.StatusOK {
			taken++
		}
	}
	return taken
}

// TestDoor_announcers: more than there is room for announce a MiB each; half of them send nothing, half the beginning of it.
func TestDoor_announcers(t *testing.T) {
	t.Parallel()
	hook := newHook(t, quietDesk{t})
	var slow []*doortest.Caller
	for i := range 2600 {
		c := doortest.Call(t.Context(), hook, "/line/webhook", likely(), 1<<20).Waits()
		slow = append(slow, c.Send(i%2*5000))
	}
	if got := good(t, hook, 100); got != 100 {
		t.Errorf("%d of 100 good webhooks taken", got)
	}
	for _, c := range slow {
		c.HangUp()
		if got := c.Status(); got != http.StatusServiceUnavailable && got != http.StatusBadRequest {
			t.Errorf("a slow one got %d", got)
		}
	}
}

// TestDoor_bytes: of what is not signed no more than 8 MiB is in memory, and what is signed finds its room all the same.
func TestDoor_bytes(t *testing.T) {
	t.Parallel()
	hook := newHook(t, quietDesk{t})
	var slow []*doortest.Caller
	for range 64 {
		slow = append(slow, doortest.Call(t.Context(), hook, "/line/webhook", likely(), 1<<20).Send(700<<10))
	}
	held := 0
	for _, c := range slow {
		held += c.Sent()
	}
	if held > 8<<20 || held < 4<<20 {
		t.Errorf("%d bytes are held for those who have signed nothing", held)
	}
	if got := good(t, hook, 20); got != 20 {
		t.Errorf("%d of 20 good webhooks taken", got)
	}
	for _, c := range slow {
		c.HangUp()
		c.Status()
	}
}

// TestDoor_time: a body has the time that LINE itself would wait.
func TestDoor_time(t *testing.T) {
	t.Parallel()
	began := time.Now()
	c := doortest.Call(t.Context(), newHook(t, quietDesk{t}), "/line/webhook", likely(), 100).Send(1)
	if until, most := c.Deadline(), time.Now().Add(2*time.Second); !until.After(began) || until.After(most) {
		t.Errorf("it may come until %v, want less than 2 s", until.Sub(began))
	}
	c.HangUp()
	if got := c.Status(); got != http.StatusBadRequest {
		t.Errorf("got %d", got)
	}
}

// TestDoor_header: what cannot be LINE's is refused before any of its body is read.
func TestDoor_header(t *testing.T) {
	t.Parallel()
	hook := newHook(t, quietDesk{t})
	for name, signature := range map[string]string{
		"none": "", "no base64": "%%%", "too short": "AAAA", "too long": linesim.Sign(secret, nil) + "AAAA", "hex": "00ff00ff",
	} {
		c := doortest.Call(t.Context(), hook, "/line/webhook", http.Header{"X-Line-Signature": {signature}}, 1<<20)
		if got := c.Status(); got != http.StatusUnauthorized {
			t.Errorf("%s: got %d", name, got)
		}
	}
}
