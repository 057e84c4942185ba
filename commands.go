package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"tsunagi/bot/calendar"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/slack"
	"tsunagi/store"
)

// commands are the subcommands; each has a Run. The first two serve a desk, the others are for before and
// between.
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
	log.InfoContext(ctx, "serving", "addr", a.addr, "admin", a.admin, "version", version)
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

type checkCommand struct{}

// Run looks at everything the desk needs and says what to do about each fault.
func (checkCommand) Run(ctx context.Context) error {
	return checkAll(ctx, os.Environ(), os.Stdout)
}

// checkAll looks at one thing after the other; what lacks a setting, or the profile, is not tried.
func checkAll(ctx context.Context, environ []string, out io.Writer) error {
	s, err := config.ReadSettings(environ, config.Check)
	k := checkup{found: []config.Finding{config.Found("settings", err, "Set what is listed; docs/settings.md explains each.")}}
	var p *parts
	k.look("profile", s.DeskProfile != "", func() []config.Finding {
		p, err = prepare(s, options{now: time.Now, log: slog.New(slog.DiscardHandler)})
		return []config.Finding{config.Found("profile", err, "Correct the lines listed; docs/settings.md explains each key.")}
	})
	k.found = append(k.found, checkHolidays(time.Now()))
	k.look("Postgres", s.DatabaseURL.IsSet(), func() []config.Finding { return checkPostgres(ctx, s) })
	k.look("Redis", s.RedisURL.IsSet(), func() []config.Finding { return checkRedis(ctx, s) })
	k.look("LINE", p != nil && s.LineToken() && s.PublicURL != "", func() []config.Finding { return checkLine(ctx, p) })
	k.look("Slack", p != nil && s.SlackBotToken.IsSet(), func() []config.Finding { return checkSlack(ctx, p) })
	return config.Report(out, k.found, k.left...)
}

// checkup is what was found, and what could not be looked at.
type checkup struct {
	found []config.Finding
	left  []string
}

func (k *checkup) look(what string, can bool, look func() []config.Finding) {
	if !can {
		k.left = append(k.left, what)
		return
	}
	k.found = append(k.found, look()...)
}

// checkHolidays looks whether the holidays of this year are sure; dates are promised by them.
func checkHolidays(now time.Time) config.Finding {
	const what = "national holidays"
	year, err := calendar.VerifiedThrough()
	if err == nil && now.Year() > year {
		err = fmt.Errorf("those after %d follow from the law of then, and may have been changed since", year)
	}
	return config.Found(what, err, "Install a newer version of Tsunagi, or name the days that differ as \"closed\" in the profile.")
}

// checkFor is how long a database may take to answer.
const checkFor = 10 * time.Second

func checkPostgres(ctx context.Context, s config.Settings) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	current, err := store.Migrated(ctx, s.DatabaseURL.Reveal())
	if err == nil && !current {
		err = errors.New("the schema is older than this program")
	}
	return []config.Finding{config.Found("Postgres", config.PostgresFault(s.DatabaseURL, err), "Run: tsunagi migrate")}
}

func checkRedis(ctx context.Context, s config.Settings) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	r, err := sessions(s)
	if err == nil {
		err = errors.Join(r.Ping(ctx), r.Close())
	}
	return []config.Finding{config.Found("Redis", config.RedisFault(s.RedisURL, err), "See that REDIS_URL is right and reachable from here.")}
}

func checkLine(ctx context.Context, p *parts) []config.Finding {
	company, err := lineClient(p.s, p.words, p.o)
	if err != nil {
		return []config.Finding{config.Found("LINE", err, "Correct the LINE settings.")}
	}
	defer company.Close()
	return company.Check(ctx, p.s.PublicURL)
}

func checkSlack(ctx context.Context, p *parts) []config.Finding {
	staff, err := slack.NewClient(slack.Access{APIURL: p.s.SlackAPIURL, BotToken: p.s.SlackBotToken, AppToken: p.s.SlackAppToken})
	if err != nil {
		return []config.Finding{config.Found("Slack", err, "Correct the Slack settings.")}
	}
	return slack.Check(ctx, staff, &p.desk, p.words)
}

type setupLineCommand struct{}

// Run makes the rich menu and sets the webhook address.
func (setupLineCommand) Run(ctx context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.SetupLine)
	if err != nil {
		return err
	}
	return setupLine(ctx, s, os.Stdout)
}

// setupLine makes the rich menu and sets the webhook address.
func setupLine(ctx context.Context, s config.Settings, out io.Writer) error {
	p, err := prepare(s, options{now: time.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	c, err := lineClient(s, p.words, p.o)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Setup(ctx, s.PublicURL, out)
}

type setupSlackCommand struct{}

// Run prints the app manifest and what to do with it.
func (setupSlackCommand) Run() error {
	s, err := config.ReadSettings(os.Environ(), config.SetupSlack)
	if err != nil {
		return err
	}
	p, err := prepare(s, options{})
	if err != nil {
		return err
	}
	return slack.Setup(os.Stdout, p.words, &p.desk, s.PublicURL, s.SocketMode())
}

// manifest is the Slack app's, as setup slack prints it.
func manifest(publicURL string, socketMode bool) ([]byte, error) {
	words, err := text.Load("ja")
	if err != nil {
		return nil, err
	}
	return slack.Manifest(words, publicURL, socketMode)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("tsunagi", version)
	return nil
}
