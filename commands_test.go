package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot/calendar"
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

// TestCheckProfile: whoever writes a profile has it judged with nothing but the file.
func TestCheckProfile(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("config/profiles/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{
		string(whole): "ok     profile",
		strings.Replace(string(whole), "language: ja", "language: jp", 1): `(did you mean "ja"?)`,
	} {
		path := filepath.Join(t.TempDir(), "desk.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := checkProfile(path, &out)
		if !strings.Contains(out.String(), want) || (err == nil) != strings.HasPrefix(want, "ok") {
			t.Errorf("got %q, %v, want %q", out.String(), err, want)
		}
	}
	if err := checkProfile("nowhere.yaml", io.Discard); err == nil {
		t.Error("a profile that is not there passes")
	}
}

// TestHealth: ready is what answers 200 at /readyz; everything else is not.
func TestHealth(t *testing.T) {
	for status, want := range map[int]bool{http.StatusOK: true, http.StatusServiceUnavailable: false} {
		desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/readyz" {
				w.WriteHeader(status)
			}
		}))
		t.Setenv("LISTEN_ADDR", desk.Listener.Addr().String())
		if err := health(t.Context()); (err == nil) != want {
			t.Errorf("%d: got %v", status, err)
		}
		desk.Close()
	}
	if err := health(t.Context()); err == nil {
		t.Error("a desk that is not there is ready")
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

// TestMigrate_for_a_user: who serves may read and write the desk's rows, and can neither change a table nor what has happened.
func TestMigrate_for_a_user(t *testing.T) {
	t.Parallel()
	owner := storetest.EmptyURL(t)
	served := storetest.Served(t, owner)
	err := migrate(t.Context(), []string{"DATABASE_URL=" + served}, "", io.Discard)
	if err == nil || !strings.Contains(err.Error(), "run tsunagi migrate --user") {
		t.Errorf("without tables it says %v, want what to do", err)
	}
	var out strings.Builder
	who, err := url.Parse(served)
	if err == nil {
		err = migrate(t.Context(), []string{"DATABASE_URL=" + owner}, who.User.Username(), &out)
	}
	if err != nil || !strings.Contains(out.String(), "may serve the desk") {
		t.Fatalf("got %q, %v", out.String(), err)
	}
	conn, err := pgx.Connect(t.Context(), served)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for sql, may := range map[string]bool{
		"UPDATE contacts SET heard_at = now()": true, "SELECT FROM history": true, "SELECT FROM goose_db_version": true,
		"UPDATE history SET actor = 'U1'": false, "DELETE FROM history": false, "DELETE FROM proposals": false,
		"DELETE FROM inbox": false, "CREATE TABLE own ()": false, "DELETE FROM goose_db_version": false,
	} {
		if _, err := conn.Exec(t.Context(), sql); (err == nil) != may {
			t.Errorf("%s: %v, want allowed %t", sql, err, may)
		}
	}
	if err := migrate(t.Context(), []string{"DATABASE_URL=" + served}, "", io.Discard); err != nil {
		t.Errorf("with nothing to do it fails: %v", err)
	}
	// Postgres only warns whoever grants what is not theirs.
	err = migrate(t.Context(), []string{"DATABASE_URL=" + served}, who.User.Username(), io.Discard)
	if !errors.Is(err, store.ErrNotOwner) {
		t.Errorf("granted by somebody who owns nothing: got %v", err)
	}
}

// TestStart_over_newer_tables: what a newer version has made is not served by an older one, and check says so, too.
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
	if found := checkPostgres(t.Context(), s); found[0].OK || !strings.Contains(found[0].Remedy, "newer") {
		t.Errorf("checked: got %+v", found)
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
		if err := checkAll(t.Context(), row.environ, &out); err == nil {
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

// TestCheckHolidays: the holidays of a year that nobody has compared with the government's list are a fault once it has come.
func TestCheckHolidays(t *testing.T) {
	t.Parallel()
	verified, err := calendar.VerifiedThrough()
	if err != nil {
		t.Fatal(err)
	}
	if f := checkHolidays(time.Date(verified, 12, 31, 0, 0, 0, 0, time.UTC)); !f.OK {
		t.Errorf("in %d: %s", verified, f.Fault)
	}
	if f := checkHolidays(time.Date(verified+1, 1, 1, 0, 0, 0, 0, time.UTC)); f.OK || f.Remedy == "" {
		t.Errorf("in %d: %+v, want a fault and what to do", verified+1, f)
	}
}
