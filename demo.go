package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/playground"
	"tsunagi/handlers/slack"
)

// demoCommand plays both sides on this machine.
type demoCommand struct {
	Profile string `default:"kishiwada" enum:"kishiwada,osaka,itabashi" help:"The desk to play: ${enum}."`
	Addr    string `default:"127.0.0.1:8080" help:"Where the page is served."`
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
	return playground.App{Reader: &a.db.Reader, Idle: a.outbox.Idle, Wake: a.outbox.Wake, Close: a.Close}
}

// manifest is the Slack app's, as setup slack prints it.
func manifest(publicURL string, socketMode bool) ([]byte, error) {
	words, err := text.Load("ja")
	if err != nil {
		return nil, err
	}
	return slack.Manifest(words, publicURL, socketMode)
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
