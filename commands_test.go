package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestCommand_unknown: whoever mistypes reads what was probably meant, or where to look.
func TestCommand_unknown(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"srve":           "tsunagi srve is unknown; did you mean tsunagi serve?",
		"anything":       "tsunagi anything is unknown; see tsunagi --help",
		"setup lin":      "tsunagi setup lin is unknown; did you mean tsunagi setup line?",
		"serve now":      "tsunagi serve now is unknown; see tsunagi serve --help",
		"demo --port 80": "unknown flag: --port; see tsunagi demo --help",
		"demo --profile tokyo": `--profile: no profile can be read at "tokyo" (open tokyo: no such file or directory), ` +
			`expected the path of desk.yaml, or one of itabashi, kishiwada, osaka`,
		"release --drop-before monday": `--drop-before: "monday" is not a time like 2026-12-01T09:00:00+09:00`,
	} {
		c := command()
		c.SetArgs(strings.Fields(typed))
		if err := c.ExecuteContext(t.Context()); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", typed, err, want)
		}
	}
}

// TestStart_without_Postgres: whoever installs reads which setting leads where, what is probably wrong, and what to do.
func TestStart_without_Postgres(t *testing.T) {
	t.Parallel()
	there, err := url.Parse(storetest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	missing := *there
	missing.Path = "/nowhere"
	for want, address := range map[string]string{
		"nothing listens at 127.0.0.1:1 (connection refused)": "postgres://me:hidden@127.0.0.1:1/desk",
		`no host named "postgres.invalid"`:                    "postgres://me:hidden@postgres.invalid/desk",
		`has no database named "nowhere"`:                     missing.String(),
	} {
		s := config.Settings{DeskProfile: "kishiwada", DatabaseURL: config.NewSecret(address), RedisURL: config.NewSecret("redis://127.0.0.1:1")}
		_, err := start(t.Context(), s, options{now: time.Now, log: slog.New(slog.DiscardHandler)})
		switch {
		case err == nil:
			t.Errorf("%s: it starts", want)
		case !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "DATABASE_URL: "):
			t.Errorf("got %q, want %q", err, want)
		case strings.Contains(err.Error(), "hidden"), strings.Contains(err.Error(), "\n"):
			t.Errorf("got %q, want one line without the password", err)
		}
	}
}

// TestServe_stopped_while_starting: a stop is no fault, even one that comes while the program still waits for Postgres.
func TestServe_stopped_while_starting(t *testing.T) {
	for name, value := range map[string]string{
		"DATABASE_URL": "postgres://me@127.0.0.1:1/desk", "REDIS_URL": "redis://127.0.0.1:1", "DESK_PROFILE": "kishiwada",
		"PUBLIC_URL": "https://desk.example.jp", "LINE_CHANNEL_SECRET": "secret", "LINE_CHANNEL_ACCESS_TOKEN": "token",
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret", "LOG_LEVEL": "error",
	} {
		t.Setenv(name, value)
	}
	if err := serve(t.Context(), false); err == nil {
		t.Error("it starts without Postgres")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := serve(stopped, false); err != nil {
		t.Errorf("got %v, want an end without a fault", err)
	}
}

// TestStart_over_newer_tables: what a newer version has made is not served by an older one.
func TestStart_over_newer_tables(t *testing.T) {
	t.Parallel()
	there := storetest.URL(t)
	conn, err := pgx.Connect(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
		t.Fatal(err)
	}
	s := config.Settings{DeskProfile: "kishiwada", DatabaseURL: config.NewSecret(there), RedisURL: config.NewSecret("redis://127.0.0.1:1")}
	if _, err := start(t.Context(), s, options{now: time.Now, log: slog.New(slog.DiscardHandler)}); !errors.Is(err, store.ErrNewer) {
		t.Errorf("started: got %v", err)
	}
}

// TestCheck_without_settings: what is not set is not tried, so that each fault is named once.
func TestCheck_without_settings(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		environ []string
		faults  int
		left    string
	}{
		"nothing": {nil, 1, "profile, Postgres, Redis, LINE, Slack"},
		"profile": {[]string{"DESK_PROFILE=kishiwada"}, 1, "Postgres, Redis, LINE, Slack"},
		"stores": {[]string{"DESK_PROFILE=kishiwada", "DATABASE_URL=postgres://me:hidden@127.0.0.1:1/desk", "REDIS_URL=redis://:hidden@127.0.0.1:1"},
			3, "LINE, Slack"},
		"broken profile": {[]string{"DESK_PROFILE=/nowhere/desk.yaml", "SLACK_BOT_TOKEN=xoxb-1"}, 2, "Postgres, Redis, LINE, Slack"},
	} {
		var out strings.Builder
		if err := keeping().Check(t.Context(), row.environ, &out); err == nil {
			t.Errorf("%s: no fault", name)
		}
		if n := strings.Count(out.String(), "FAULT"); n != row.faults || strings.Count(out.String(), "not checked: "+row.left+"\n") != 1 {
			t.Errorf("%s: want %d faults, and %s not checked; got\n%s", name, row.faults, row.left, &out)
		}
		if strings.Contains(out.String(), "hidden") || strings.Contains(out.String(), "user=") {
			t.Errorf("%s: a password, or a guessed user, in\n%s", name, &out)
		}
	}
}
