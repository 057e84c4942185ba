package linesim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/testclock"
	"tsunagi/store/testwait"
)

const (
	secret = "8c570fa6dd201bb328f1c1eac23a96d8"
	token  = "long-lived"
)

// bot is the other side: it keeps the webhooks it gets and answers as told.
type bot struct {
	*httptest.Server
	mu     sync.Mutex
	hooks  []hook
	answer func(w http.ResponseWriter, r *http.Request, h hook)
}

type hook struct {
	signature string
	body      []byte
	Dest      string  `json:"destination"`
	Events    []event `json:"events"`
}

type event struct {
	Type           string `json:"type"`
	ReplyToken     string `json:"replyToken"`
	Mode           string `json:"mode"`
	Timestamp      int64  `json:"timestamp"`
	WebhookEventID string `json:"webhookEventId"`
	Source         struct {
		Type, UserID, GroupID string
	} `json:"source"`
	DeliveryContext struct {
		IsRedelivery bool `json:"isRedelivery"`
	} `json:"deliveryContext"`
	Message struct {
		ID, Type, Text, FileName, QuoteToken, MarkAsReadToken string
	} `json:"message"`
	Postback struct {
		Data   string
		Params map[string]string
	} `json:"postback"`
	Follow struct{ IsUnblocked bool } `json:"follow"`
	Unsend struct{ MessageID string } `json:"unsend"`
}

func newBot(t testing.TB) *bot {
	b := &bot{}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

func (b *bot) serve(w http.ResponseWriter, r *http.Request) {
	h := hook{signature: r.Header.Get("X-Line-Signature")}
	h.body, _ = io.ReadAll(r.Body)
	_ = json.Unmarshal(h.body, &h)
	b.mu.Lock()
	b.hooks = append(b.hooks, h)
	answer := b.answer
	b.mu.Unlock()
	if answer != nil {
		answer(w, r, h)
	}
}

// answers lets the bot answer so from now on; nil is 200.
func (b *bot) answers(f func(w http.ResponseWriter, r *http.Request, h hook)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = f
}

func (b *bot) events() []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []event
	for _, h := range b.hooks {
		out = append(out, h.Events...)
	}
	return out
}

func (b *bot) last(t testing.TB) event {
	t.Helper()
	list := b.events()
	if len(list) == 0 {
		t.Fatal("the bot got no event")
	}
	return list[len(list)-1]
}

// world is a simulator, its server, a bot and a clock.
type world struct {
	*linesim.Sim
	t     testing.TB
	url   string
	bot   *bot
	clock *testclock.Clock
	ctx   context.Context
}

func newWorld(t testing.TB, change ...func(cfg *linesim.Config)) *world {
	t.Helper()
	w := &world{t: t, bot: newBot(t), clock: testclock.At(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)), ctx: testwait.Context(t)}
	cfg := linesim.Config{ChannelSecret: secret, AccessToken: token, ChannelID: "100", WebhookURL: w.bot.URL, Now: w.clock.Now, WebhookTimeout: testwait.Limit}
	for _, f := range change {
		f(&cfg)
	}
	w.Sim = linesim.New(cfg)
	srv := httptest.NewServer(w.Sim)
	w.url = srv.URL
	t.Cleanup(func() {
		w.Sim.Close()
		srv.Close()
	})
	return w
}

// friend adds somebody who follows the account.
func (w *world) friend(id string) linesim.Person {
	w.t.Helper()
	p := w.AddPerson(id, id)
	w.ok(p.Follow(w.ctx))
	return p
}

// ok wants an event to have arrived.
func (w *world) ok(r linesim.Receipt, err error) linesim.Receipt {
	w.t.Helper()
	if err != nil || !r.Delivered() {
		w.t.Fatalf("event not delivered: %+v, %v", r, err)
	}
	return r
}

// response is what a call came back with.
type response struct {
	status int
	header http.Header
	body   []byte
	Errors struct {
		Message string
		Details []struct{ Message, Property string }
		Sent    []struct{ ID, QuoteToken string } `json:"sentMessages"`
	}
}

func (w *world) call(method, path, body string, header ...string) response {
	w.t.Helper()
	res, err := w.try(method, path, body, header...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

func (w *world) try(method, path, body string, header ...string) (response, error) {
	req, err := http.NewRequestWithContext(w.ctx, method, w.url+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return do(req)
}

func do(req *http.Request) (response, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	out := response{status: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		return out, err
	}
	_ = json.Unmarshal(out.body, &out.Errors)
	return out, nil
}

func (w *world) push(to, messages string, header ...string) response {
	w.t.Helper()
	return w.call("POST", "/v2/bot/message/push", `{"to":"`+to+`","messages":[`+messages+`]}`, header...)
}

func (w *world) reply(token, messages string, header ...string) response {
	w.t.Helper()
	return w.call("POST", "/v2/bot/message/reply", `{"replyToken":"`+token+`","messages":[`+messages+`]}`, header...)
}

// want wants a status and, when given, a message.
func (r response) want(t testing.TB, status int, message ...string) response {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if len(message) > 0 && r.Errors.Message != message[0] {
		t.Fatalf("message %q, want %q", r.Errors.Message, message[0])
	}
	return r
}

func hello(s string) string { return `{"type":"text","text":` + quoted(s) + `}` }

func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	return strings.TrimSpace(b.String())
}

// seen lists the texts of the bot on a phone.
func seen(entries []linesim.Entry) []string {
	var out []string
	for _, e := range entries {
		var m struct{ Text string }
		if e.Kind == linesim.Seen {
			_ = json.Unmarshal(e.Message, &m)
			out = append(out, m.Text)
		}
	}
	return out
}

func ofKind(entries []linesim.Entry, k linesim.Kind) []linesim.Entry {
	var out []linesim.Entry
	for _, e := range entries {
		if e.Kind == k {
			out = append(out, e)
		}
	}
	return out
}
