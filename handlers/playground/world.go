package playground

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"tsunagi/bot"
	"tsunagi/config"
	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/playground/story"
	"tsunagi/handlers/slack/slacksim"
)

// World is both platforms, simulated, on this machine's loopback, with the people of a cast on them, and the settings
// with which the ordinary application serves them. Whether one application does, or several, is not its business.
type World struct {
	Line     *linesim.Sim
	Slack    *slacksim.Sim
	Cast     story.Cast
	Desk     bot.Desk
	Clock    *MovableClock
	Settings config.Settings

	servers []*http.Server
}

// WorldOptions say what a world is made of. Only SocketMode and MonthlyLimit may be left out.
type WorldOptions struct {
	Profile   string // name of an embedded profile, or the path of a desk.yaml
	Database  string // URL of Postgres
	Redis     string // URL of Redis
	PublicURL string // where the platforms reach the application
	// Manifest is the Slack app's, as `tsunagi setup slack` prints it: what it does not ask for is not granted.
	Manifest   func(publicURL string, socketMode bool) ([]byte, error)
	SocketMode bool
}

// NewWorld makes a world and begins to serve it.
func NewWorld(o WorldOptions) (_ *World, err error) {
	profile, err := config.LoadProfile(o.Profile, os.ReadFile)
	if err != nil {
		return nil, err
	}
	w := &World{Desk: profile.Desk()}
	if w.Cast, err = loadCast(o.Profile, &w.Desk); err != nil {
		return nil, err
	}
	start, err := begins(w.Cast, &w.Desk)
	if err != nil {
		return nil, err
	}
	w.Clock = NewClock(start, time.Now)
	w.Settings = settings(o)
	if err := w.simulate(o); err != nil {
		return nil, err
	}
	w.people()
	w.staff()
	return w, w.serve()
}

// settings are those of the ordinary application, with secrets that nobody has used before.
func settings(o WorldOptions) config.Settings {
	secret := func(prefix string) config.Secret { return config.NewSecret(prefix + rand.Text()) }
	s := config.Settings{
		DatabaseURL: config.NewSecret(o.Database), RedisURL: config.NewSecret(o.Redis), PublicURL: o.PublicURL,
		DeskProfile: o.Profile, LineChannelSecret: secret(""), LineChannelAccessToken: secret(""),
		SlackBotToken: secret("xoxb-"), SlackSigningSecret: secret(""), LogLevel: slog.LevelWarn, LogFormat: "text",
	}
	if o.SocketMode {
		s.SlackAppToken = secret("xapp-")
	}
	return s
}

// redeliverAfter is when LINE sends again what the application did not take.
const redeliverAfter = 3 * time.Second

// answerWithin is how long the platforms wait for the application: more than the real ones, since what this machine is
// busy with is no fault of the desk's.
const answerWithin = 10 * time.Second

func (w *World) simulate(o WorldOptions) error {
	raw, err := o.Manifest(o.PublicURL, o.SocketMode)
	if err != nil {
		return err
	}
	var app manifest
	if err := json.Unmarshal(raw, &app); err != nil {
		return fmt.Errorf("read the Slack app's manifest: %w", err)
	}
	s := w.Settings
	w.Line = linesim.New(linesim.Config{
		ChannelSecret: s.LineChannelSecret.Reveal(), AccessToken: s.LineChannelAccessToken.Reveal(), BotName: w.Desk.Name,
		WebhookURL: o.PublicURL + "/line/webhook", Now: w.Clock.Now, WebhookTimeout: answerWithin,
		RedeliverAfter: redeliverAfter,
	})
	w.Slack = slacksim.New(app.config(slacksim.Config{
		BotToken: s.SlackBotToken.Reveal(), AppToken: s.SlackAppToken.Reveal(), SigningSecret: s.SlackSigningSecret.Reveal(),
		Now: w.Clock.Now, AckTimeout: answerWithin,
	}))
	return nil
}

// manifest is what of a Slack app's manifest decides how the workspace treats it.
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Features struct {
		Commands []struct {
			Command string `json:"command"`
			URL     string `json:"url"`
			Escape  bool   `json:"should_escape"`
		} `json:"slash_commands"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `json:"request_url"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			URL string `json:"request_url"`
		} `json:"interactivity"`
		Socket bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

func (m manifest) config(c slacksim.Config) slacksim.Config {
	c.Scopes, c.Events, c.SocketMode = m.OAuth.Scopes.Bot, m.Settings.Events.Bot, m.Settings.Socket
	c.InteractionsURL, c.EventsURL = m.Settings.Interactivity.URL, m.Settings.Events.URL
	for _, command := range m.Features.Commands {
		c.Command, c.CommandsURL, c.EscapeCommands = command.Command, command.URL, command.Escape
	}
	return c
}

func (w *World) people() {
	for _, p := range w.Cast.People {
		w.Line.AddPerson(p.Name, p.Shown)
	}
}

// staff fills the workspace: the people of the cast, and a private channel for the desk and each department.
func (w *World) staff() {
	members := map[string][]string{}
	for _, m := range w.Cast.Staff {
		if m.Standing == "" {
			w.Slack.AddUser(m.ID, m.Name)
		} else {
			w.Slack.AddUser(m.ID, m.Name, slacksim.Standing(m.Standing))
		}
		for _, room := range m.Rooms {
			members[w.Cast.Rooms[room]] = append(members[w.Cast.Rooms[room]], m.ID)
		}
	}
	w.Slack.AddPrivateChannel(w.Desk.Channel, w.Cast.Desk, members[w.Desk.Channel]...)
	for _, d := range w.Desk.Departments {
		w.Slack.AddPrivateChannel(d.Channel, d.Name, members[d.Channel]...)
	}
}

// serve gives each host of the platforms an address of its own, so that a call to the wrong one is found out.
func (w *World) serve() (err error) {
	if w.Settings.LineAPIURL, err = w.listen(w.Line.API()); err != nil {
		return err
	}
	if w.Settings.LineDataAPIURL, err = w.listen(w.Line.Data()); err != nil {
		return err
	}
	base, err := w.listen(w.Slack)
	w.Slack.SetBaseURL(base)
	w.Settings.SlackAPIURL = base + "/api/"
	return err
}

func (w *World) listen(h http.Handler) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", errors.Join(fmt.Errorf("listen for a platform's calls: %w", err), w.Close())
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	w.servers = append(w.servers, s)
	go func() { _ = s.Serve(l) }() // ends with Close
	return "http://" + l.Addr().String(), nil
}

// Close ends the platforms; calls on their way are cut off.
func (w *World) Close() error {
	w.Line.Close()
	w.Slack.Shutdown()
	var faults []error
	for _, s := range w.servers {
		faults = append(faults, s.Close())
	}
	return errors.Join(faults...)
}
