package linesim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
)

const retryKey = "123e4567-e89b-12d3-a456-426614174000"

func TestPushReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friend, stranger, writer, blocker := w.friend("friend"), w.AddPerson("stranger", ""), w.AddPerson("writer", ""), w.friend("blocker")
	w.ok(writer.SendText(w.ctx, "a"))
	w.ok(blocker.Block(w.ctx))
	w.ok(friend.JoinGroup(w.ctx, "club"))
	cases := []struct {
		name, to string
		status   int
		shown    bool
		used     int
	}{
		{"friend", friend.ID(), 200, true, 1},
		{"stranger", stranger.ID(), 200, false, 0},
		{"writer", writer.ID(), 200, true, 1},
		{"blocker", blocker.ID(), 200, false, 0},
		{"nobody", linesim.UserID("nobody"), 200, false, 0},
		{"group", linesim.GroupID("club"), 200, true, 1},
		{"foreign group", linesim.GroupID("other"), 400, false, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before, chat := w.Usage(), len(seen(w.Chat(c.to)))
			w.push(c.to, hello("a")).want(t, c.status)
			if shown := len(seen(w.Chat(c.to))) > chat; shown != c.shown || w.Usage()-before != c.used {
				t.Errorf("shown %v, counted %d", shown, w.Usage()-before)
			}
		})
	}
	w.clock.Add(8 * 24 * time.Hour)
	before := len(w.Chat(writer.ID()))
	w.push(writer.ID(), hello("a")).want(t, 200)
	if len(w.Chat(writer.ID())) != before {
		t.Error("a stranger who wrote over seven days ago was reached")
	}
}

func TestRetryKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.push(p.ID(), hello("a"), "X-Line-Retry-Key", "not-a-uuid").want(t, 400)
	w.push(p.ID(), hello(""), "X-Line-Retry-Key", retryKey).want(t, 400) // a refused call does not use the key up
	first := w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, 200)
	w.clock.Add(24*time.Hour - time.Second)
	again := w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, 409, "The retry key is already accepted")
	if got, want := again.header.Get("X-Line-Accepted-Request-Id"), first.header.Get("X-Line-Request-Id"); got != want || want == "" {
		t.Errorf("accepted request %q, want %q", got, want)
	}
	if fmt.Sprint(again.Errors.Sent) != fmt.Sprint(first.Errors.Sent) || len(first.Errors.Sent) != 1 {
		t.Errorf("sent %v, want %v", again.Errors.Sent, first.Errors.Sent)
	}
	if again.header.Get("X-Line-Request-Id") == first.header.Get("X-Line-Request-Id") {
		t.Error("two calls have one request id")
	}
	if got := seen(p.Chat()); len(got) != 1 {
		t.Errorf("the phone shows %v", got)
	}
	w.clock.Add(time.Second)
	w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, 200)
	if got := seen(p.Chat()); len(got) != 2 {
		t.Errorf("after 24 h the phone shows %v", got)
	}
}

func TestMonthlyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) { c.MonthlyLimit = 2 })
	p := w.friend("tanaka")
	w.push(p.ID(), hello("a")+","+hello("b")).want(t, 200) // counts one
	w.push(p.ID(), hello("a")).want(t, 200)
	w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, 429, "You have reached your monthly limit.")
	if got := string(w.call("GET", "/v2/bot/message/quota", "").want(t, 200).body); got != `{"type":"limited","value":2}` {
		t.Errorf("quota %s", got)
	}
	if got := string(w.call("GET", "/v2/bot/message/quota/consumption", "").want(t, 200).body); got != `{"totalUsage":2}` {
		t.Errorf("consumption %s", got)
	}
	r := w.ok(p.SendText(w.ctx, "a"))
	w.reply(r.ReplyToken, hello("free")).want(t, 200)
	w.clock.Add(11 * 24 * time.Hour) // December
	w.push(p.ID(), hello("a"), "X-Line-Retry-Key", retryKey).want(t, 200)
	w.SetMonthlyLimit(0)
	if got := string(w.call("GET", "/v2/bot/message/quota", "").want(t, 200).body); got != `{"type":"none"}` {
		t.Errorf("quota %s", got)
	}
}

func TestMulticastAndBroadcast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, q := w.friend("tanaka"), w.friend("sato")
	w.AddPerson("stranger", "")
	to := func(n int) string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = quoted(linesim.UserID(fmt.Sprint(i)))
		}
		return `{"to":[` + strings.Join(ids, ",") + `],"messages":[` + hello("a") + `]}`
	}
	w.call("POST", "/v2/bot/message/multicast", to(500)).want(t, 200)
	w.call("POST", "/v2/bot/message/multicast", to(501)).want(t, 400)
	w.call("POST", "/v2/bot/message/multicast", to(0)).want(t, 400)
	body := `{"to":["` + p.ID() + `","` + q.ID() + `"],"messages":[` + hello("a") + `]}`
	w.call("POST", "/v2/bot/message/multicast", body, "X-Line-Retry-Key", retryKey).want(t, 200)
	w.call("POST", "/v2/bot/message/multicast", body, "X-Line-Retry-Key", retryKey).want(t, 409)
	w.call("POST", "/v2/bot/message/broadcast", `{"messages":[`+hello("b")+`]}`).want(t, 200)
	if got := strings.Join(seen(p.Chat()), " "); got != "a b" || w.Usage() != 4 {
		t.Errorf("the phone shows %q, counted %d", got, w.Usage())
	}
}

func TestDeliveryCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(w.friend("tanaka").ID(), hello("a")).want(t, 200)
	path := "/v2/bot/message/delivery/push?date=20261120"
	if got := string(w.call("GET", path, "").want(t, 200).body); got != `{"status":"unready"}` {
		t.Errorf("today %s", got)
	}
	w.clock.Add(24 * time.Hour)
	if got := string(w.call("GET", path, "").want(t, 200).body); got != `{"status":"ready","success":1}` {
		t.Errorf("yesterday %s", got)
	}
	w.call("GET", "/v2/bot/message/delivery/push", "").want(t, 400)
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) {
		c.Rates = map[string]linesim.Rate{"POST /v2/bot/message/push": {Calls: 2, Per: time.Second}}
	})
	p := w.friend("tanaka")
	w.push(p.ID(), hello("a")).want(t, 200)
	w.push(p.ID(), hello("a")).want(t, 200)
	w.push(p.ID(), hello("a")).want(t, 429, "The API rate limit has been exceeded. Try again later.")
	w.call("GET", "/v2/bot/info", "").want(t, 200) // another endpoint, another bucket
	w.clock.Add(500 * time.Millisecond)
	w.push(p.ID(), hello("a")).want(t, 200)
	w.push(p.ID(), hello("a")).want(t, 429)
}

func TestAdmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	push := func(header ...string) response { return w.push(p.ID(), hello("a"), header...) }
	push("Authorization", "Bearer wrong").want(t, 401)
	push("Authorization", token).want(t, 401)
	push("Authorization", "").want(t, 401)
	push("Content-Type", "text/plain").want(t, 415)
	push("Content-Type", "application/json; charset=UTF-8").want(t, 200)
	w.push(p.ID(), hello(many(2<<20, "a"))).want(t, 413)
	w.call("GET", "/v2/bot/nothing", "").want(t, 404)
	w.call("DELETE", "/v2/bot/message/push", "").want(t, 404)
	w.call("GET", "/v2/bot/followers/ids", "").want(t, 403)
	w.SetAccessToken("new")
	push().want(t, 401)
	push("Authorization", "Bearer new").want(t, 200)
	ids := map[string]bool{}
	for _, e := range w.Record() {
		if e.RequestID != "" {
			ids[e.RequestID] = true
		}
	}
	if len(ids) != 11 {
		t.Errorf("%d calls on record, want 11", len(ids))
	}
}
