package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/slack"
	"tsunagi/store"
)

// What comes before the desk is served: check, and the setup of both platforms.

type checkCommand struct{}

// Run looks at everything the desk needs and says what to do about each fault.
func (checkCommand) Run(ctx context.Context) error {
	s, err := config.ReadSettings(os.Environ(), config.Check)
	found := []config.Finding{config.Found("settings", err, "Set what is listed; docs/settings.md explains each.")}
	p, err := prepare(s, options{now: time.Now, log: s.Logger(os.Stderr)})
	found = append(found, config.Found("profile", err, "Correct the lines listed; docs/settings.md explains each key."))
	found = append(found, checkStores(ctx, s)...)
	if p != nil {
		found = append(found, checkPlatforms(ctx, p)...)
	}
	return config.Report(os.Stdout, found)
}

// checkStores looks at Postgres, its schema, and Redis.
func checkStores(ctx context.Context, s config.Settings) []config.Finding {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	current, err := store.Migrated(ctx, s.DatabaseURL.Reveal())
	if err == nil && !current {
		err = errors.New("the schema is older than this program")
	}
	found := []config.Finding{config.Found("Postgres", err, "See that DATABASE_URL is right and reachable, then run: tsunagi migrate")}
	r, err := sessions(s)
	if err == nil {
		err = errors.Join(r.Ping(ctx), r.Close())
	}
	return append(found, config.Found("Redis", err, "See that REDIS_URL is right and reachable from here."))
}

// checkPlatforms looks at LINE and Slack as this desk's settings and profile have them.
func checkPlatforms(ctx context.Context, p *parts) []config.Finding {
	company, err := lineClient(p.s, p.words, p.o)
	if err != nil {
		return []config.Finding{config.Found("LINE", err, "Correct the LINE settings.")}
	}
	defer company.Close()
	staff, err := slack.NewClient(slack.Access{APIURL: p.s.SlackAPIURL, BotToken: p.s.SlackBotToken, AppToken: p.s.SlackAppToken})
	if err != nil {
		return []config.Finding{config.Found("Slack", err, "Correct the Slack settings.")}
	}
	return append(company.Check(ctx, p.s.PublicURL), slack.Check(ctx, staff, &p.desk, p.words)...)
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
