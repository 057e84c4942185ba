package line_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/door"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/testclock"
	"tsunagi/store/testwait"
)

const (
	secret = "8c570fa6dd201bb328f1c1eac23a96d8"
	token  = "long-lived"
)

// catalogues are read once each.
var catalogues = map[string]func() (*text.Catalogue, error){"ja": readOnce("ja"), "en": readOnce("en")}

func readOnce(lang string) func() (*text.Catalogue, error) {
	return sync.OnceValues(func() (*text.Catalogue, error) { return text.Load(lang) })
}

func catalogue(t testing.TB, lang string) *text.Catalogue {
	t.Helper()
	c, err := catalogues[lang]()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// desk is a concierge that keeps what it is given and does as it is told.
type desk struct {
	mu     sync.Mutex
	events []concierge.Event
	do     func(ctx context.Context, e concierge.Event) error
}

func (d *desk) Handle(ctx context.Context, e concierge.Event) error {
	d.mu.Lock()
	d.events = append(d.events, e)
	do := d.do
	d.mu.Unlock()
	if do != nil {
		return do(ctx, e)
	}
	return nil
}

// does lets the desk do so from now on.
func (d *desk) does(f func(ctx context.Context, e concierge.Event) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.do = f
}

func (d *desk) heard() []concierge.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]concierge.Event(nil), d.events...)
}

func (d *desk) last(t testing.TB) concierge.Event {
	t.Helper()
	list := d.heard()
	if len(list) == 0 {
		t.Fatal("no event reached the desk")
	}
	return list[len(list)-1]
}

// wire is LINE simulated, our side of it, and a desk behind.
type wire struct {
	*linesim.Sim
	t      testing.TB
	ctx    context.Context
	client *line.Client
	hook   *httptest.Server
	api    *httptest.Server
	desk   *desk
	clock  *testclock.Clock
	log    *logbook
}

// settings of a wire that a test may change.
type settings struct {
	sim  linesim.Config
	line line.Options
	hook line.WebhookOptions
}

func newWire(t testing.TB, change ...func(s *settings)) *wire {
	t.Helper()
	w := &wire{
		t: t, ctx: testwait.Context(t), desk: &desk{}, log: &logbook{},
		clock: testclock.At(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)),
	}
	s := settings{
		sim:  linesim.Config{ChannelSecret: secret, AccessToken: token, ChannelID: "100", Now: w.clock.Now, Unlimited: true, WebhookTimeout: testwait.Limit},
		line: line.Options{Token: config.NewSecret(token), Words: catalogue(t, "ja"), Log: w.log.logger(), Now: w.clock.Now, LoadingAfter: time.Hour},
		hook: line.WebhookOptions{Secret: config.NewSecret(secret), Concierge: w.desk, Log: w.log.logger()},
	}
	for _, f := range change {
		f(&s)
	}
	w.Sim = linesim.New(s.sim)
	w.api = httptest.NewServer(w.Sim)
	s.line.APIURL, s.line.DataURL = w.api.URL, w.api.URL
	client, err := line.New(s.line)
	if err != nil {
		t.Fatal(err)
	}
	w.client, s.hook.Client = client, client
	if s.hook.Door == nil {
		s.hook.Door = door.New(door.Options{Now: w.clock.Now, Log: w.log.logger()})
	}
	mux := http.NewServeMux()
	mux.Handle("POST /line/webhook", line.NewWebhook(s.hook))
	w.hook = httptest.NewServer(mux)
	w.SetWebhookURL(w.hook.URL + "/line/webhook")
	t.Cleanup(func() {
		w.Sim.Close()
		client.Close()
		w.hook.Close()
		w.api.Close()
	})
	return w
}

// friend adds somebody who follows the account.
func (w *wire) friend(id string) linesim.Person {
	w.t.Helper()
	p := w.AddPerson(id, id)
	w.ok(p.Follow(w.ctx))
	return p
}

// ok wants an event to have been taken.
func (w *wire) ok(r linesim.Receipt, err error) linesim.Receipt {
	w.t.Helper()
	if err != nil || !r.Delivered() {
		w.t.Fatalf("event not delivered: %+v, %v", r, err)
	}
	return r
}

// post sends a body with a signature, as anybody could.
func (w *wire) post(body []byte, signature string) *http.Response {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.hook.URL+"/line/webhook", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if signature != "" {
		req.Header["x-line-signature"] = []string{signature}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}

func said(words string) msg.Message {
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}}
}

func parcel(to, replyToken, words string) outbox.Parcel {
	return outbox.Parcel{ID: uuid.New(), Event: "01EVENT", To: to, ReplyToken: replyToken, Message: said(words)}
}

// texts lists what the bot has said to a person.
func texts(p linesim.Person) []string {
	var out []string
	for _, e := range p.Chat() {
		var m struct{ Text string }
		if e.Kind == linesim.Seen && json.Unmarshal(e.Message, &m) == nil {
			out = append(out, m.Text)
		}
	}
	return out
}

// logbook keeps the log as JSON lines.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// lines are those with a message.
func (l *logbook) lines(t testing.TB, message string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, raw := range bytes.Split([]byte(l.String()), []byte("\n")) {
		var line map[string]any
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &line); err != nil {
				t.Fatal(err)
			}
			if line["msg"] == message {
				out = append(out, line)
			}
		}
	}
	return out
}

var errDown = errors.New("database is down")

func say(key string) text.Line { return text.Say(key) }
