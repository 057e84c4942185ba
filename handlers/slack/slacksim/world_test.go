package slacksim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/handlers/testclock"
	"tsunagi/store/testwait"
)

const (
	desk   = "C0DESK"
	lonely = "C0LONELY" // a public channel without the bot
	secret = "G0SECRET" // a private channel without the bot
	chief  = "U0CHIEF"
	clerk  = "U0CLERK"
	guest  = "U0GUEST"
	alien  = "U0ALIEN"
)

// world is a workspace, an app that tests can script, and the official client.
type world struct {
	t      *testing.T
	sim    *slacksim.Sim
	server *httptest.Server
	app    *app
	api    *slack.Client
	clock  *testclock.Clock
}

func newWorld(t *testing.T, change ...func(*slacksim.Config)) *world {
	t.Helper()
	w := &world{t: t, app: newApp(t), clock: testclock.At(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC))}
	cfg := slacksim.Config{
		BotToken: "xoxb-test", AppToken: "xapp-test", SigningSecret: "shh", Now: w.clock.Now, AckTimeout: testwait.Limit,
		CommandsURL: w.app.server.URL + "/commands", InteractionsURL: w.app.server.URL + "/interactions",
		EventsURL: w.app.server.URL + "/events",
	}
	for _, f := range change {
		f(&cfg)
	}
	w.sim = slacksim.New(cfg)
	w.server = httptest.NewServer(w.sim)
	t.Cleanup(w.server.Close)
	t.Cleanup(w.sim.Shutdown)
	w.sim.SetBaseURL(w.server.URL)
	w.people()
	w.api = slack.New("xoxb-test", slack.OptionAPIURL(w.server.URL+"/api/"), slack.OptionAppLevelToken("xapp-test"))
	return w
}

func (w *world) people() {
	w.sim.AddUser(chief, "chief")
	w.sim.AddUser(clerk, "clerk")
	w.sim.AddUser(guest, "guest", slacksim.Guest)
	w.sim.AddUser(alien, "alien", slacksim.Outsider)
	w.sim.AddGroup("S0ALL", "all-staff", clerk, guest)
	w.sim.AddChannel(desk, "desk", chief, clerk, guest, alien)
	w.sim.AddChannel(lonely, "lonely", clerk)
	w.sim.AddPrivateChannel(secret, "secret", clerk)
	w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Drop, Method: "channel_left", Times: 2}) // the app need not hear of it
	w.must(w.sim.RemoveBot(w.t.Context(), lonely))
	w.must(w.sim.RemoveBot(w.t.Context(), secret))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// call calls the Web API with a JSON body and returns the answer.
func (w *world) call(method string, args map[string]any) map[string]any {
	w.t.Helper()
	raw, err := json.Marshal(args)
	w.must(err)
	resp := w.do(method, "application/json; charset=utf-8", string(raw))
	return resp
}

func (w *world) form(method string, args url.Values) map[string]any {
	w.t.Helper()
	return w.do(method, "application/x-www-form-urlencoded", args.Encode())
}

func (w *world) do(method, kind, body string) map[string]any {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.server.URL+"/api/"+method, strings.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer xoxb-test")
	resp, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	var out map[string]any
	w.must(json.NewDecoder(resp.Body).Decode(&out))
	out["status"] = resp.StatusCode
	return out
}

// wait returns the first record entry that ok accepts.
func (w *world) wait(ok func(slacksim.Entry) bool) slacksim.Entry {
	w.t.Helper()
	e, err := w.sim.Wait(testwait.Context(w.t), 0, ok)
	if err != nil {
		w.t.Fatalf("waiting for an entry: %v\nrecord: %+v", err, w.sim.Record())
	}
	return e
}

// got is a request that the app received.
type got struct {
	path   string
	header http.Header
	body   []byte
	form   url.Values
	json   map[string]any // the event, or the payload of an interaction
}

// app is the other side: it keeps what it receives and answers as scripted.
type app struct {
	server *httptest.Server
	mu     sync.Mutex
	all    []got
	answer func(http.ResponseWriter, got)
}

func newApp(t *testing.T) *app {
	a := &app{}
	a.server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.server.Close)
	return a
}

func (a *app) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g := got{path: r.URL.Path, header: r.Header.Clone(), body: body}
	raw := body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		g.form, _ = url.ParseQuery(string(body))
		raw = []byte(g.form.Get("payload"))
	}
	_ = json.Unmarshal(raw, &g.json)
	a.mu.Lock()
	a.all = append(a.all, g)
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		answer(w, g)
	}
}

func (a *app) script(f func(http.ResponseWriter, got)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = f
}

func (a *app) received(path string) []got {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []got
	for _, g := range a.all {
		if g.path == path {
			list = append(list, g)
		}
	}
	return list
}

func (a *app) last(t *testing.T, path string) got {
	t.Helper()
	list := a.received(path)
	if len(list) == 0 {
		t.Fatalf("the app received nothing at %s", path)
	}
	return list[len(list)-1]
}

func reply(body string) func(http.ResponseWriter, got) {
	return func(w http.ResponseWriter, _ got) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

// dig follows keys and indexes through JSON.
func dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}
