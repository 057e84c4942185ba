package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/embedded"
	"tsunagi/store/storetest"
	"tsunagi/store/testwait"
)

// Who works at the city, and where.
const (
	deskRoom     = "C0DESK"
	welfareRoom  = "C0WELFARE"
	industryRoom = "C0INDUSTRY"

	chief    = "U0CHIEF"    // of the desk; manager
	tanaka   = "U0TANAKA"   // of the desk
	mori     = "U0MORI"     // of the desk
	suzuki   = "U0SUZUKI"   // of welfare
	yamamoto = "U0YAMAMOTO" // of industry
	nobody   = "U0NOBODY"   // a colleague in no room of ours
	guest    = "U0GUEST"    // a guest in all rooms
	alien    = "U0ALIEN"    // of another organisation, in the rooms that were shared with it
	robot    = "U0ROBOT"    // another app's bot, in all rooms
)

// The secrets of the two channels.
const (
	lineSecret  = "line-channel-secret"
	lineToken   = "line-access-token"
	slackToken  = "xoxb-fault-tests"
	slackSecret = "slack-signing-secret"
)

// wish is what a test wants of its world; the zero wish is one process, a fresh database, a Redis in memory.
type wish struct {
	replicas int
	database string                          // address; empty: a fresh one
	redis    string                          // address; empty: a Redis of its own
	line     func(*linesim.Config)           // changes the channel
	slack    func(*slacksim.Config)          // changes the workspace
	onLine   func(http.Handler) http.Handler // stands before LINE's API
	onSlack  func(http.Handler) http.Handler // stands before Slack's API
	idle     bool                            // start no process yet
}

// world is a desk between two simulated platforms.
type world struct {
	t     *testing.T
	ctx   context.Context
	line  *linesim.Sim
	slack *slacksim.Sim
	front *front
	db    *pgxpool.Pool // for looking, beside the program
	redis *embedded.MemoryRedis
	desk  bot.Desk
	env   []string
	url   string // of the front

	mu       sync.Mutex
	programs []*program // those that run
	ended    []*program
}

func newWorld(t *testing.T, wishes ...wish) *world {
	t.Helper()
	var o wish
	if len(wishes) > 0 {
		o = wishes[0]
	}
	ctx, cancel := testwait.Several(context.Background(), times(4, 100))
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, front: newFront(), desk: kishiwada(t)}
	serving := o.database
	if o.database == "" {
		o.database = storetest.URL(t)
		serving = storetest.Served(t, o.database)
	}
	w.look(o.database)
	lineURL, slackURL := w.platforms(o)
	if o.redis == "" {
		o.redis = w.ownRedis()
	}
	w.env = environment(serving, o.redis, w.url, lineURL, slackURL)
	w.serves(wholeProfile(t))
	t.Cleanup(w.close)
	if !o.idle {
		w.start(max(1, o.replicas))
	}
	return w
}

func kishiwada(t *testing.T) bot.Desk {
	t.Helper()
	profile, err := config.LoadProfile("kishiwada", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return profile.Desk()
}

// look opens the database beside the program. It need not be there yet.
func (w *world) look(url string) {
	w.t.Helper()
	c, err := pgxpool.ParseConfig(url)
	w.must(err)
	c.MaxConns = 3
	w.db, err = pgxpool.NewWithConfig(w.ctx, c)
	w.must(err)
	w.t.Cleanup(w.db.Close)
}

func (w *world) ownRedis() string {
	w.t.Helper()
	var err error
	w.redis, err = embedded.StartRedis(w.ctx, embedded.Redis{})
	w.must(err)
	w.t.Cleanup(w.redis.Stop)
	return w.redis.URL()
}

func environment(database, redis, front, line, slack string) []string {
	return []string{
		"DATABASE_URL=" + database, "REDIS_URL=" + redis, "LISTEN_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0",
		"PUBLIC_URL=" + front, "LINE_CHANNEL_SECRET=" + lineSecret,
		"LINE_CHANNEL_ACCESS_TOKEN=" + lineToken, "LINE_API_URL=" + line, "LINE_DATA_API_URL=" + line,
		"SLACK_BOT_TOKEN=" + slackToken, "SLACK_SIGNING_SECRET=" + slackSecret, "SLACK_API_URL=" + slack + "/api/",
		"GORACE=halt_on_error=0", "PATH=" + os.Getenv("PATH"),
	}
}

// wholeProfile is Kishiwada's, but that every message stands for itself: people in these tests type faster than people do.
func wholeProfile(t *testing.T) string {
	t.Helper()
	whole, err := os.ReadFile("../../config/profiles/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(whole), "\nintake:\n")
	if !found {
		t.Fatal("the profile has no intake")
	}
	return before + "\nintake:\n  talk: {burst: 0s}\n" + after
}

// serves lets the processes that start from now on have a profile.
func (w *world) serves(profile string) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "desk.yaml")
	w.must(os.WriteFile(path, []byte(profile), 0o600))
	w.env = append(slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "DESK_PROFILE=") }), "DESK_PROFILE="+path)
}

// platforms serves both simulators and the front on the loopback address.
func (w *world) platforms(o wish) (lineURL, slackURL string) {
	lc := linesim.Config{ChannelSecret: lineSecret, AccessToken: lineToken, Unlimited: true}
	sc := slacksim.Config{BotToken: slackToken, SigningSecret: slackSecret, Rates: slacksim.Rates{Off: true}, EscapeCommands: true, Scopes: slack.Scopes()}
	if o.line != nil {
		o.line(&lc)
	}
	if o.slack != nil {
		o.slack(&sc)
	}
	w.line, w.slack = linesim.New(lc), slacksim.New(sc)
	lineURL, slackURL = w.serve(w.line, o.onLine), w.serve(w.slack, o.onSlack)
	w.t.Cleanup(w.line.Close)
	w.t.Cleanup(w.slack.Shutdown)
	w.url = w.serve(w.front, nil)
	w.line.SetWebhookURL(w.url + "/line/webhook")
	w.slack.SetBaseURL(slackURL)
	w.slack.SetAppURLs(w.url+"/slack/commands", w.url+"/slack/interactions", w.url+"/slack/events")
	w.staff()
	return lineURL, slackURL
}

func (w *world) serve(h http.Handler, before func(http.Handler) http.Handler) string {
	if before != nil {
		h = before(h)
	}
	s := httptest.NewServer(h)
	w.t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// staff fills the workspace. All rooms are private; people of another organisation come in when one is shared.
func (w *world) staff() {
	for _, id := range []string{chief, tanaka, mori, suzuki, yamamoto, nobody} {
		w.slack.AddUser(id, strings.ToLower(id[2:]))
	}
	w.slack.AddUser(guest, "guest", slacksim.Guest)
	w.slack.AddUser(alien, "alien", slacksim.Outsider)
	w.slack.AddUser(robot, "robot", slacksim.Bot)
	w.slack.AddPrivateChannel(deskRoom, "desk", chief, tanaka, mori, guest, robot)
	for _, d := range w.desk.Departments {
		members := []string{guest, robot}
		switch d.ID {
		case "welfare":
			members = append(members, suzuki)
		case "industry":
			members = append(members, yamamoto)
		}
		w.slack.AddPrivateChannel(d.Channel, string(d.ID), members...)
	}
}

// start starts so many processes more and lets them have the requests.
func (w *world) start(n int) {
	w.t.Helper()
	ctx, cancel := testwait.Bound(w.ctx)
	defer cancel()
	for range n {
		p, err := start(ctx, w.env)
		w.must(err)
		w.mu.Lock()
		w.programs = append(w.programs, p)
		w.mu.Unlock()
	}
	w.route()
}

// route lets the front know who runs.
func (w *world) route() {
	w.mu.Lock()
	defer w.mu.Unlock()
	var targets []string
	for _, p := range w.programs {
		targets = append(targets, p.addr)
	}
	w.front.serveBy(targets...)
}

// running is a process that runs now.
func (w *world) running() *program {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.programs) == 0 {
		return nil
	}
	return w.programs[0]
}

// killOne ends the process that has run for longest, as a crash does. Requests then go to the others, if there are any.
func (w *world) killOne() {
	w.mu.Lock()
	p := w.programs[0]
	w.ended, w.programs = append(w.ended, p), w.programs[1:]
	w.mu.Unlock()
	p.kill()
	w.route()
}

// close ends the processes in order and judges what they have said.
func (w *world) close() {
	w.mu.Lock()
	running, all := w.programs, append(w.ended, w.programs...)
	w.mu.Unlock()
	for _, p := range running {
		if err := p.stop(); err != nil {
			w.t.Errorf("the program ended with %v", err)
		}
	}
	for _, p := range all {
		said := p.said()
		for _, bad := range []string{"WARNING: DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(said, bad) {
				w.t.Errorf("the program said %q:\n%s", bad, said)
			}
		}
	}
	w.asksForSomebody()
	if w.t.Failed() {
		w.dump(all)
	}
}

// asksForSomebody judges that Slack was never asked who nobody is.
func (w *world) asksForSomebody() {
	for _, e := range w.slack.Record() {
		if e.Kind == slacksim.Called && e.Method == "users.info" && e.Error == "user_not_found" {
			w.t.Errorf("Slack was asked for somebody it does not know, %q", e.User)
		}
	}
}

// dump shows what the processes said that is out of the ordinary, and the end of what they said.
func (w *world) dump(all []*program) {
	for i, p := range all {
		said := strings.Split(p.said(), "\n")
		last := said[max(0, len(said)-8):]
		odd := slices.DeleteFunc(said[:len(said)-len(last)], func(line string) bool { return strings.Contains(line, `"level":"INFO"`) })
		w.t.Logf("process %d of %d said:\n%s\n...\n%s", i+1, len(all), strings.Join(odd[max(0, len(odd)-30):], "\n"), strings.Join(last, "\n"))
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// until waits until a condition holds; it is asked again and again, since a database does not call.
func (w *world) until(what string, holds func() (bool, error)) {
	w.t.Helper()
	w.within(1, what, holds)
}

// within waits for a condition which so many things have to come true for.
func (w *world) within(things int, what string, holds func() (bool, error)) {
	w.t.Helper()
	ctx, cancel := testwait.Several(w.ctx, things)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := holds()
		if ok && err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("in vain until %s (%v)", what, err)
		}
	}
}

// settled waits until nothing is left to be delivered or fetched. After a long run there is much: Slack takes one post a
// second in a channel.
func (w *world) settled() {
	w.t.Helper()
	w.within(times(1, 24), "everything is delivered", func() (bool, error) {
		n, err := w.count(`SELECT (SELECT count(*) FROM deliveries WHERE state = 'pending') + (SELECT count(*) FROM files WHERE state = 'wanted')`)
		return n == 0, err
	})
}

// count asks the database for a number.
func (w *world) count(sql string, args ...any) (n int, err error) {
	ctx, cancel := testwait.Bound(w.ctx)
	defer cancel()
	err = w.db.QueryRow(ctx, sql, args...).Scan(&n)
	return n, err
}

// number is count where nothing can be amiss with the database.
func (w *world) number(sql string, args ...any) int {
	w.t.Helper()
	n, err := w.count(sql, args...)
	w.must(err)
	return n
}

// rows asks the database for texts, one a row.
func (w *world) rows(sql string, args ...any) []string {
	w.t.Helper()
	found, err := w.db.Query(w.ctx, sql, args...)
	w.must(err)
	texts, err := pgx.CollectRows(found, pgx.RowTo[string])
	w.must(err)
	return texts
}

// want compares numbers that the database gives.
func (w *world) want(want int, what, sql string, args ...any) {
	w.t.Helper()
	if got := w.number(sql, args...); got != want {
		w.t.Errorf("%s: got %d, want %d", what, got, want)
	}
}

// get asks a process over its public or its private door.
func (w *world) get(url string) (int, string) {
	w.t.Helper()
	a, err := http.Get(url)
	w.must(err)
	defer a.Body.Close()
	var b strings.Builder
	_, err = fmt.Fprint(&b, readAll(a.Body))
	w.must(err)
	return a.StatusCode, b.String()
}
