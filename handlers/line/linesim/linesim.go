// Package linesim simulates the LINE Messaging API platform as an http.Handler.
//
// It is for tests, the demo and the playground: it takes the calls that a bot makes to api.line.me and
// api-data.line.me, refuses what LINE refuses in LINE's words, shows the rest on the phones of simulated people, and
// sends signed webhooks when those people write, press, follow or block. An append-only record tells afterwards what
// people saw and what was called. It can be told to misbehave.
//
// It never talks to LINE, imports nothing but the standard library, shares no struct with the adapter it judges, and
// does not check what LINE would fetch later (images behind URLs, stickers, coupons).
//
// Begin with New and Sim below; routes.go lists every endpoint, people.go what a person can do, record.go what can be
// looked up afterwards, faults.go what can go wrong.
//
// Limits and answers follow LINE's reference, https://developers.line.biz/en/reference/messaging-api/, and LINE's
// OpenAPI description, https://github.com/line/line-openapi.
package linesim

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"sync"
	"time"
)

// Config is what one simulated channel is made of. Every field may be left at its zero value but ChannelSecret and
// AccessToken, without which nothing is signed and no call is let in.
type Config struct {
	ChannelSecret string // key of the webhook signature, and client_secret of stateless tokens
	AccessToken   string // long-lived channel access token
	ChannelID     string // client_id of stateless tokens
	BotUserID     string // "destination" of webhooks; default made from ChannelID
	BotName       string // display name of the official account
	WebhookURL    string // where events go; may also be set over the API

	Now        func() time.Time // default time.Now
	Rand       io.Reader        // default crypto/rand
	HTTPClient *http.Client     // carries webhooks; default keeps many idle connections

	WebhookTimeout time.Duration // default 2 s, as LINE's
	RedeliverAfter time.Duration // above 0: an undelivered event is sent again in the background, each time after this, until it is taken
	MonthlyLimit   int           // messages a month; 0 is no limit
	Rates          map[string]Rate
	Unlimited      bool // no rate limits at all, for load tests
	KeepRecord     int  // entries kept, at least; 0 keeps all
	Transcoding    int  // content calls answered 202 before a video or audio is ready; below 0 it never is
}

// Sim is one simulated channel: its people, its record and its faults. All methods may be called concurrently.
type Sim struct {
	cfg   Config
	ids   *ids
	rules *rulebook

	all, api, data *http.ServeMux

	mu          sync.Mutex // guards everything below; never held while a webhook is under way
	record      record
	people      map[string]*person
	order       []string // people in the order they were added
	groups      map[string]*group
	phones      map[string]*phone
	tokens      replyTokens
	retryKeys   retryKeys
	issued      map[string]time.Time // stateless tokens and when they end
	counts      counts
	buckets     map[string]*bucket
	faults      []*Fault
	contents    map[string]*content
	menus       menus
	undelivered []*letter
	held        []*letter
	standby     bool

	life context.Context // ends with Close
	end  context.CancelFunc
	work sync.WaitGroup // background redeliveries
}

// New starts a simulated channel without people. Close it when background redelivery is on or calls may be hanging.
func New(cfg Config) *Sim {
	cfg = withDefaults(cfg)
	s := &Sim{
		cfg: cfg, ids: newIDs(cfg.Rand, cfg.Now), rules: newRulebook(),
		record: record{keep: cfg.KeepRecord},
		people: map[string]*person{}, groups: map[string]*group{}, phones: map[string]*phone{},
		tokens: replyTokens{grants: map[string]*grant{}}, retryKeys: retryKeys{byKey: map[string]*accepted{}},
		issued: map[string]time.Time{}, counts: newCounts(), buckets: map[string]*bucket{},
		contents: map[string]*content{}, menus: newMenus(),
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.all, s.api, s.data = s.muxes()
	return s
}

func withDefaults(cfg Config) Config {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = newClient()
	}
	cfg.ChannelID = cmp.Or(cfg.ChannelID, "1234567890")
	cfg.BotUserID = cmp.Or(cfg.BotUserID, UserID("bot "+cfg.ChannelID))
	cfg.BotName = cmp.Or(cfg.BotName, "Bot")
	cfg.WebhookTimeout = cmp.Or(cfg.WebhookTimeout, 2*time.Second)
	return cfg
}

// newClient keeps enough idle connections that a load test does not measure connection set-up.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512}}
}

// ServeHTTP answers for both hosts of LINE, api.line.me and api-data.line.me.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.all.ServeHTTP(w, r) }

// API answers for api.line.me alone, so that a client that asks the wrong host for content is found out.
func (s *Sim) API() http.Handler { return s.api }

// Data answers for api-data.line.me alone.
func (s *Sim) Data() http.Handler { return s.data }

// Close ends hanging calls and background redeliveries and waits for the latter.
func (s *Sim) Close() {
	s.mu.Lock() // nothing new begins after this
	s.end()
	s.mu.Unlock()
	s.work.Wait()
}

// BotUserID is the bot's user id, the "destination" of its webhooks.
func (s *Sim) BotUserID() string { return s.cfg.BotUserID }

// SetAccessToken reissues the long-lived channel access token: the old one answers 401 from now on.
func (s *Sim) SetAccessToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.AccessToken = token
	clear(s.issued)
}

// SetChannelSecret reissues the channel secret, with which webhooks are signed from now on.
func (s *Sim) SetChannelSecret(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.ChannelSecret = secret
}
