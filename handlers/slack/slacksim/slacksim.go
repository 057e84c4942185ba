// Package slacksim is a Slack workspace in memory, served as an http.Handler. Tests, benchmarks and the
// playground put it where slack.com would be: it answers the Web API, refuses what Slack refuses, sends signed
// requests or Socket Mode envelopes when a simulated person acts, and keeps a record of what people saw.
//
// It never shares a type with the adapter it judges, never calls the real Slack, and never repairs what it is
// sent: a message that Slack would refuse is refused here.
//
// Begin reading at Sim and its ServeHTTP; api.go lists what an app may call, people.go what a person may do,
// record.go what is remembered.
package slacksim

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says which app is installed in the workspace and where it listens. Zero values stand for something
// usable; only what a test cares about has to be filled in.
type Config struct {
	BotToken      string // accepted on Web API calls
	AppToken      string // accepted on apps.connections.open
	ConfigToken   string // accepted on apps.manifest.validate; empty accepts any token
	SigningSecret string // signs what is sent to the app over HTTP

	TeamID     string
	TeamDomain string
	AppID      string
	BotID      string
	BotUserID  string
	Command    string // the app's slash command, "/desk" if empty

	CommandsURL     string
	InteractionsURL string
	EventsURL       string
	SocketMode      bool   // send over Socket Mode instead of to the three addresses
	BaseURL         string // where this handler is served; learned from the first call when empty

	Scopes []string // granted to the bot; nil grants what DefaultScopes lists
	Events []string // subscribed events; nil subscribes to what DefaultEvents lists
	Rates  Rates

	Now        func() time.Time
	NewID      func(prefix string) string // makes ids for files, views, triggers, events; counts up when nil
	HTTPClient *http.Client               // reaches the app

	AckTimeout     time.Duration // how long the app may take; 3 s when zero, as Slack
	RetryAtOnce    bool          // an event that was not acknowledged is sent once more immediately, as Slack does
	EscapeCommands bool          // should_escape of the manifest: mentions in commands arrive as <@U…>
	KeepRecord     int           // keep only this many record entries; 0 keeps all
	LoseThreads    bool          // what answers a deleted message is posted into the channel itself, without a word; else it is refused
	MaxBlocksText  int           // characters in all blocks of one message; see maxBlocksText
}

// Sim is the workspace. All methods may be called from several goroutines.
type Sim struct {
	cfg     Config
	rules   rules
	methods map[string]method
	mux     *http.ServeMux
	record  *record
	client  *http.Client

	life context.Context // ends with Shutdown; bounds what the workspace does of its own accord
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	users    map[string]*user
	people   []string // user ids in the order they came
	channels map[string]*channel
	rooms    []string // channel ids in the order they came
	groups   map[string]group
	lastTS   int64
	nextID   int64
	lag      time.Duration

	triggers  map[string]*trigger
	hooks     map[string]*hook
	views     map[string]*view
	stacks    map[string][]*view
	homes     map[string]*view
	files     map[string]*file
	deleted   map[string]bool // ids of files that were there
	uploads   map[string]string
	typed     map[string]state // what each person chose in a message, by user, channel and ts
	lastRead  map[string]map[string]string
	buckets   map[string]*bucket
	faults    []*Fault
	held      *event
	unacked   []*event
	delivered []*event

	sockets sockets
}

// New makes a workspace with the app's bot in it and nobody else.
func New(cfg Config) *Sim {
	cfg = cfg.withDefaults()
	life, stop := context.WithCancel(context.Background())
	s := &Sim{
		cfg: cfg, rules: newRules(), methods: newMethods(), record: newRecord(cfg.KeepRecord),
		client: cfg.HTTPClient, life: life, stop: stop,
		users: map[string]*user{}, channels: map[string]*channel{}, groups: map[string]group{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{}, views: map[string]*view{},
		stacks: map[string][]*view{}, homes: map[string]*view{}, files: map[string]*file{},
		deleted: map[string]bool{}, uploads: map[string]string{}, typed: map[string]state{}, buckets: map[string]*bucket{},
		lastRead: map[string]map[string]string{},
	}
	s.sockets.init()
	s.mux = s.routes()
	s.AddUser(cfg.BotUserID, "bot", Bot)
	return s
}

func (cfg Config) withDefaults() Config {
	text := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	text(&cfg.TeamID, "T0SIM")
	text(&cfg.TeamDomain, "sim")
	text(&cfg.AppID, "A0SIM")
	text(&cfg.BotID, "B0SIM")
	text(&cfg.BotUserID, "U0BOT")
	text(&cfg.Command, "/desk")
	if cfg.Scopes == nil {
		cfg.Scopes = DefaultScopes()
	}
	if cfg.Events == nil {
		cfg.Events = DefaultEvents()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, CheckRedirect: twoRedirects}
	}
	if cfg.AckTimeout == 0 {
		cfg.AckTimeout = ackTimeout
	}
	if cfg.MaxBlocksText == 0 {
		cfg.MaxBlocksText = maxBlocksText
	}
	return cfg
}

func (s *Sim) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/{method}", s.serveAPI)
	mux.HandleFunc("POST /api/{method}", s.serveAPI)
	mux.HandleFunc("POST /upload/v1/{ticket}", s.serveUpload)
	mux.HandleFunc("GET /files-pri/{file}/{name}", s.serveFile)
	mux.HandleFunc("POST /response/{hook}", s.serveHook)
	mux.HandleFunc("GET /link/", s.serveSocket)
	return mux
}

// ServeHTTP answers as slack.com, hooks.slack.com, files.slack.com and the Socket Mode host would.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// SetBaseURL tells the workspace under which address it is served, without a trailing slash.
func (s *Sim) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.BaseURL = strings.TrimRight(base, "/")
}

// SetAppURLs tells the workspace where the app listens. Empty ones are not called.
func (s *Sim) SetAppURLs(commands, interactions, events string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.CommandsURL, s.cfg.InteractionsURL, s.cfg.EventsURL = commands, interactions, events
}

// SetAckTimeout changes how long the app may take from now on.
func (s *Sim) SetAckTimeout(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.AckTimeout = d
}

func (s *Sim) ackTimeout() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.AckTimeout
}

// Shutdown ends what the workspace does of its own accord: open sockets, hanging answers, events on their way.
// It returns when all of it has ended.
func (s *Sim) Shutdown() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.Cut()
	s.wg.Wait()
}

// spawn runs f unless the workspace is shutting down; Shutdown waits for it.
func (s *Sim) spawn(f func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spawnLocked(f)
}

func (s *Sim) spawnLocked(f func(context.Context)) {
	if !s.closed {
		s.wg.Go(func() { f(s.life) })
	}
}

// base is the address that people and apps reach the workspace under.
func (s *Sim) base(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.BaseURL == "" {
		s.cfg.BaseURL = "http://" + r.Host
	}
	return s.cfg.BaseURL
}

// id makes a new id; the caller holds the lock.
func (s *Sim) id(prefix string) string {
	if s.cfg.NewID != nil {
		return s.cfg.NewID(prefix)
	}
	s.nextID++
	digits := strings.ToUpper(strconv.FormatInt(s.nextID, 36))
	return prefix + strings.Repeat("0", max(0, 8-len(digits))) + digits
}

// stamp makes a message timestamp, unique in the workspace; the caller holds the lock.
func (s *Sim) stamp() string {
	s.lastTS = max(s.cfg.Now().UnixMicro(), s.lastTS+1)
	return formatTS(s.lastTS)
}
