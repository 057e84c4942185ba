package config

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"

	"tsunagi/bot/text"
)

// Settings are what differs between installations. They come from the environment alone and are read once, in main,
// which hands down the few values that each part needs. The tag need names the commands that cannot do without.
type Settings struct {
	// DatabaseURL is the Postgres database, version 14 or later.
	DatabaseURL Secret `env:"DATABASE_URL" need:"serve,migrate,check,release"`
	// RedisURL is the Redis that holds live conversations: one server, Sentinel or Cluster; see the forms below.
	RedisURL Secret `env:"REDIS_URL" need:"serve,check"`
	// ListenAddr is where the public routes are served; a port alone, as in 8080, is that port of every address of this machine.
	ListenAddr string `env:"LISTEN_ADDR" envDefault:":8080"`
	// AdminAddr is where /metrics and pprof are served. Keep it private; a port alone, as in 9090, is reached from this machine only.
	AdminAddr string `env:"ADMIN_ADDR" envDefault:"127.0.0.1:9090"`
	// PublicURL is the base of links sent to people and of the webhook addresses; kept without a slash at the end.
	PublicURL string `env:"PUBLIC_URL" need:"serve,check,setup line,setup slack"`
	// TrustedProxies are the reverse proxies in front, which add whom they heard to X-Forwarded-For. With it no single address
	// can take up the room for requests whose signature is not verified yet; without it nobody is counted by address.
	TrustedProxies string `env:"TRUSTED_PROXIES"`
	// DeskProfile is the path of desk.yaml, or the name of an embedded profile.
	DeskProfile string `env:"DESK_PROFILE" need:"serve,check,setup line,setup slack"`
	// LineChannelSecret is the LINE channel's secret, by which webhooks are known to come from LINE.
	LineChannelSecret Secret `env:"LINE_CHANNEL_SECRET" need:"serve,check"`
	// LineChannelSecretPrevious is accepted beside it while the secret is being changed.
	LineChannelSecretPrevious Secret `env:"LINE_CHANNEL_SECRET_PREVIOUS"`
	// LineChannelAccessToken is a long-lived token of the channel. Either this or LINE_CHANNEL_ID is needed; if both
	// are set, this one is used.
	LineChannelAccessToken Secret `env:"LINE_CHANNEL_ACCESS_TOKEN"`
	// LineChannelID is the channel's number; with it and the channel secret, stateless tokens are issued as needed.
	LineChannelID string `env:"LINE_CHANNEL_ID"`
	// LineAPIURL is the base of LINE's Messaging API.
	LineAPIURL string `env:"LINE_API_URL" envDefault:"https://api.line.me"`
	// LineDataAPIURL is the base of LINE's API for files.
	LineDataAPIURL string `env:"LINE_DATA_API_URL" envDefault:"https://api-data.line.me"`
	// SlackBotToken is the bot token of the Slack app, as given when it was installed in the workspace.
	SlackBotToken Secret `env:"SLACK_BOT_TOKEN" need:"serve,check"`
	// SlackSigningSecret is the Slack app's signing secret, by which requests are known to come from Slack.
	SlackSigningSecret Secret `env:"SLACK_SIGNING_SECRET" need:"serve,check"`
	// SlackAppToken makes Tsunagi use Socket Mode instead of HTTP when it is set, for desks behind a firewall.
	SlackAppToken Secret `env:"SLACK_APP_TOKEN"`
	// SlackAPIURL is the base of Slack's Web API.
	SlackAPIURL string `env:"SLACK_API_URL" envDefault:"https://slack.com/api/"`
	// LogLevel is the least level that is logged.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// LogFormat is the form of the log.
	LogFormat string `env:"LOG_FORMAT" envDefault:"json"`
}

// Command is a subcommand of the binary; each needs other settings.
type Command string

// The commands that read settings. demo needs none: it makes its own; health needs no more than where the desk listens.
const (
	Serve      Command = "serve"
	Migrate    Command = "migrate"
	Check      Command = "check"
	Release    Command = "release"
	SetupLine  Command = "setup line"
	SetupSlack Command = "setup slack"
	Demo       Command = "demo"
	Health     Command = "health"
)

// ReadSettings reads the settings from an environment as os.Environ gives it, for one command. Its error is Faults with
// everything that is missing for the command or malformed; the settings that are right are filled in all the same, so
// that the check command can go on with them. White space around a value is dropped; an empty value is no value.
func ReadSettings(environ []string, command Command) (Settings, error) {
	values := trimmed(environ)
	token := lineToken(values, command)
	var faults Faults
	for _, s := range settings() {
		if f, wrong := s.judge(values, command); wrong {
			faults = append(faults, f)
			delete(values, s.name)
		}
	}
	faults = append(faults, token...)
	var out Settings
	if err := env.ParseWithOptions(&out, env.Options{Environment: values}); err != nil {
		return out, fmt.Errorf("read settings: %w", err)
	}
	out.PublicURL = strings.TrimRight(out.PublicURL, "/")
	if isPort(out.ListenAddr) {
		out.ListenAddr = ":" + out.ListenAddr
	}
	if isPort(out.AdminAddr) {
		out.AdminAddr = "127.0.0.1:" + out.AdminAddr
	}
	return out, faults.err()
}

// SocketMode reports whether Slack is reached by Socket Mode instead of HTTP.
func (s Settings) SocketMode() bool { return s.SlackAppToken.IsSet() }

// LineToken reports whether there is a way to get a token for LINE.
func (s Settings) LineToken() bool {
	return s.LineChannelAccessToken.IsSet() || s.LineChannelID != "" && s.LineChannelSecret.IsSet()
}

func trimmed(environ []string) map[string]string {
	values := make(map[string]string, len(environ))
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if value = strings.TrimSpace(value); value != "" {
			values[name] = value
		}
	}
	return values
}

// setting is one row of the table: a field of Settings and the rule for its value.
type setting struct {
	name, preset string
	need         []Command
	secret       bool
	rule         rule
}

func settings() []setting {
	t := reflect.TypeFor[Settings]()
	all := make([]setting, 0, t.NumField())
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		s := setting{name: tag.Get("env"), preset: tag.Get("envDefault"), secret: t.Field(i).Type == reflect.TypeFor[Secret]()}
		for _, c := range strings.Split(tag.Get("need"), ",") {
			s.need = append(s.need, Command(c))
		}
		s.rule = ruleOf(s.name)
		all = append(all, s)
	}
	return all
}

// judge tells what is wrong with the value, if anything; a secret is never quoted.
func (s setting) judge(values map[string]string, command Command) (Fault, bool) {
	f := Fault{Key: s.name, Want: s.rule.want, Example: s.rule.example}
	value, given := values[s.name]
	if !given {
		f.Wrong = "is missing" + s.misspelt(values)
		return f, slices.Contains(s.need, command)
	}
	wrong := s.rule.wrong(value)
	f.Wrong = wrong
	if !s.secret && wrong != "" {
		f.Wrong = fmt.Sprintf("%q %s", value, wrong)
	}
	return f, wrong != ""
}

// misspelt names a variable that was probably meant to be this one.
func (s setting) misspelt(values map[string]string) string {
	var strangers []string
	for name := range values {
		if ruleOf(name).want == "" && text.Slips(name, s.name) <= 2 {
			strangers = append(strangers, name)
		}
	}
	slices.Sort(strangers)
	if meant := nearest(s.name, strangers); meant != "" {
		return ", but " + meant + " is set"
	}
	return ""
}

// lineToken sees to it that there is one of the two ways to get a token for LINE.
func lineToken(values map[string]string, command Command) Faults {
	if !slices.Contains([]Command{Serve, Check, SetupLine}, command) || values["LINE_CHANNEL_ACCESS_TOKEN"] != "" {
		return nil
	}
	if values["LINE_CHANNEL_ID"] != "" {
		return lineSecret(values, command)
	}
	return Faults{{
		Key: "LINE_CHANNEL_ACCESS_TOKEN", Wrong: "is missing, and so is LINE_CHANNEL_ID",
		Want: "one of the two: a long-lived channel access token, or the channel's number for stateless tokens",
	}}
}

// lineSecret is asked for by serve and check anyway; setup line needs it only to have stateless tokens issued.
func lineSecret(values map[string]string, command Command) Faults {
	if command != SetupLine || values["LINE_CHANNEL_SECRET"] != "" {
		return nil
	}
	r := ruleOf("LINE_CHANNEL_SECRET")
	return Faults{{Key: "LINE_CHANNEL_SECRET", Wrong: "is missing, and LINE_CHANNEL_ID alone gives no token",
		Want: r.want, Example: r.example}}
}

// Logger is the log as the settings want it.
func (s Settings) Logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
