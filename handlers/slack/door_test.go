package slack_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tsunagi/handlers/door/doortest"
	"tsunagi/handlers/slack/slacksim"
)

// routes are an app's three, which share one door.
func (w *world) routes() map[string]http.Handler {
	return map[string]http.Handler{
		"/slack/commands": w.app.Commands(), "/slack/interactions": w.app.Interactions(), "/slack/events": w.app.Events(),
	}
}

// sealed is the header of a body signed just now.
func (w *world) sealed(by, body string) http.Header {
	stamp := strconv.FormatInt(w.clock.Now().Unix(), 10)
	return http.Header{
		"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {slacksim.Sign(by, stamp, []byte(body))},
	}
}

// taken counts good requests that got in.
func (w *world) taken(path string, h http.Handler, n int) (taken int) {
	body := map[string]string{
		"/slack/commands": commandBody("list"), "/slack/events": `{"type":"event_callback","event":{"type":"moon_phase"}}`,
		"/slack/interactions": `payload=%7B%22type%22%3A%22teleport%22%2C%22user%22%3A%7B%22id%22%3A%22U1%22%7D%7D`,
	}[path]
	for range n {
		if doortest.Whole(w.ctx(), h, path, w.sealed(secret, body), []byte(body)) == http.StatusOK {
			taken++
		}
	}
	return taken
}

// TestDoor_slow: thousands announce a MiB at each route, send nothing or little of it, and hold no more than 8 MiB; what Slack
// has signed gets in.
func TestDoor_slow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var slow []*doortest.Caller
	for path, h := range w.routes() {
		for i := range 1000 {
			slow = append(slow, doortest.Call(w.ctx(), h, path, w.sealed("another", ""), 1<<20).Waits().Send(i%2*20_000))
		}
	}
	held := 0
	for _, c := range slow {
		held += c.Sent()
	}
	if held > 8<<20 || held < 2<<20 {
		t.Errorf("%d bytes are held for those who have signed nothing", held)
	}
	for path, h := range w.routes() {
		if got := w.taken(path, h, 20); got != 20 {
			t.Errorf("%s: %d of 20 good requests taken", path, got)
		}
	}
	for _, c := range slow {
		c.HangUp()
		c.Status()
	}
}

// TestDoor_time: a body has the time in which Slack wants its answer.
func TestDoor_time(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, h := range w.routes() {
		began := time.Now()
		c := doortest.Call(w.ctx(), h, path, w.sealed("another", ""), 100).Send(1)
		if until, most := c.Deadline(), time.Now().Add(3*time.Second); !until.After(began) || until.After(most) {
			t.Errorf("%s: it may come until %v, want less than 3 s", path, until.Sub(began))
		}
		c.HangUp()
		if got := c.Status(); got != http.StatusBadRequest {
			t.Errorf("%s: got %d", path, got)
		}
	}
}

// TestDoor_header: what cannot be Slack's is refused before any of its body is read, but for the little of a probe.
func TestDoor_header(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.sealed(secret, "")
	old := w.sealed(secret, "")
	old.Set("X-Slack-Request-Timestamp", strconv.FormatInt(w.clock.Now().Add(-301*time.Second).Unix(), 10))
	for path, h := range w.routes() {
		for name, header := range map[string]http.Header{
			"no time":      {"X-Slack-Signature": good["X-Slack-Signature"]},
			"an older one": old,
			"too short":    {"X-Slack-Signature": {"v0=00"}, "X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]},
			"no hex": {"X-Slack-Signature": {"v0=" + strings.Repeat("zz", 32)},
				"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]},
		} {
			if got := doortest.Call(w.ctx(), h, path, header, 1<<20).Status(); got != http.StatusUnauthorized {
				t.Errorf("%s at %s: got %d", name, path, got)
			}
		}
		if got := doortest.Call(w.ctx(), h, path, http.Header{}, 1<<20).Send(2000).Status(); got != http.StatusRequestEntityTooLarge {
			t.Errorf("unsigned at %s: got %d", path, got)
		}
	}
}
