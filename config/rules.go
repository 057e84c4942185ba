package config

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// rule is what the value of one setting must be: in words, by an example, and as a judgement. wrong gives "" for a right
// value, else what is wrong with it, without quoting it.
type rule struct {
	want, example string
	wrong         func(value string) string
}

// ruleOf is the rule for the setting of that name; the zero rule for a name that is no setting.
func ruleOf(name string) rule {
	switch name {
	case "DATABASE_URL":
		return rule{"the address of a Postgres database",
			"postgres://tsunagi:PASSWORD@db.example.jp:5432/tsunagi?sslmode=verify-full", databaseWrong}
	case "REDIS_URL":
		return rule{"the address of a Redis: redis://, rediss://, redis+sentinel:// or redis+cluster://",
			"redis://:PASSWORD@redis.example.jp:6379/0", redisWrong}
	case "LISTEN_ADDR":
		return rule{"host and port to listen on, or a port alone", ":8080", listenWrong}
	case "ADMIN_ADDR":
		return rule{"host and port to listen on, or a port alone", "127.0.0.1:9090", listenWrong}
	case "PUBLIC_URL":
		return rule{"the web address under which people reach this desk", "https://desk.example.jp", publicURLWrong}
	case "TRUSTED_PROXIES":
		return rule{"addresses or networks with commas between them", "10.0.0.0/8, 2001:db8::1", proxiesWrong}
	case "DESK_PROFILE":
		return rule{"the path of desk.yaml, or one of " + strings.Join(Embedded(), ", "), "/etc/tsunagi/desk.yaml", noneWrong}
	}
	return ruleOfPlatform(name)
}

// ruleOfPlatform holds the rules for what LINE, Slack and the log want. Secrets are checked only for what can be seen
// to be a slip of the hand: the form of LINE's and Slack's tokens is theirs to change.
func ruleOfPlatform(name string) rule {
	switch name {
	case "LINE_CHANNEL_SECRET", "LINE_CHANNEL_SECRET_PREVIOUS":
		return rule{"the channel secret from the LINE Developers console (Basic settings)", "", secretWrong}
	case "LINE_CHANNEL_ACCESS_TOKEN":
		return rule{"a long-lived channel access token from the LINE Developers console (Messaging API)", "", secretWrong}
	case "LINE_CHANNEL_ID":
		return rule{"the channel ID from the LINE Developers console, digits only", "1234567890", digitsWrong}
	case "LINE_API_URL":
		return rule{"the base address of LINE's Messaging API", "https://api.line.me", urlWrong}
	case "LINE_DATA_API_URL":
		return rule{"the base address of LINE's API for files", "https://api-data.line.me", urlWrong}
	case "SLACK_BOT_TOKEN":
		return rule{"the bot token of the Slack app (OAuth & Permissions), which begins with xoxb-", "", beginsWrong("xoxb-")}
	case "SLACK_SIGNING_SECRET":
		return rule{"the signing secret of the Slack app (Basic Information)", "", secretWrong}
	case "SLACK_APP_TOKEN":
		return rule{"an app-level token with connections:write, which begins with xapp-", "", beginsWrong("xapp-")}
	case "SLACK_API_URL":
		return rule{"the base address of Slack's Web API, ending in /api/", "https://slack.com/api/", slackURLWrong}
	case "LOG_LEVEL":
		return rule{"one of debug, info, warn, error", "info", oneOfWrong("debug", "info", "warn", "error")}
	case "LOG_FORMAT":
		return rule{"one of json, text", "json", oneOfWrong("json", "text")}
	}
	return rule{}
}

func noneWrong(string) string { return "" }

func databaseWrong(value string) string {
	if !strings.Contains(value, "://") && strings.Contains(value, "=") {
		return keywordsWrong(value)
	}
	a, wrong := splitAddress(value)
	switch {
	case wrong != "":
		return wrong
	case a.scheme != "postgres" && a.scheme != "postgresql":
		return "does not begin with postgres://"
	case strings.Trim(a.path, "/") == "" && a.query.Get("dbname") == "":
		return "names no database after the host"
	case len(a.hosts) == 0 && a.query.Get("host") == "":
		return "names no host"
	}
	return ""
}

// keywordsWrong judges libpq's other form, "host=… dbname=…".
func keywordsWrong(value string) string {
	for _, key := range []string{"host", "dbname"} {
		if !strings.Contains(" "+value, " "+key+"=") {
			return "names no " + key
		}
	}
	return ""
}

func redisWrong(value string) string {
	_, err := ParseRedis(value)
	if err != nil {
		return err.Error()
	}
	return ""
}

func listenWrong(value string) string {
	_, port, err := net.SplitHostPort(value)
	if isPort(value) {
		port, err = value, nil
	}
	if err != nil {
		return "is not host:port"
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "has no port from 0 to 65535"
	}
	return ""
}

// isPort reports whether a listening address is a port alone, as in 8080.
func isPort(value string) bool { return value != "" && strings.Trim(value, "0123456789") == "" }

// publicURLWrong wants TLS: LINE and Slack reach no other address, and people write in confidence. Only this machine
// itself may be named without, to try things out.
func publicURLWrong(value string) string {
	if wrong := urlWrong(value); wrong != "" {
		return wrong
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "https" || u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback() {
		return ""
	}
	return "does not begin with https://"
}

func urlWrong(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil:
		return "cannot be read as a web address"
	case u.Scheme != "http" && u.Scheme != "https":
		return "does not begin with https://"
	case u.Hostname() == "":
		return "names no host"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "has more than host and path"
	}
	return ""
}

func slackURLWrong(value string) string {
	if wrong := urlWrong(value); wrong != "" {
		return wrong
	}
	if !strings.HasSuffix(value, "/api/") {
		return "does not end in /api/"
	}
	return ""
}

// secretWrong finds what comes with a value pasted or quoted by mistake.
func secretWrong(value string) string {
	odd := func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) || unicode.IsControl(r) }
	switch {
	case strings.ContainsFunc(value, odd):
		return "has a space or another character that no secret has"
	case strings.ContainsAny(value, `"'`):
		return "has quotation marks in it"
	}
	return ""
}

func beginsWrong(prefix string) func(string) string {
	return func(value string) string {
		if !strings.HasPrefix(value, prefix) {
			return "does not begin with " + prefix
		}
		return secretWrong(value)
	}
}

func digitsWrong(value string) string {
	if strings.Trim(value, "0123456789") != "" {
		return "has other characters than digits"
	}
	return ""
}

func oneOfWrong(names ...string) func(string) string {
	return func(value string) string {
		if !slices.Contains(names, value) {
			return "is none of them"
		}
		return ""
	}
}
