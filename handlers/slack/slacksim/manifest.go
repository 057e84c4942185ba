package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// manifest is what of an app manifest is checked; unknown sections are refused.
//
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Long        string `json:"long_description"`
	} `json:"display_information"`
	Features struct {
		BotUser struct {
			Name string `json:"display_name"`
		} `json:"bot_user"`
		Shortcuts []json.RawMessage `json:"shortcuts"`
		Commands  []struct {
			Command     string `json:"command"`
			URL         string `json:"url"`
			Description string `json:"description"`
			Hint        string `json:"usage_hint"`
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
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url"`
		} `json:"interactivity"`
		Socket bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

// manifestFault is one complaint about a manifest.
type manifestFault struct {
	Message string `json:"message"`
	Pointer string `json:"pointer"`
}

func (s *Sim) manifestValidate(c *call) (object, *refusal) {
	raw := []byte(c.arg("manifest"))
	var sections map[string]json.RawMessage
	var m manifest
	if json.Unmarshal(raw, &sections) != nil || json.Unmarshal(raw, &m) != nil {
		return nil, refuse("invalid_manifest", "[ERROR] the manifest is not valid JSON of the manifest's form")
	}
	faults := append(unknownSections(sections), m.faults()...)
	if len(faults) == 0 {
		return object{"errors": []manifestFault{}}, nil
	}
	var messages []string
	for _, f := range faults {
		messages = append(messages, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", f.Message, f.Pointer))
	}
	return nil, refuse("invalid_manifest", messages...)
}

func unknownSections(sections map[string]json.RawMessage) []manifestFault {
	var faults []manifestFault
	known := []string{"_metadata", "display_information", "features", "oauth_config", "settings", "outgoing_domains"}
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		if !slices.Contains(known, name) {
			faults = append(faults, manifestFault{"invalid additional property: " + name, "/"})
		}
	}
	return faults
}

func (m manifest) faults() []manifestFault {
	var faults []manifestFault
	length := func(at, v string, least, most int) {
		if n := utf8.RuneCountInString(v); n > most || n < least {
			faults = append(faults, manifestFault{fmt.Sprintf("must be %d to %d characters", least, most), at})
		}
	}
	count := func(at string, n, most int) {
		if n > most {
			faults = append(faults, manifestFault{fmt.Sprintf("no more than %d items allowed", most), at})
		}
	}
	length("/display_information/name", m.Display.Name, 1, 35)
	length("/display_information/description", m.Display.Description, 0, 140)
	if m.Display.Long != "" {
		length("/display_information/long_description", m.Display.Long, 174, 4000)
	}
	length("/features/bot_user/display_name", m.Features.BotUser.Name, 0, 80)
	count("/features/shortcuts", len(m.Features.Shortcuts), 10)
	count("/features/slash_commands", len(m.Features.Commands), 50)
	count("/oauth_config/scopes/bot", len(m.OAuth.Scopes.Bot), 255)
	count("/settings/event_subscriptions/bot_events", len(m.Settings.Events.Bot), 100)
	for i, cmd := range m.Features.Commands {
		at := fmt.Sprintf("/features/slash_commands/%d/", i)
		length(at+"command", cmd.Command, 2, 32)
		length(at+"description", cmd.Description, 1, 2000)
		length(at+"usage_hint", cmd.Hint, 0, 1000)
		if !strings.HasPrefix(cmd.Command, "/") {
			faults = append(faults, manifestFault{"must begin with a slash", at + "command"})
		}
	}
	return append(faults, m.needs()...)
}

// needs are the faults of what has to go together.
func (m manifest) needs() []manifestFault {
	var faults []manifestFault
	need := func(missing bool, message, at string) {
		if missing {
			faults = append(faults, manifestFault{message, at})
		}
	}
	http := !m.Settings.Socket
	need(http && len(m.Settings.Events.Bot) > 0 && m.Settings.Events.URL == "", "requires a request_url", "/settings/event_subscriptions")
	need(http && m.Settings.Interactivity.Enabled && m.Settings.Interactivity.URL == "", "requires a request_url", "/settings/interactivity")
	for i, cmd := range m.Features.Commands {
		need(http && cmd.URL == "", "requires a url", fmt.Sprintf("/features/slash_commands/%d", i))
	}
	scoped := map[string]string{
		"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
		"message.im": "im:history", "user_change": "users:read",
	}
	granted := m.OAuth.Scopes.Bot
	for i, ev := range m.Settings.Events.Bot {
		members := strings.HasPrefix(ev, "member_") && !slices.Contains(granted, "channels:read") && !slices.Contains(granted, "groups:read")
		need(members, "requires scope channels:read or groups:read", fmt.Sprintf("/settings/event_subscriptions/bot_events/%d", i))
		scope := scoped[ev]
		need(scope != "" && !slices.Contains(m.OAuth.Scopes.Bot, scope), "requires scope "+scope, fmt.Sprintf("/settings/event_subscriptions/bot_events/%d", i))
	}
	need(len(m.Features.Commands) > 0 && !slices.Contains(m.OAuth.Scopes.Bot, "commands"), "requires scope commands", "/features/slash_commands")
	return faults
}
