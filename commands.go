package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/slack"
	"tsunagi/store"
)

// command is the tree of subcommands: serve and demo run a desk, the others are for before and between.
func command() *cobra.Command {
	root := group("tsunagi", "A partnership desk between LINE and Slack.",
		serveCommand(),
		demoCommand(),
		migrateCommand(),
		checkCommand(),
		releaseCommand(),
		subcommand("health", "Ask the desk that runs on this machine whether it is ready; for a container\x27s health check.", health),
		group("setup", "Prepare the two platforms.",
			subcommand("line", "Make the rich menu and set the webhook address.", prepareLine),
			subcommand("slack", "Print the app manifest, ready to paste.", printManifest)),
		subcommand("version", "Print the version.", printVersion))
	root.SilenceErrors, root.SilenceUsage, root.CompletionOptions.DisableDefaultCmd = true, true, true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return fmt.Errorf("%w; see %s --help", err, c.CommandPath()) })
	return root
}

// group is what leads to other subcommands; alone it tells which there are.
func group(name, does string, members ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: does, Args: known, SuggestionsMinimumDistance: 2, RunE: func(c *cobra.Command, _ []string) error {
		return c.Help()
	}}
	c.AddCommand(members...)
	return c
}

func subcommand(name, does string, run func(context.Context) error) *cobra.Command {
	return &cobra.Command{Use: name, Short: does, Args: known, RunE: func(c *cobra.Command, _ []string) error {
		return run(c.Context())
	}}
}

// known refuses words that are no subcommand, and says what was probably meant.
func known(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case len(c.SuggestionsFor(args[0])) > 0:
		return fmt.Errorf("%s %s is unknown; did you mean %s %s?", c.CommandPath(), args[0], c.CommandPath(), c.SuggestionsFor(args[0])[0])
	default:
		return fmt.Errorf("%s %s is unknown; see %s --help", c.CommandPath(), args[0], c.CommandPath())
	}
}

func demoCommand() *cobra.Command {
	var d demo
	c := subcommand("demo", "Play both sides in the browser; nothing to set up, no account needed.", func(ctx context.Context) error {
		return d.run(ctx)
	})
	c.Flags().StringVar(&d.profile, "profile", "kishiwada", "the desk to play: "+strings.Join(config.Embedded(), ", ")+", or the path of your desk.yaml")
	c.Flags().StringVar(&d.addr, "addr", "", "where the page is served, as in 127.0.0.1:8080; left out, the first free port from 8080 on")
	c.Flags().StringVar(&d.keep, "keep", "", "keep the database in this folder from one demo to the next")
	return c
}

func serveCommand() *cobra.Command {
	var restored bool
	c := subcommand("serve", "Run the desk.", func(ctx context.Context) error { return serve(ctx, restored) })
	c.Flags().BoolVar(&restored, "restored", false, "the database was restored from a backup: hold all deliveries until tsunagi release")
	return c
}

func migrateCommand() *cobra.Command {
	var user string
	c := subcommand("migrate", "Bring the database's schema up to date.", func(ctx context.Context) error {
		return migrate(ctx, os.Environ(), user, os.Stdout)
	})
	c.Flags().StringVar(&user, "user", "", "let this user of the database serve the desk, and do nothing else")
	return c
}

func checkCommand() *cobra.Command {
	var profile string
	c := subcommand("check", "Check profile, databases, tokens, scopes, channels and webhook, and say what to do about each fault.",
		func(ctx context.Context) error {
			if profile != "" {
				return checkProfile(profile, os.Stdout)
			}
			return checkAll(ctx, os.Environ(), os.Stdout)
		})
	c.Flags().StringVar(&profile, "profile", "", "judge this desk.yaml alone; no setting is needed, and nothing is asked of anybody")
	return c
}

// serve runs the desk until it is told to stop.
func serve(ctx context.Context, restored bool) error {
	s, err := config.ReadSettings(os.Environ(), config.Serve)
	if err != nil {
		return err
	}
	log := s.Logger(os.Stderr)
	a, err := start(ctx, s, options{now: time.Now, log: log, restored: restored})
	if err != nil && ctx.Err() != nil {
		log.Info("stopped while starting", "fault", err)
		return nil
	}
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "serving", "addr", a.addr, "admin", a.admin, "version", version)
	<-ctx.Done()
	log.Info("stopping")
	return a.Close()
}

// healthWithin is how long a desk may take to say that it is ready.
const healthWithin = 5 * time.Second

// health asks the desk of this machine, at LISTEN_ADDR, whether it is ready: an image without a shell has no other way.
func health(ctx context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.Health)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(s.ListenAddr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	return ready(ctx, "http://"+net.JoinHostPort(host, port)+"/readyz")
}

func ready(ctx context.Context, at string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", at, err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("no desk answers: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the desk is not ready: %s", answer.Status)
	}
	return nil
}

// demo plays both sides on this machine.
type demo struct {
	profile string // name of an embedded profile, or the path of a desk.yaml
	addr    string // empty: the first free port from 8080 on
	keep    string // folder; empty: nothing is kept
}

// run serves the playground until it is told to stop.
func (o demo) run(ctx context.Context) error {
	if _, err := profileNamed(o.profile); err != nil {
		return err
	}
	d, err := playground.OpenDemo(ctx, o.options(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))))
	if err != nil {
		return err
	}
	fmt.Printf("the playground of %s is ready: open %s\n", o.profile, d.URL())
	err = d.Run(ctx)
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

// options let a demo start this very program, with nothing in it that knows of demos.
func (o demo) options(log *slog.Logger) playground.DemoOptions {
	return playground.DemoOptions{
		Profile: o.profile, Addr: o.addr, Keep: o.keep, Log: log,
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

// migrate brings the schema up to date, says how many steps it took, and lets a user serve over it, if one is named.
func migrate(ctx context.Context, environ []string, user string, out io.Writer) error {
	s, err := config.ReadSettings(environ, config.Migrate)
	if err != nil {
		return err
	}
	n, err := store.Migrate(ctx, s.DatabaseURL.Reveal())
	if err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	fmt.Fprintf(out, "%d migrations run; the schema is up to date\n", n)
	if user == "" {
		return nil
	}
	if err := store.Grant(ctx, s.DatabaseURL.Reveal(), user); err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	fmt.Fprintf(out, "%s may serve the desk\n", user)
	return nil
}

// checkProfile judges a profile alone, so that whoever writes one needs nothing but the file, also where it is kept.
func checkProfile(name string, out io.Writer) error {
	_, err := profileNamed(name)
	return config.Report(out, []config.Finding{config.Found("profile", err, "Correct the lines listed; docs/settings.md explains each key.")})
}

// profileNamed loads the profile that the flag --profile names; that there is none is a fault of the flag.
func profileNamed(name string) (config.Profile, error) {
	p, err := config.LoadProfile(name, os.ReadFile)
	if faults := (config.Faults)(nil); errors.As(err, &faults) && faults[0].Key == "DESK_PROFILE" {
		faults[0].Key = "--profile"
	}
	return p, err
}

// checkAll looks at everything the desk needs, one thing after the other, and says what to do about each fault; what lacks
// a setting, or the profile, is not tried.
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
	if k.well("Postgres") && p != nil && !s.SocketMode() {
		k.found = append(k.found, checkSignature(ctx, p)...)
	}
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

// well reports whether something was looked at and found as it should be.
func (k *checkup) well(what string) bool {
	return slices.ContainsFunc(k.found, func(f config.Finding) bool { return f.What == what && f.OK })
}

// checkSignature judges Slack's signing secret by what the desk in service has found.
func checkSignature(ctx context.Context, p *parts) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	var found store.Signatures
	db, err := store.Open(ctx, p.s.DatabaseURL.Reveal(), store.Options{Now: p.o.now, NewID: uuid.New})
	if err == nil {
		found, err = db.Signatures(ctx, bot.Slack)
		db.Close()
	}
	if err != nil {
		return []config.Finding{config.Found("Postgres", config.PostgresFault(p.s.DatabaseURL, err), "Try again.")}
	}
	return slack.CheckSignature(found, p.words, p.s.SocketMode())
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
	remedy := "Run: tsunagi migrate"
	if errors.Is(err, store.ErrNewer) {
		remedy = "Run the newer version of Tsunagi; docs/operations.md tells how to go back."
	}
	found := []config.Finding{config.Found("Postgres", config.PostgresFault(s.DatabaseURL, err), remedy)}
	if err == nil {
		found = append(found, checkHeld(ctx, s))
	}
	return found
}

// checkHeld looks whether deliveries are held since a backup was restored.
func checkHeld(ctx context.Context, s config.Settings) config.Finding {
	db, err := store.Open(ctx, s.DatabaseURL.Reveal(), store.Options{Now: time.Now, NewID: uuid.New, MaxConns: 1})
	if err == nil {
		defer db.Close()
		var e store.Epoch
		if e, err = db.Epoch(ctx); err == nil && !e.HeldSince.IsZero() {
			err = fmt.Errorf("all are held since %s, when the database was found to be a restored backup", e.HeldSince.Format(time.RFC3339))
		}
	}
	return config.Found("deliveries", err, "Run: tsunagi release")
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

// prepareLine prepares LINE for the desk that the settings name.
func prepareLine(ctx context.Context) error {
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

// printManifest prints the app manifest, and beside it what to do with it.
func printManifest(context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.SetupSlack)
	if err != nil {
		return err
	}
	p, err := prepare(s, options{})
	if err != nil {
		return err
	}
	return slack.Setup(os.Stdout, os.Stderr, p.words, &p.desk, s.PublicURL, s.SocketMode())
}

// manifest is the Slack app's, as setup slack prints it.
func manifest(publicURL string, socketMode bool) ([]byte, error) {
	words, err := text.Load("ja")
	if err != nil {
		return nil, err
	}
	return slack.Manifest(words, publicURL, socketMode)
}

func printVersion(context.Context) error {
	fmt.Println("tsunagi", version)
	return nil
}
