package story

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
)

// reading tells which keys of a message hold words that people read, and which lead to more. What is not named (data,
// ids, addresses) nobody sees.
type reading struct{ words, into []string }

// onPhone reads messages of LINE. https://developers.line.biz/en/reference/messaging-api/#message-objects
func onPhone() reading {
	return reading{
		words: []string{"title", "text", "label", "fileName", "address"},
		into:  []string{"header", "hero", "body", "contents", "columns", "template", "footer", "actions", "action", "quickReply", "items"},
	}
}

// inSlack reads blocks and views. https://docs.slack.dev/reference/block-kit
func inSlack() reading {
	return reading{
		words: []string{"text", "title", "label", "initial_value", "initial_date", "value_typed", "name"},
		into: []string{
			"title", "text", "label", "blocks", "element", "fields", "elements", "accessory", "options", "option_groups",
			"initial_option", "initial_options", "hint", "placeholder", "submit", "close",
		},
	}
}

// of lists the words of a JSON value in reading order.
func (r reading) of(raw json.RawMessage) []string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return r.walk(v, nil)
}

func (r reading) walk(v any, out []string) []string {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			out = r.walk(one, out)
		}
	case map[string]any:
		for _, key := range r.words {
			if s, ok := v[key].(string); ok && strings.TrimSpace(s) != "" {
				out = append(out, clean(s))
			}
		}
		for _, key := range r.into {
			out = r.walk(v[key], out)
		}
	}
	return out
}

// clean leaves out what is not seen: marks that keep directions of writing apart, and the escapes of Slack's mrkdwn.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x2066 && r <= 0x2069 || r >= 0x200b && r <= 0x200f || r == 0x2060 {
			return -1
		}
		return r
	}, s)
	return html.UnescapeString(s)
}

// named puts names where ids of people stand in mrkdwn.
func named(s string, name func(id string) string) string {
	mention := regexp.MustCompile(`<[@#!]([A-Z0-9]+)(?:\|([^>]*))?>`)
	return mention.ReplaceAllStringFunc(s, func(found string) string {
		parts := mention.FindStringSubmatch(found)
		if parts[2] != "" {
			return parts[2]
		}
		return "@" + name(parts[1])
	})
}

// holds reports whether any of the texts holds the words.
func holds(texts []string, words string) bool {
	for _, t := range texts {
		if strings.Contains(t, words) {
			return true
		}
	}
	return false
}
