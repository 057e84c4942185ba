package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/door"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/handlers/testclock"
	"tsunagi/store/testwait"
)

const (
	deskRoom    = "C0DESK"
	welfareRoom = "C0WELFARE"
	healthRoom  = "G0HEALTH"

	chief   = "U0CHIEF"  // manager, and of the desk
	clerk   = "U0CLERK"  // of the desk
	carer   = "U0CARER"  // of welfare
	nurse   = "U0NURSE"  // of health
	both    = "U0BOTH"   // of both departments
	guest   = "U0GUEST"  // a guest in all three channels
	alien   = "U0ALIEN"  // of another organisation, in all three channels
	robot   = "U0ROBOT"  // another app's bot, in all three channels
	nobody  = "U0NOBODY" // a colleague in no channel of ours
	secret  = "shhh"
	botUser = "U0BOT"
)

// world is a workspace, the app in it, and flows that keep what they are asked and answer as told.
type world struct {
	t         *testing.T
	sim       *slacksim.Sim
	simURL    string
	appURL    string
	app       *slack.App
	client    *slack.Client
	directory *slack.Directory
	sender    *slack.Sender
	desk      *bot.Desk
	words     *text.Catalogue
	commands  *commands
	cards     *cards
	clock     *testclock.Clock
	log       *log
}

func newWorld(t *testing.T, change ...func(*slacksim.Config)) *world {
	t.Helper()
	w := &world{t: t, commands: &commands{}, cards: &cards{}, log: &log{}, desk: newDesk(), words: catalogue(t, "ja")}
	w.clock = testclock.At(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC))
	cfg := slacksim.Config{
		BotToken: "xoxb-test", AppToken: "xapp-test", SigningSecret: secret, Now: w.clock.Now, AckTimeout: testwait.Limit,
		Rates: slacksim.Rates{Off: true}, EscapeCommands: true,
	}
	for _, f := range change {
		f(&cfg)
	}
	w.workspace(cfg)
	var err error
	w.client, err = slack.NewClient(slack.Access{
		APIURL: w.simURL + "/api/", BotToken: config.NewSecret("xoxb-test"), AppToken: config.NewSecret("xapp-test"),
	})
	w.must(err)
	logger := slog.New(slog.NewJSONHandler(w.log, nil))
	w.directory = slack.NewDirectory(w.client, w.desk, w.clock.Now, logger)
	w.sender = slack.NewSender(w.client, w.desk, w.words, w.clock.Now, logger)
	w.app = slack.New(slack.Options{
		Client: w.client, Directory: w.directory, Desk: w.commands, Coordinator: w.cards, Words: w.words,
		Door: door.New(door.Options{Now: w.clock.Now, Log: logger}), SigningSecret: config.NewSecret(secret), Now: w.clock.Now, Log: logger,
	})
	if cfg.SocketMode {
		w.connect()
	} else {
		w.listen()
	}
	return w
}

func newDesk() *bot.Desk {
	return &bot.Desk{
		Name: "岸和田市公民戦略連携デスク", Channel: deskRoom, Managers: []string{chief},
		Departments: []bot.Department{
			{ID: "welfare", Name: "福祉政策課", Channel: welfareRoom},
			{ID: "health", Name: "健康推進課", Channel: healthRoom},
		},
	}
}

func (w *world) workspace(cfg slacksim.Config) {
	w.sim = slacksim.New(cfg)
	server := httptest.NewServer(w.sim)
	w.t.Cleanup(server.Close)
	w.t.Cleanup(w.sim.Shutdown)
	w.simURL = server.URL
	w.sim.SetBaseURL(server.URL)
	for _, id := range []string{chief, clerk, carer, nurse, both, nobody} {
		w.sim.AddUser(id, strings.ToLower(id[2:]))
	}
	w.sim.AddUser(guest, "guest", slacksim.Guest)
	w.sim.AddUser(alien, "alien", slacksim.Outsider)
	w.sim.AddUser(robot, "robot", slacksim.Bot)
	w.sim.AddPrivateChannel(deskRoom, "desk", chief, clerk, guest, alien, robot)
	w.sim.AddPrivateChannel(welfareRoom, "welfare", carer, both, guest, alien, robot)
	w.sim.AddPrivateChannel(healthRoom, "health", nurse, both, guest, alien, robot)
	w.sim.AddChannel("C0LOBBY", "lobby", chief, clerk, carer, nurse, both, nobody)
}

// listen serves the app over HTTP.
func (w *world) listen() {
	mux := http.NewServeMux()
	mux.Handle("POST /slack/commands", w.app.Commands())
	mux.Handle("POST /slack/interactions", w.app.Interactions())
	mux.Handle("POST /slack/events", w.app.Events())
	server := httptest.NewServer(mux)
	w.appURL = server.URL
	w.t.Cleanup(func() {
		server.Close()
		w.close()
	})
	w.sim.SetAppURLs(server.URL+"/slack/commands", server.URL+"/slack/interactions", server.URL+"/slack/events")
}

// connect runs the app over Socket Mode, and stops it before the workspace shuts down.
func (w *world) connect() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.app.Connect(ctx) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Errorf("socket mode ended with %v", err)
		}
		w.close()
	})
	w.seen(func(e slacksim.Entry) bool { return e.Kind == slacksim.SocketState && e.Method == "hello" })
}

func (w *world) close() {
	ctx, cancel := testwait.Bound(context.Background())
	defer cancel()
	if err := w.app.Close(ctx); err != nil {
		w.t.Errorf("close: %v", err)
	}
	for _, e := range w.sim.Record() {
		if e.Unfurls && e.Kind != slacksim.FileShared {
			w.t.Errorf("Slack may fetch what is linked in %s %q", e.Kind, e.Text)
		}
	}
}

// overBothWires runs a test over HTTP and over Socket Mode: the same answers stand behind both.
func overBothWires(t *testing.T, test func(t *testing.T, w *world)) {
	for name, socket := range map[string]bool{"http": false, "socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, func(c *slacksim.Config) { c.SocketMode = socket }))
		})
	}
}

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

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ctx ends before the test's own time does, so that a fault shows where it is.
func (w *world) ctx() context.Context { return testwait.Context(w.t) }

// seen waits for an entry of the workspace's record.
func (w *world) seen(ok func(slacksim.Entry) bool) slacksim.Entry {
	w.t.Helper()
	e, err := w.sim.Wait(w.ctx(), 0, ok)
	if err != nil {
		w.t.Fatalf("waiting for an entry: %v\n%slog: %.2000s", err, w.record(), w.log)
	}
	return e
}

// record is what happened in short.
func (w *world) record() string {
	var b strings.Builder
	for _, e := range w.sim.Record() {
		fmt.Fprintf(&b, "%d %s %s %s %s %.60s\n", e.Seq, e.Kind, e.Method, e.User, e.Error, e.Text)
	}
	return b.String()
}

// whispered waits for what one person alone is shown.
func (w *world) whispered(user, words string) slacksim.Entry {
	w.t.Helper()
	return w.seen(func(e slacksim.Entry) bool {
		return e.Kind == slacksim.Ephemeral && e.User == user && strings.Contains(e.Text, words)
	})
}

// say is a line of the catalogue.
func (w *world) say(key string, args ...any) string { return w.words.Say(text.Say(key, args...)) }

// card posts a card with buttons into a room and gives its ts.
func (w *world) card(room string, buttons ...msg.Button) string {
	w.t.Helper()
	r, err := w.sender.Send(w.ctx(), parcel(room, msg.Message{
		Alt: "カード", Blocks: []msg.Block{msg.Card{Title: "K2026-0001 見守り", Buttons: buttons}},
	}))
	w.must(err)
	return r.TS
}

func button(do string, args ...string) msg.Button {
	return msg.Button{Label: do, Press: msg.Do(do, args...)}
}

// commands stands where the desk's commands are.
type commands struct {
	mu     sync.Mutex
	calls  []desk.Call
	answer func(context.Context, desk.Call) (msg.Message, error)
}

func (c *commands) Run(ctx context.Context, call desk.Call) (msg.Message, error) {
	c.mu.Lock()
	c.calls = append(c.calls, call)
	answer := c.answer
	c.mu.Unlock()
	if answer == nil {
		return plain("はい"), nil
	}
	return answer(ctx, call)
}

func (c *commands) all() []desk.Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]desk.Call(nil), c.calls...)
}

// cards stands where the coordinator is.
type cards struct {
	mu      sync.Mutex
	presses []coordinator.Press
	submits []coordinator.Submission
	press   func(context.Context, coordinator.Press) (coordinator.Reaction, error)
	submit  func(context.Context, coordinator.Submission) (coordinator.Response, error)
	gone    []string // who may have left, each with the event that told
	deaf    error    // what comes of hearing that somebody left
	heard   func()   // called when it is heard
}

func (c *cards) Press(ctx context.Context, p coordinator.Press) (coordinator.Reaction, error) {
	c.mu.Lock()
	c.presses = append(c.presses, p)
	answer := c.press
	c.mu.Unlock()
	if answer == nil {
		return coordinator.Reaction{}, nil
	}
	return answer(ctx, p)
}

func (c *cards) Submit(ctx context.Context, s coordinator.Submission) (coordinator.Response, error) {
	c.mu.Lock()
	c.submits = append(c.submits, s)
	answer := c.submit
	c.mu.Unlock()
	if answer == nil {
		return coordinator.Response{}, nil
	}
	return answer(ctx, s)
}

func (c *cards) Left(_ context.Context, event, user string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = append(c.gone, user+" "+event)
	if c.heard != nil {
		c.heard()
	}
	return c.deaf
}

// turnDeaf says what comes of hearing that somebody left, and what is to be done then.
func (c *cards) turnDeaf(err error, heard func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf, c.heard = err, heard
}

// left are those who may have left, as often as the app was told.
func (c *cards) left() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, line := range c.gone {
		user, _, _ := strings.Cut(line, " ")
		out = append(out, user)
	}
	return out
}

func (c *cards) pressed() []coordinator.Press {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]coordinator.Press(nil), c.presses...)
}

func (c *cards) submitted() []coordinator.Submission {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]coordinator.Submission(nil), c.submits...)
}

func plain(words string) msg.Message {
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}}
}

// log keeps what was logged.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// texts are all strings anywhere in JSON under the key text.
func texts(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	var b strings.Builder
	gather(&b, v)
	return b.String()
}

func gather(b *strings.Builder, v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			gather(b, item)
		}
	case map[string]any:
		if s, ok := v["text"].(string); ok {
			b.WriteString(s + "\n")
		}
		for _, key := range []string{"text", "elements", "label", "element", "options", "blocks", "title"} {
			if _, leaf := v[key].(string); !leaf {
				gather(b, v[key])
			}
		}
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// will says how the next commands are answered.
func (c *commands) will(answer func(context.Context, desk.Call) (msg.Message, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = answer
}

// willPress says how the next presses are answered.
func (c *cards) willPress(answer func(context.Context, coordinator.Press) (coordinator.Reaction, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.press = answer
}

// willOpen lets the next press open a screen.
func (c *cards) willOpen(s msg.Screen) {
	c.willPress(func(context.Context, coordinator.Press) (coordinator.Reaction, error) {
		return coordinator.Reaction{Open: &s}, nil
	})
}

// willSubmit says how the next submissions are answered.
func (c *cards) willSubmit(said coordinator.Response, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.submit = func(context.Context, coordinator.Submission) (coordinator.Response, error) { return said, err }
}

// served is an app before a workspace, and what signs requests to it.
func served(t testing.TB, workspace string) (*slack.App, func(*http.Request, []byte)) {
	t.Helper()
	client, err := slack.NewClient(slack.Access{
		APIURL: workspace + "/api/", BotToken: config.NewSecret("x"), AppToken: config.NewSecret("xapp"),
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	clock := func() time.Time { return now }
	app := slack.New(slack.Options{
		Client: client, Directory: slack.NewDirectory(client, newDesk(), clock, discard()), Desk: &commands{},
		Coordinator: &cards{}, Words: catalogue(t, "ja"), Door: door.New(door.Options{Now: clock, Log: discard()}),
		SigningSecret: config.NewSecret(secret), Now: clock, Log: discard(),
	})
	return app, func(r *http.Request, body []byte) {
		stamp := strconv.FormatInt(now.Unix(), 10)
		r.Header.Set("X-Slack-Request-Timestamp", stamp)
		r.Header.Set("X-Slack-Signature", slacksim.Sign(secret, stamp, body))
	}
}
