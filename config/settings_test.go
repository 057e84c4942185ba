package config_test

import (
	"errors"
	"log/slog"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/config"
)

// table is the one in the design: every setting with its default.
func table() map[string]string {
	return map[string]string{
		"DATABASE_URL": "", "REDIS_URL": "", "LISTEN_ADDR": ":8080", "ADMIN_ADDR": "127.0.0.1:9090", "PUBLIC_URL": "", "TRUSTED_PROXIES": "",
		"DESK_PROFILE": "", "LINE_CHANNEL_SECRET": "", "LINE_CHANNEL_SECRET_PREVIOUS": "", "LINE_CHANNEL_ACCESS_TOKEN": "",
		"LINE_CHANNEL_ID": "", "LINE_API_URL": "https://api.line.me", "LINE_DATA_API_URL": "https://api-data.line.me",
		"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "", "SLACK_API_URL": "https://slack.com/api/",
		"LOG_LEVEL": "info", "LOG_FORMAT": "json",
	}
}

func TestSettingsAreTheTable(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for i := range reflect.TypeFor[config.Settings]().NumField() {
		f := reflect.TypeFor[config.Settings]().Field(i)
		got[f.Tag.Get("env")] = f.Tag.Get("envDefault")
		if want, _ := config.RuleOf(f.Tag.Get("env")); want == "" {
			t.Errorf("%s has no rule", f.Name)
		}
	}
	if diff := cmp.Diff(table(), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func needed() []string {
	return []string{
		"DATABASE_URL=postgres://tsunagi@db/tsunagi", "REDIS_URL=redis://redis", "PUBLIC_URL=https://desk.example.jp/",
		"DESK_PROFILE=osaka", "LINE_CHANNEL_SECRET=a", "LINE_CHANNEL_ACCESS_TOKEN= b\n", "SLACK_BOT_TOKEN=xoxb-c",
		"SLACK_SIGNING_SECRET=d",
	}
}

func TestReadSettings(t *testing.T) {
	t.Parallel()
	got, err := config.ReadSettings(needed(), config.Serve)
	want := config.Settings{
		DatabaseURL: config.NewSecret("postgres://tsunagi@db/tsunagi"), RedisURL: config.NewSecret("redis://redis"),
		ListenAddr: ":8080", AdminAddr: "127.0.0.1:9090", PublicURL: "https://desk.example.jp", DeskProfile: "osaka",
		LineChannelSecret: config.NewSecret("a"), LineChannelAccessToken: config.NewSecret("b"),
		LineAPIURL: "https://api.line.me", LineDataAPIURL: "https://api-data.line.me",
		SlackBotToken: config.NewSecret("xoxb-c"), SlackSigningSecret: config.NewSecret("d"),
		SlackAPIURL: "https://slack.com/api/", LogLevel: slog.LevelInfo, LogFormat: "json",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got.SocketMode() {
		t.Error("Socket Mode without SLACK_APP_TOKEN")
	}
}

func TestReadSettingsOptional(t *testing.T) {
	t.Parallel()
	environ := append(needed(), "LINE_CHANNEL_ACCESS_TOKEN=", "LINE_CHANNEL_ID=1234567890", "SLACK_APP_TOKEN=xapp-e",
		"LINE_CHANNEL_SECRET_PREVIOUS=f", "LOG_LEVEL=debug", "LOG_FORMAT=text", "SLACK_API_URL=http://127.0.0.1:1/api/")
	got, err := config.ReadSettings(environ, config.Serve)
	if err != nil {
		t.Fatal(err)
	}
	if !got.SocketMode() || got.LineChannelSecretPrevious.Reveal() != "f" || got.LineChannelID != "1234567890" {
		t.Errorf("got %+v", got)
	}
	if got.LogLevel != slog.LevelDebug || got.LogFormat != "text" || got.SlackAPIURL != "http://127.0.0.1:1/api/" {
		t.Errorf("got %+v", got)
	}
}

// A fault leaves the right settings filled in, so that the check command can look at what they lead to.
func TestReadSettingsFillsInWhatIsRight(t *testing.T) {
	t.Parallel()
	got, err := config.ReadSettings([]string{"DATABASE_URL=postgres://db/tsunagi", "LOG_LEVEL=loud"}, config.Check)
	var faults config.Faults
	if !errors.As(err, &faults) || len(faults) != 8 {
		t.Fatalf("got %v, want 8 faults", err)
	}
	if got.DatabaseURL.Reveal() != "postgres://db/tsunagi" || got.LogLevel != slog.LevelInfo || got.ListenAddr != ":8080" {
		t.Errorf("got %+v", got)
	}
}

func TestReadSettingsTakesBothFormsOfPostgres(t *testing.T) {
	t.Parallel()
	for address, wrong := range map[string]string{
		"postgres://u:p@h1:5432,h2:5432/tsunagi":        "",
		"postgresql:///tsunagi?host=/run/postgresql":    "",
		"postgres://u@h/?dbname=tsunagi":                "",
		"host=/run/postgresql dbname=tsunagi user=desk": "",
		"dbname=tsunagi":      "names no host",
		"postgres://u:p@h":    "names no database after the host",
		"postgres:///tsunagi": "names no host",
		"tsunagi":             "is no address with ://",
	} {
		_, err := config.ReadSettings([]string{"DATABASE_URL=" + address}, config.Migrate)
		var faults config.Faults
		switch errors.As(err, &faults); {
		case wrong == "" && err != nil:
			t.Errorf("%s: %v", address, err)
		case wrong != "" && (len(faults) != 1 || faults[0].Wrong != wrong):
			t.Errorf("%s: got %v, want %q", address, err, wrong)
		}
	}
}

// TestReadSettings_port_alone: a port without a host is what the rule says it may be; the private one stays private.
func TestReadSettings_port_alone(t *testing.T) {
	t.Parallel()
	s, err := config.ReadSettings([]string{"LISTEN_ADDR=8080", "ADMIN_ADDR=9090"}, config.Demo)
	if err != nil {
		t.Fatal(err)
	}
	if s.ListenAddr != ":8080" || s.AdminAddr != "127.0.0.1:9090" {
		t.Errorf("got %q and %q", s.ListenAddr, s.AdminAddr)
	}
}

// TestReadSettings_public_url: LINE and Slack reach a desk by TLS only; without it only this machine may be named.
func TestReadSettings_public_url(t *testing.T) {
	t.Parallel()
	for address, right := range map[string]bool{
		"https://desk.example.jp": true, "http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:8080": true,
		"http://": false, "https://": false, "http://desk.example.jp": false, "http://192.0.2.1": false, "http://localhost.example.jp": false,
	} {
		if _, err := config.ReadSettings([]string{"PUBLIC_URL=" + address}, config.Demo); (err == nil) != right {
			t.Errorf("%s: got %v, want right %v", address, err, right)
		}
	}
}
