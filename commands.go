package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/keeper"
	"tsunagi/handlers/line"
	"tsunagi/handlers/playground"
)

// command is the tree of subcommands: serve and demo run a desk, the others are for before and between.
func command() *cobra.Command {
	root := group("tsunagi", "A partnership desk between LINE and Slack.",
		serveCommand(),
		demoCommand(),
		migrateCommand(),
		checkCommand(),
		releaseCommand(),
		healthCommand(),
		setupCommand(),
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
		return keeper.Migrate(ctx, os.Environ(), user, os.Stdout)
	})
	c.Flags().StringVar(&user, "user", "", "let this user of the database serve the desk, and do nothing else")
	return c
}

func checkCommand() *cobra.Command {
	var profile string
	c := subcommand("check", "Check profile, databases, tokens, scopes, channels and webhook, and say what to do about each fault.",
		func(ctx context.Context) error {
			if profile != "" {
				return keeper.CheckProfile(profile, os.Stdout)
			}
			return keeping().Check(ctx, os.Environ(), os.Stdout)
		})
	c.Flags().StringVar(&profile, "profile", "", "judge this desk.yaml alone; no setting is needed, and nothing is asked of anybody")
	return c
}

func releaseCommand() *cobra.Command {
	r := keeper.Release{In: os.Stdin, Out: os.Stdout}
	c := subcommand("release", "After a backup was restored: show which deliveries are held, and let them go.", func(ctx context.Context) error {
		return r.Run(ctx, os.Environ())
	})
	c.Flags().StringVar(&r.Before, "drop-before", "", "drop what was to be sent before then, as in 2026-12-01T09:00:00+09:00")
	c.Flags().BoolVar(&r.Yes, "yes", false, "do not ask")
	return c
}

func healthCommand() *cobra.Command {
	return subcommand("health", "Ask the desk that runs on this machine whether it is ready; for a container's health check.",
		func(ctx context.Context) error { return keeper.Health(ctx, os.Environ()) })
}

func setupCommand() *cobra.Command {
	return group("setup", "Prepare the two platforms.",
		subcommand("line", "Make the rich menu and set the webhook address.", func(ctx context.Context) error {
			return keeping().PrepareLine(ctx, os.Environ(), os.Stdout)
		}),
		subcommand("slack", "Print the app manifest, ready to paste.", func(context.Context) error {
			return keeping().PrintManifest(os.Environ(), os.Stdout, os.Stderr)
		}))
}

// keeping are the parts for the subcommands that look at the desk, and do not run it.
func keeping() keeper.Parts {
	quiet := options{now: time.Now, log: slog.New(slog.DiscardHandler)}
	return keeper.Parts{
		Describe: func(s config.Settings) (*bot.Desk, *text.Catalogue, error) {
			p, err := prepare(s, quiet)
			if err != nil {
				return nil, nil, err
			}
			return &p.desk, p.words, nil
		},
		Sessions: sessions,
		Line: func(s config.Settings, words *text.Catalogue) (*line.Client, error) {
			return lineClient(s, words, quiet)
		},
	}
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

// demo plays both sides on this machine.
type demo struct {
	profile string // name of an embedded profile, or the path of a desk.yaml
	addr    string // empty: the first free port from 8080 on
	keep    string // folder; empty: nothing is kept
}

// run serves the playground until it is told to stop.
func (o demo) run(ctx context.Context) error {
	if _, err := keeper.Profile(o.profile); err != nil {
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
		SetupLine: func(ctx context.Context, s config.Settings) error { return keeping().SetupLine(ctx, s, io.Discard) },
		Manifest:  keeper.Manifest,
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

func printVersion(context.Context) error {
	fmt.Println("tsunagi", version)
	return nil
}
