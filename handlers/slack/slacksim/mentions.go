package slacksim

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Mentions are the parts of a message that Slack brings to life: whom it would call, and which links hide
// their address behind a label. Text from outside must contribute none.
//
// https://docs.slack.dev/messaging/formatting-message-text
type Mentions struct {
	Broadcasts []string `json:"broadcasts,omitempty"` // channel, here, everyone
	Users      []string `json:"users,omitempty"`
	Groups     []string `json:"groups,omitempty"`
	Links      []Link   `json:"links,omitempty"`
}

// Link is a live link in a message.
type Link struct {
	URL   string `json:"url"`
	Label string `json:"label,omitempty"`
}

// None reports whether nothing in the message calls anybody. Links do not count.
func (m Mentions) None() bool { return len(m.Broadcasts)+len(m.Users)+len(m.Groups) == 0 }

// FindMentions reads the top-level text and the blocks and attachments of a message as Slack would.
func FindMentions(text string, blocks, attachments json.RawMessage) Mentions {
	var m Mentions
	m.scan(text)
	if mayMention(blocks) {
		m.walk(decoded(blocks))
	}
	m.walkAttachments(decoded(attachments))
	return m
}

// mayMention spares most messages a second reading: without a bracket, however written, and without rich text
// nothing in the blocks can be live.
func mayMention(blocks json.RawMessage) bool {
	for _, sign := range []string{"<", `\u003c`, `\u003C`, "rich_text"} {
		if bytes.Contains(blocks, []byte(sign)) {
			return true
		}
	}
	return false
}

func decoded(raw json.RawMessage) any {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// scan finds what stands between angle brackets. An escaped bracket (&lt;) is dead.
func (m *Mentions) scan(text string) {
	for rest := text; ; {
		start := strings.IndexByte(rest, '<')
		if start < 0 {
			return
		}
		end := strings.IndexAny(rest[start+1:], "<>")
		if end < 0 {
			return
		}
		if rest[start+1+end] == '>' {
			m.token(rest[start+1 : start+1+end])
		}
		rest = rest[start+1+end:]
	}
}

func (m *Mentions) token(token string) {
	body, label, _ := strings.Cut(token, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		m.user(body[1:])
	case strings.HasPrefix(body, "!subteam^"):
		addNew(&m.Groups, strings.TrimPrefix(body, "!subteam^"))
	case body == "!channel", body == "!here", body == "!everyone", body == "!group":
		addNew(&m.Broadcasts, body[1:])
	case strings.Contains(body, "://"), strings.HasPrefix(body, "mailto:"), strings.HasPrefix(body, "tel:"):
		m.Links = append(m.Links, Link{URL: body, Label: label})
	}
}

func (m *Mentions) user(id string) {
	if id != "" {
		addNew(&m.Users, id)
	}
}

func addNew(list *[]string, v string) {
	if !slices.Contains(*list, v) {
		*list = append(*list, v)
	}
}

// walk looks at every object of the blocks; plain_text stays dead, mrkdwn and markdown live.
func (m *Mentions) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			m.walk(item)
		}
	case map[string]any:
		m.object(v)
		for _, key := range sortedKeys(v) {
			m.walk(v[key])
		}
	}
}

func (m *Mentions) object(o map[string]any) {
	text, _ := o["text"].(string)
	switch o["type"] {
	case "mrkdwn", "markdown":
		m.scan(text)
	case "user":
		id, _ := o["user_id"].(string)
		m.user(id)
	case "usergroup":
		if id, ok := o["usergroup_id"].(string); ok {
			addNew(&m.Groups, id)
		}
	case "broadcast":
		if to, ok := o["range"].(string); ok {
			addNew(&m.Broadcasts, to)
		}
	case "link":
		url, _ := o["url"].(string)
		m.Links = append(m.Links, Link{URL: url, Label: text})
	}
}

func (m *Mentions) walkAttachments(v any) {
	list, _ := v.([]any)
	for _, item := range list {
		o, _ := item.(map[string]any)
		for _, key := range []string{"fallback", "pretext", "text"} {
			text, _ := o[key].(string)
			m.scan(text)
		}
		m.walk(o["blocks"])
		m.walkAttachmentFields(o["fields"])
	}
}

func (m *Mentions) walkAttachmentFields(v any) {
	list, _ := v.([]any)
	for _, item := range list {
		o, _ := item.(map[string]any)
		text, _ := o["value"].(string)
		m.scan(text)
	}
}

// linkNames does what link_names and parse=full ask for: bare @names in the text come alive.
func (s *Sim) linkNames(text string) string {
	names := regexp.MustCompile(`(^|[\s(])@([\p{L}\p{N}._-]+)`)
	return names.ReplaceAllStringFunc(text, func(found string) string {
		before, name, _ := strings.Cut(found, "@")
		if token, ok := s.mentionToken(name); ok {
			return before + token
		}
		return found
	})
}

// mentionToken is what a typed @name becomes; the caller holds the lock.
func (s *Sim) mentionToken(name string) (string, bool) {
	switch name {
	case "channel", "here", "everyone":
		return "<!" + name + ">", true
	}
	for _, id := range s.people {
		if s.users[id].name == name {
			return "<@" + id + ">", true
		}
	}
	for id, g := range s.groups {
		if g.handle == name {
			return "<!subteam^" + id + ">", true
		}
	}
	return "", false
}

// notified lists who is called by the mentions: members of the channel, never the author.
func (s *Sim) notified(ch *channel, m Mentions, author string) []string {
	wanted := map[string]bool{}
	for _, id := range m.Users {
		wanted[id] = true
	}
	for _, id := range m.Groups {
		for _, member := range s.groups[id].members {
			wanted[member] = true
		}
	}
	var list []string
	for _, id := range ch.memberIDs() {
		if id != author && (wanted[id] || len(m.Broadcasts) > 0) {
			list = append(list, id)
		}
	}
	return list
}
