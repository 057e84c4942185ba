// Tsunagi joins the two sides of a municipality's partnership desk: companies on LINE, the city's staff in Slack.
//
// This file joins the parts and holds the subcommands, but for those that come before the desk is served, which are in
// setup.go. Begin reading with start: every part of the running program is made there, in the order in which they need
// each other.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9/logging"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/desk"
	"tsunagi/bot/ledger"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/bot/watch"
	"tsunagi/config"
	"tsunagi/handlers"
	"tsunagi/handlers/line"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/slack"
	"tsunagi/store"
	"tsunagi/store/session"
)

// version is set by the linker.
var version = "dev"

// commands are the subcommands; each has a Run.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the desk."`
	Demo    demoCommand    `cmd:"" help:"Play both sides in the browser; nothing to set up, no account needed."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date."`
	Check   checkCommand   `cmd:"" help:"Check profile, databases, tokens, scopes, channels and webhook, and say what to do about each fault."`
	Setup   struct {
		Line  setupLineCommand  `cmd:"" help:"Make the rich menu and set the webhook address."`
		Slack setupSlackCommand `cmd:"" help:"Print the app manifest, ready to paste."`
	} `cmd:"" help:"Prepare the two platforms."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logging.Disable() // go-redis would write lines of its own between ours; every error of it comes back to us
	cli := kong.Parse(&commands{}, kong.Name("tsunagi"), kong.Description("A partnership desk between LINE and Slack."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := cli.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

// options are what an app asks of its surroundings.
type options struct {
	now    func() time.Time
	log    *slog.Logger
	listen net.Listener // nil: the settings' address
}

// app is the running desk of one process.
type app struct {
	db        *store.DB
	sessions  *session.Store
	redisURL  config.Secret
	line      *line.Client
	directory *slack.Directory
	slack     *slack.App
	outbox    *outbox.Outbox
	watch     *watch.Watch
	addr      net.Addr
	admin     string // where the private routes are served; empty: nowhere
	log       *slog.Logger
	servers   []*http.Server
	stopIn    func()
	stopOut   func()
	incoming  sync.WaitGroup
	outgoing  sync.WaitGroup
}

// parts are what both sides are made of.
type parts struct {
	s        config.Settings
	o        options
	desk     bot.Desk
	words    *text.Catalogue
	ledger   *ledger.Ledger
	metrics  *handlers.Metrics
	registry *prometheus.Registry
}

// start makes every part and sets them running. Close ends them in the opposite order.
func start(ctx context.Context, s config.Settings, o options) (_ *app, err error) {
	p, err := prepare(s, o)
	if err != nil {
		return nil, err
	}
	a := &app{log: o.log, stopIn: func() {}, stopOut: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.connect(ctx, p); err != nil {
		return nil, err
	}
	staff, err := slack.NewClient(slack.Access{APIURL: s.SlackAPIURL, BotToken: s.SlackBotToken, AppToken: s.SlackAppToken})
	if err != nil {
		return nil, err
	}
	a.directory = slack.NewDirectory(staff, &p.desk, o.now, o.log)
	company := concierge.New(concierge.Parts{
		DB: a.db, Sessions: a.sessions, Ledger: p.ledger, Desk: &p.desk, Words: p.words, Log: o.log,
	})
	city := coordinator.New(a.db, p.ledger, &p.desk, p.words, a.directory)
	office := desk.New(desk.Parts{
		DB: a.db, Ledger: p.ledger, Desk: &p.desk, Words: p.words, People: a.directory, Version: version,
	})
	a.outbox = outbox.New(a.db, outbox.Options{
		Senders: map[bot.Platform]outbox.Sender{bot.LINE: a.line, bot.Slack: slack.NewSender(staff, &p.desk, p.words, o.now, o.log)},
		Kinds:   kinds(company.Handlings(), city.Handlings()), Log: o.log, Rand: rand.Float64, Observe: p.metrics.Observe,
		Tell: p.ledger.Warn,
	})
	if p.desk.Former, err = city.Reorganized(ctx); err != nil {
		return nil, err
	}
	a.watch = watch.New(watch.Parts{
		DB: a.db, Ledger: p.ledger, Desk: &p.desk, People: a.directory, Log: o.log, Observe: p.metrics.LeftAlone,
	})
	a.slack = slack.New(slack.Options{
		Client: staff, Directory: a.directory, Coordinator: city, Desk: office, Words: p.words,
		SigningSecret: s.SlackSigningSecret, Now: o.now, Log: o.log,
	})
	webhook := line.NewWebhook(line.WebhookOptions{
		Client: a.line, Concierge: company, Secret: s.LineChannelSecret, Previous: s.LineChannelSecretPrevious, Log: o.log,
	})
	return a, a.run(ctx, p, webhook, company)
}

// prepare reads the profile and the words.
func prepare(s config.Settings, o options) (*parts, error) {
	profile, err := config.LoadProfile(s.DeskProfile, os.ReadFile)
	if err != nil {
		return nil, err
	}
	p := &parts{s: s, o: o, desk: profile.Desk(), registry: prometheus.NewRegistry()}
	if p.words, err = text.Load(p.desk.Language); err != nil {
		return nil, err
	}
	p.ledger = ledger.New(&p.desk)
	p.metrics = handlers.NewMetrics(p.registry)
	return p, nil
}

// connect opens Postgres, brought up to date, Redis, and the client of LINE.
func (a *app) connect(ctx context.Context, p *parts) (err error) {
	if _, err = store.Migrate(ctx, p.s.DatabaseURL.Reveal()); err != nil {
		return config.PostgresFault(p.s.DatabaseURL, err)
	}
	if a.db, err = store.Open(ctx, p.s.DatabaseURL.Reveal(), store.Options{Now: p.o.now, NewID: uuid.New}); err != nil {
		return config.PostgresFault(p.s.DatabaseURL, err)
	}
	if a.sessions, err = sessions(p.s); err != nil {
		return err
	}
	a.redisURL = p.s.RedisURL
	a.askRedis(ctx)
	a.line, err = lineClient(p.s, p.words, p.o)
	return err
}

func sessions(s config.Settings) (*session.Store, error) {
	r, err := config.ParseRedis(s.RedisURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	return session.New(session.Client(r.Options())), nil
}

func lineClient(s config.Settings, words *text.Catalogue, o options) (*line.Client, error) {
	return line.New(line.Options{
		APIURL: s.LineAPIURL, DataURL: s.LineDataAPIURL, Token: s.LineChannelAccessToken, ChannelID: s.LineChannelID,
		ChannelSecret: s.LineChannelSecret, Words: words, Log: o.log, Now: o.now,
	})
}

// kinds is every kind of delivery with the flow that composes it.
func kinds(flows ...map[string]outbox.Handling) map[string]outbox.Handling {
	all := map[string]outbox.Handling{}
	for _, f := range flows {
		maps.Copy(all, f)
	}
	return all
}

// run sets the loops and the servers going.
func (a *app) run(ctx context.Context, p *parts, webhook http.Handler, company *concierge.Concierge) error {
	in, stopIn := context.WithCancel(context.WithoutCancel(ctx))
	out, stopOut := context.WithCancel(context.WithoutCancel(ctx))
	a.stopIn, a.stopOut = stopIn, stopOut
	a.outgoing.Go(func() { a.loop(out, "outbox", a.outbox.Run) })
	a.incoming.Go(func() { a.loop(in, "directory", a.directory.Run) })
	a.incoming.Go(func() { a.loop(in, "line identity", a.identify) })
	a.incoming.Go(func() { eachMinute(func(tick <-chan time.Time) { company.Collect(in, a.line, tick) }) })
	a.incoming.Go(func() { eachMinute(func(tick <-chan time.Time) { a.watch.Run(in, tick) }) })
	public := handlers.Public{LineWebhook: webhook, Ready: a.ready}
	if p.s.SocketMode() {
		a.incoming.Go(func() { a.loop(in, "socket mode", a.slack.Connect) })
	} else {
		public.SlackCommands, public.SlackInteractions, public.SlackEvents = a.slack.Commands(), a.slack.Interactions(), a.slack.Events()
	}
	listen := p.o.listen
	if listen == nil {
		var err error
		if listen, err = net.Listen("tcp", p.s.ListenAddr); err != nil {
			return fmt.Errorf("listen on %s: %w", p.s.ListenAddr, err)
		}
	}
	a.addr = listen.Addr()
	a.serve(listen, handlers.Routes(public, p.metrics))
	return a.serveAdmin(p)
}

// eachMinute gives a part its slow tick.
func eachMinute(run func(tick <-chan time.Time)) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	run(tick.C)
}

// identifyEvery is how long to wait before LINE is asked again who we are.
const identifyEvery = 10 * time.Second

// identify asks LINE who we are, so that webhooks for another bot are refused. The desk does not wait for it: LINE may be
// away when it starts.
func (a *app) identify(ctx context.Context) error {
	again := time.NewTicker(identifyEvery)
	defer again.Stop()
	for {
		_, err := a.line.Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		a.log.WarnContext(ctx, "LINE does not say who we are", "fault", err)
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// loop runs one part until ctx ends; a part that ends before is a fault.
func (a *app) loop(ctx context.Context, name string, run func(context.Context) error) {
	if err := run(ctx); err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "part ended", "part", name, "fault", err)
	}
}

func (a *app) serve(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	a.servers = append(a.servers, s)
	a.incoming.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("server ended", "fault", err)
		}
	})
}

func (a *app) serveAdmin(p *parts) error {
	if p.s.AdminAddr == "" {
		return nil
	}
	l, err := net.Listen("tcp", p.s.AdminAddr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.s.AdminAddr, err)
	}
	a.admin = l.Addr().String()
	a.serve(l, handlers.Admin(p.registry))
	return nil
}

// ready tells what is missing before traffic may come. Redis may be away: talks go on without it.
func (a *app) ready(ctx context.Context) error {
	if err := a.db.Ping(ctx); err != nil {
		return errors.New("Postgres does not answer")
	}
	a.askRedis(ctx)
	return nil
}

// askRedis warns while Redis is away.
func (a *app) askRedis(ctx context.Context) {
	if err := a.sessions.Ping(ctx); err != nil {
		a.log.WarnContext(ctx, "Redis does not answer; talks go on from Postgres", "fault", config.RedisFault(a.redisURL, err))
	}
}

// Close ends gracefully: no new events, transactions end, deliveries go back to their lanes.
func (a *app) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var faults []error
	for _, s := range a.servers {
		faults = append(faults, s.Shutdown(ctx))
	}
	a.stopIn()
	a.incoming.Wait()
	if a.slack != nil {
		faults = append(faults, a.slack.Close(ctx))
	}
	a.stopOut()
	a.outgoing.Wait()
	if a.line != nil {
		a.line.Close()
	}
	if a.sessions != nil {
		faults = append(faults, a.sessions.Close())
	}
	if a.db != nil {
		a.db.Close()
	}
	return errors.Join(faults...)
}

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.Serve)
	if err != nil {
		return err
	}
	log := s.Logger(os.Stderr)
	a, err := start(ctx, s, options{now: time.Now, log: log})
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "serving", "addr", a.addr.String(), "admin", a.admin, "version", version)
	<-ctx.Done()
	log.Info("stopping")
	return a.Close()
}

// demoCommand plays both sides on this machine.
type demoCommand struct {
	Profile string `default:"kishiwada" enum:"kishiwada,osaka,itabashi" help:"The desk to play: ${enum}."`
	Addr    string `placeholder:"127.0.0.1:8080" help:"Where the page is served; left out, the first free port from 8080 on."`
	Keep    string `placeholder:"DIR" help:"Keep the database in this folder from one demo to the next."`
}

// Run serves the playground until it is told to stop.
func (c demoCommand) Run(ctx context.Context) error {
	d, err := playground.OpenDemo(ctx, demoOptions(c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))))
	if err != nil {
		return err
	}
	fmt.Printf("the playground of %s is ready: open %s\n", c.Profile, d.URL())
	err = d.Run(ctx)
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

// demoOptions let a demo start this very program, with nothing in it that knows of demos.
func demoOptions(c demoCommand, log *slog.Logger) playground.DemoOptions {
	return playground.DemoOptions{
		Profile: c.Profile, Addr: c.Addr, Keep: c.Keep, Log: log,
		Start: func(ctx context.Context, s playground.Start) (playground.App, error) {
			a, err := start(ctx, s.Settings, options{now: s.Now, log: s.Log, listen: s.Listen})
			if err != nil {
				return playground.App{}, err
			}
			return a.played(), nil
		},
		SetupLine: func(ctx context.Context, s config.Settings) error { return setupLine(ctx, s, io.Discard) },
		Manifest:  manifest,
	}
}

// played is the app as a world knows it in which it is played with.
func (a *app) played() playground.App {
	return playground.App{Reader: &a.db.Reader, Idle: a.outbox.Idle, Wake: a.wake, Close: a.Close}
}

// wake looks for what has become due, for when the clock was moved.
func (a *app) wake() {
	a.watch.Sweep(context.Background())
	a.outbox.Wake()
}

type migrateCommand struct{}

// Run migrates and says how many steps it took.
func (migrateCommand) Run(ctx context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.Migrate)
	if err != nil {
		return err
	}
	n, err := store.Migrate(ctx, s.DatabaseURL.Reveal())
	if err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	fmt.Printf("%d migrations run; the schema is up to date\n", n)
	return nil
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("tsunagi", version)
	return nil
}
