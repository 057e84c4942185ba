package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/text"
)

// Scopes are what the app asks for, each for one thing it does: https://docs.slack.dev/reference/scopes
func Scopes() []string {
	return []string{
		"channels:history",      // look for a post whose fate is unknown, in public channels
		"channels:read",         // who is a member of a public channel
		"chat:write",            // cards, threads, answers
		"commands",              // /desk
		"files:write",           // documents of organizations
		"groups:history",        // as channels:history, in private channels
		"groups:read",           // as channels:read, for private channels
		"im:write",              // answers in the app's own conversation with somebody
		"metadata.message:read", // the delivery's id on our own posts
		"users:read",            // names; who is a guest
	}
}

// Events are what the app wants to hear. Messages are not among them: what staff say never reaches us. That an account was
// closed is told by user_change alone.
func Events() []string {
	return []string{
		"app_home_opened", "app_uninstalled", "channel_archive", "channel_left", "channel_unarchive", "group_archive",
		"group_left", "group_unarchive", "member_joined_channel", "member_left_channel", "tokens_revoked", "user_change",
	}
}

// manifest is https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
	} `json:"_metadata"`
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	} `json:"display_information"`
	Features features `json:"features"`
	OAuth    struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings wiring `json:"settings"`
}

type features struct {
	Home struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	Bot struct {
		Name   string `json:"display_name"`
		Always bool   `json:"always_online"`
	} `json:"bot_user"`
	Commands []slash `json:"slash_commands"`
}

type slash struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"` // so that @name comes as an id
}

// wiring is how requests reach us.
type wiring struct {
	Events struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	} `json:"event_subscriptions"`
	Interactivity struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
	} `json:"interactivity"`
	Org    bool `json:"org_deploy_enabled"`
	Socket bool `json:"socket_mode_enabled"`
	Rotate bool `json:"token_rotation_enabled"`
}

// botName is what the app is called; it is also what people type after @.
const botName = "Tsunagi"

// Manifest is the app's manifest as JSON, ready to paste, for requests to publicURL or over Socket Mode.
func Manifest(words *text.Catalogue, publicURL string, socketMode bool) ([]byte, error) {
	var m manifest
	m.Metadata.Major = 1
	m.Display.Name, m.Display.Description = botName, words.Say(text.Say("slack.manifest.description"))
	m.Features.Home.Home, m.Features.Home.Messages, m.Features.Home.ReadOnly = true, true, true
	m.Features.Bot.Name, m.Features.Bot.Always = botName, true
	command := slash{
		Command: "/desk", Description: words.Say(text.Say("slack.manifest.command")),
		Hint: words.Say(text.Say("slack.manifest.hint")), Escape: true,
	}
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events.Bot = Events()
	m.Settings.Interactivity.Enabled = true
	m.Settings.Socket = socketMode
	if !socketMode {
		base := strings.TrimRight(publicURL, "/")
		command.URL = base + "/slack/commands"
		m.Settings.Interactivity.URL = base + "/slack/interactions"
		m.Settings.Events.URL = base + "/slack/events"
	}
	m.Features.Commands = []slash{command}
	return json.MarshalIndent(m, "", "  ")
}

// Setup prints the manifest to w, alone so that it can be kept in a file, and to people what to do with it.
func Setup(w, people io.Writer, words *text.Catalogue, desk *bot.Desk, publicURL string, socketMode bool) error {
	m, err := Manifest(words, publicURL, socketMode)
	if err != nil {
		return fmt.Errorf("make the app manifest: %w", err)
	}
	var after strings.Builder
	fmt.Fprintf(&after, "\n%s\n", words.Say(text.Say("slack.setup.next")))
	for i, step := range steps(desk, socketMode) {
		fmt.Fprintf(&after, "%d. %s\n", i+1, words.Say(step))
	}
	_, before := fmt.Fprintf(people, "%s\n\n", words.Say(text.Say("slack.setup.intro")))
	_, err = fmt.Fprintf(w, "%s\n", m)
	_, last := io.WriteString(people, after.String())
	return errors.Join(before, err, last)
}

func steps(desk *bot.Desk, socketMode bool) []text.Line {
	channels := []text.Line{text.Say("slack.setup.channel", "channel", desk.Channel, "name", desk.Name)}
	for _, d := range desk.Departments {
		channels = append(channels, text.Say("slack.setup.channel", "channel", d.Channel, "name", d.Name))
	}
	all := []text.Line{text.Say("slack.setup.install"), text.Say("slack.setup.token"), text.Say("slack.setup.secret")}
	if socketMode {
		all = append(all, text.Say("slack.setup.app_token"))
	}
	return append(all, text.Say("slack.setup.invite", "bot", botName, "channels", channels), text.Say("slack.setup.check"))
}
