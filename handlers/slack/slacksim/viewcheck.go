package slacksim

import (
	"encoding/json"
	"strings"
)

// checkView refuses a view that Slack would not show. kind is "modal" or "home".
func (s *Sim) checkView(raw json.RawMessage, kind string) *refusal {
	if len(raw) > maxViewSize {
		return refuse("view_too_large")
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return refuse("invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]")
	}
	c := &checker{rules: &s.rules, surface: kind, blockIDs: map[string]bool{}}
	o, _ := v.(map[string]any)
	if o["type"] != kind {
		c.fail("/view/type", "unsupported type: %v", o["type"])
	} else {
		c.object("/view", v, viewShape(kind))
	}
	if len(c.messages) > 0 {
		return refuse("invalid_arguments", withSchemaLine(c.messages)...)
	}
	return nil
}

// viewShape is https://docs.slack.dev/reference/views
func viewShape(kind string) shape {
	table := fields("blocks", list(0, maxViewBlocks, block), "private_metadata", text(0, maxViewMetadata),
		"callback_id", text(0, maxViewID), "external_id", text(0, maxViewID))
	if kind == "home" {
		return shape{need: []string{"blocks"}, fields: table}
	}
	for _, name := range []string{"title", "submit", "close"} {
		table[name] = plain(maxViewTitle)
	}
	for _, name := range []string{"clear_on_close", "notify_on_close", "submit_disabled"} {
		table[name] = boolean
	}
	return shape{need: []string{"title", "blocks"}, fields: table, also: func(c *checker, at string, o map[string]any) {
		if c.inputs > 0 && o["submit"] == nil {
			c.fail(at, "missing required field: submit")
		}
	}}
}

// withSchemaLine adds the line that Slack puts before the actual complaint about a view.
func withSchemaLine(messages []string) []string {
	if strings.Contains(messages[0], "[json-pointer:/view]") {
		return messages
	}
	return append([]string{"[ERROR] failed to match all allowed schemas [json-pointer:/view]"}, messages...)
}
