// Tsunagi joins the two sides of a municipality's partnership desk: companies on LINE, the city's staff in Slack.
//
// This file joins the parts; the subcommands are named in commands.go, and what those for the keeper do is in
// handlers/keeper. Begin reading with start: every part of the running program is made there, in the order in which they
// need each other.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

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
	"tsunagi/handlers/door"
	"tsunagi/handlers/line"
	"tsunagi/handlers/slack"
	"tsunagi/store"
	"tsunagi/store/session"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logging.Disable() // go-redis would write lines of its own between ours; every error of it comes back to us
	if err := command().ExecuteContext(ctx); err != nil {
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

	restored bool // an operator knows that the database is a restored backup
}

// app is the running desk of one process.
type app struct {
	*handlers.Process
	db        *store.DB
	sessions  *session.Store
	redisURL  config.Secret
	line      *line.Client
	directory *slack.Directory
	slack     *slack.App
	outbox    *outbox.Outbox
	watch     *watch.Watch
	restored  *watch.Restored
	addr      string
	admin     string // where the private routes are served; empty: nowhere
	log       *slog.Logger
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
	a := &app{Process: handlers.NewProcess(o.log), log: o.log, redisURL: s.RedisURL}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.connect(ctx, p); err != nil {
		return nil, err
	}
	if err := a.lookBack(ctx, p); err != nil {
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
		Kinds:   kinds(company.Handlings(), city.Handlings()), Log: o.log, Rand: rand.Float64, Observe: a.observe(p.metrics),
		Tell: p.ledger.Warn, Close: city.CloseChannel,
	})
	if p.desk.Former, err = city.Reorganized(ctx); err != nil {
		return nil, err
	}
	a.watch = watch.New(watch.Parts{
		DB: a.db, Ledger: p.ledger, Desk: &p.desk, People: a.directory, Channels: a.directory, Changed: a.rethink, Log: o.log,
		Observe: p.metrics.LeftAlone, Due: p.metrics.Due,
	})
	a.watch.LookAtChannels(ctx) // before anything is said in one
	entrance := door.New(door.Options{Proxies: s.Proxies(), Now: o.now, Log: o.log})
	a.slack = slack.New(slack.Options{
		Client: staff, Directory: a.directory, Coordinator: city, Desk: office, Words: p.words, Door: entrance,
		SigningSecret: s.SlackSigningSecret, Now: o.now, Log: o.log, Changed: a.watch.LookAgain,
	})
	webhook := line.NewWebhook(line.WebhookOptions{
		Client: a.line, Concierge: company, Door: entrance, Secret: s.LineChannelSecret, Previous: s.LineChannelSecretPrevious, Log: o.log,
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
	a.AtEnd(func(context.Context) error { a.db.Close(); return nil })
	if a.sessions, err = sessions(p.s); err != nil {
		return err
	}
	a.AtEnd(func(context.Context) error { return a.sessions.Close() })
	a.askRedis(ctx)
	if a.line, err = lineClient(p.s, p.words, p.o); err != nil {
		return err
	}
	a.AtEnd(func(context.Context) error { a.line.Close(); return nil })
	return nil
}

// lookBack finds out, before anything is sent or numbered, whether the database was restored from a backup.
func (a *app) lookBack(ctx context.Context, p *parts) error {
	a.restored = watch.NewRestored(watch.RestoredParts{
		DB: a.db, Sessions: a.sessions, Desk: &p.desk, Log: p.o.log, Held: p.metrics.Held,
	})
	if p.o.restored {
		if err := a.restored.Hold(ctx); err != nil {
			return fmt.Errorf("--restored: %w", err)
		}
	}
	a.restored.Look(ctx)
	return nil
}

// observe counts each attempt to deliver, after which a backup made before it is a danger.
func (a *app) observe(m *handlers.Metrics) func(outbox.Observation) {
	return func(o outbox.Observation) {
		m.Observe(o)
		a.restored.Moved()
	}
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

// rethink lets the outbox know which channels are closed now, and take up what has waited for one that is open again.
func (a *app) rethink(ctx context.Context) {
	a.outbox.Refresh(ctx)
	a.outbox.Wake()
}

// kinds is every kind of delivery with the flow that composes it.
func kinds(flows ...map[string]outbox.Handling) map[string]outbox.Handling {
	all := map[string]outbox.Handling{}
	for _, f := range flows {
		maps.Copy(all, f)
	}
	return all
}

// run sets the loops and the servers going. They end the other way round: no new events, transactions end, deliveries go
// back to their lanes.
func (a *app) run(ctx context.Context, p *parts, webhook http.Handler, company *concierge.Concierge) error {
	a.Loops(ctx)("restored", a.EachMinute(a.restored.Run))
	out := a.Loops(ctx)
	out("outbox", a.outbox.Run)
	a.AtEnd(a.slack.Close)
	a.AtEnd(company.Close)
	in := a.Loops(ctx)
	in("directory", a.directory.Run)
	in("line identity", a.line.IdentifyAtLast)
	in("files", a.EachMinute(func(ctx context.Context, tick <-chan time.Time) { company.Collect(ctx, a.line, tick) }))
	in("watch", a.EachMinute(a.watch.Run))
	in("signatures", a.EachMinute(a.noteSignatures))
	public := handlers.Public{LineWebhook: webhook, Ready: a.ready, Now: p.o.now}
	if p.s.SocketMode() {
		in("socket mode", a.slack.Connect)
	} else {
		public.SlackCommands, public.SlackInteractions, public.SlackEvents = a.slack.Commands(), a.slack.Interactions(), a.slack.Events()
	}
	return a.serve(ctx, p, handlers.Routes(public, p.metrics))
}

// serve opens the doors: the public one, unless somebody holds it open already, and the keeper's.
func (a *app) serve(ctx context.Context, p *parts, public http.Handler) (err error) {
	if p.o.listen != nil {
		a.addr = a.Serve(p.o.listen, public)
	} else if a.addr, err = a.Listen(ctx, "LISTEN_ADDR", p.s.ListenAddr, public); err != nil {
		return err
	}
	if p.s.AdminAddr != "" {
		a.admin, err = a.Listen(ctx, "ADMIN_ADDR", p.s.AdminAddr, handlers.Admin(p.registry))
	}
	return err
}

// noteSignatures writes what is found of Slack's signatures, for tsunagi check, when it has changed.
func (a *app) noteSignatures(ctx context.Context, tick <-chan time.Time) {
	for noted := (store.Signatures{}); ; {
		if found := a.slack.Signatures(); found != noted {
			err := a.db.InTx(ctx, func(tx *store.Tx) error { return tx.NoteSignatures(ctx, bot.Slack, found) })
			if err == nil {
				noted = found
			}
		}
		select {
		case <-tick:
		case <-ctx.Done():
			return
		}
	}
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
