package slacksim

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// draft is what a call or an answer of the app wants to show as a message.
type draft struct {
	text        string
	blocks      json.RawMessage // nil: not given
	attachments json.RawMessage
	metadata    json.RawMessage
	hasText     bool
	unfurls     bool
}

func (s *Sim) chatPostMessage(c *call) (object, *refusal) {
	d, err := s.draft(c)
	if err != nil {
		return nil, err
	}
	if d.empty() {
		return nil, refuse("no_text")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.postable(c.arg("channel"))
	if err != nil {
		return nil, err
	}
	thread, err := s.threadOf(ch, c.arg("thread_ts"))
	if err != nil {
		return nil, err
	}
	m := s.post(ch, d, thread, c.flag("reply_broadcast"))
	return object{"channel": ch.id, "ts": m.TS, "message": s.messageObject(m, true)}, nil
}

// draft reads and checks what chat.* methods share.
func (s *Sim) draft(c *call) (draft, *refusal) {
	_, hasText := c.args["text"]
	d := draft{text: c.arg("text"), hasText: hasText, unfurls: c.arg("unfurl_links") != "false" || c.arg("unfurl_media") != "false"}
	if md := c.arg("markdown_text"); md != "" {
		if d.text != "" || c.arg("blocks") != "" {
			return d, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return d, refuse("msg_too_long")
		}
		d.text, d.hasText = md, true
	}
	if c.flag("link_names") || c.arg("parse") == "full" {
		s.mu.Lock()
		d.text = s.linkNames(d.text)
		s.mu.Unlock()
	}
	if err := d.setBlocks(s, c.arg("blocks")); err != nil {
		return d, err
	}
	if err := d.setAttachments(c.arg("attachments")); err != nil {
		return d, err
	}
	return d, d.setMetadata(c.arg("metadata"))
}

func (d *draft) setBlocks(s *Sim, text string) *refusal {
	if text == "" || text == "null" {
		return nil
	}
	raw := json.RawMessage(text)
	if err := s.checkMessageBlocks(raw); err != nil {
		return err
	}
	d.blocks = raw
	return nil
}

func (d *draft) setAttachments(text string) *refusal {
	if text == "" || text == "null" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		return refuse("invalid_attachments")
	}
	if len(list) > maxAttachments {
		return refuse("too_many_attachments")
	}
	d.attachments = json.RawMessage(text)
	return nil
}

// setMetadata checks what https://docs.slack.dev/messaging/message-metadata asks for.
func (d *draft) setMetadata(text string) *refusal {
	if text == "" || text == "null" {
		return nil
	}
	var meta struct {
		Type    *string        `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if !json.Valid([]byte(text)) {
		return refuse("invalid_metadata_format")
	}
	if text == "{}" {
		d.metadata = json.RawMessage(text)
		return nil
	}
	if json.Unmarshal([]byte(text), &meta) != nil || meta.Type == nil || *meta.Type == "" || meta.Payload == nil {
		return refuse("invalid_metadata_schema")
	}
	if len(text) > maxMetadata {
		return refuse("metadata_too_large")
	}
	d.metadata = json.RawMessage(text)
	return nil
}

func (d draft) empty() bool {
	return strings.TrimSpace(d.text) == "" && emptyList(d.blocks) && emptyList(d.attachments)
}

func emptyList(raw json.RawMessage) bool {
	var list []json.RawMessage
	return len(raw) == 0 || (json.Unmarshal(raw, &list) == nil && len(list) == 0)
}

// postable finds the channel that the bot may post to: by id, by name, or a user's id for a direct message.
func (s *Sim) postable(target string) (*channel, *refusal) {
	ch := s.channels[target]
	if u := s.users[target]; ch == nil && u != nil {
		if u.bot {
			return nil, refuse("cannot_dm_bot")
		}
		if u.deleted {
			return nil, refuse("channel_not_found")
		}
		return s.direct(target), nil
	}
	if ch == nil {
		ch = s.named(strings.TrimPrefix(target, "#"))
	}
	if ch == nil || ((ch.private || ch.im) && !ch.members[s.cfg.BotUserID]) {
		return nil, refuse("channel_not_found")
	}
	if ch.archived {
		return nil, refuse("is_archived")
	}
	if !ch.members[s.cfg.BotUserID] && !s.scoped("chat:write.public") {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (s *Sim) named(name string) *channel {
	for _, id := range s.rooms {
		if ch := s.channels[id]; ch.name == name && name != "" {
			return ch
		}
	}
	return nil
}

// threadOf finds the thread that a reply belongs to. A reply's own ts leads to its thread. Slack is reported both to refuse an answer
// to a deleted message and to post it into the channel.
func (s *Sim) threadOf(ch *channel, ts string) (string, *refusal) {
	if ts == "" {
		return "", nil
	}
	m := ch.byTS[ts]
	if m == nil && s.cfg.LoseThreads {
		return "", nil
	}
	if m == nil {
		return "", refuse("thread_not_found")
	}
	if m.ThreadTS != "" {
		return m.ThreadTS, nil
	}
	return m.TS, nil
}

// post puts the bot's message into the channel; the caller holds the lock.
func (s *Sim) post(ch *channel, d draft, thread string, broadcast bool) *Message {
	m := &Message{
		Channel: ch.id, TS: s.stamp(), ThreadTS: thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID,
		Blocks: d.blocks, Attachments: d.attachments, Metadata: d.metadata, Broadcast: broadcast && thread != "", Unfurls: d.unfurls,
	}
	m.setText(d.text)
	m.Mentions = FindMentions(m.Text, m.Blocks, m.Attachments)
	if m.Broadcast {
		m.Subtype = "thread_broadcast"
	}
	ch.put(m)
	s.noteMessage(Posted, m, s.notified(ch, m.Mentions, m.User))
	s.spawnEvent(s.messageEvent(ch, m))
	return m
}

// setText cuts what is too long, as chat.postMessage does.
func (m *Message) setText(text string) {
	m.Text, m.Truncated = text, false
	if runes := []rune(text); len(runes) > maxText {
		m.Text, m.Truncated = string(runes[:maxText]), true
	}
}

func (s *Sim) noteMessage(kind Kind, m *Message, notified []string) {
	e := Entry{
		Kind: kind, User: m.User, Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, Text: m.Text,
		Blocks: m.Blocks, Metadata: m.Metadata, Notified: notified, Unfurls: m.Unfurls,
	}
	if m.EphemeralTo != "" {
		e.User = m.EphemeralTo
	}
	if !m.Mentions.None() || len(m.Mentions.Links) > 0 {
		mentions := m.Mentions
		e.Mentions = &mentions
	}
	if len(m.Files) > 0 {
		e.File = m.Files[0].ID
	}
	s.note(e)
}

func (s *Sim) chatPostEphemeral(c *call) (object, *refusal) {
	d, err := s.draft(c)
	if err != nil {
		return nil, err
	}
	if d.empty() {
		return nil, refuse("no_text")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.postable(c.arg("channel"))
	if err != nil {
		return nil, err
	}
	if s.users[c.arg("user")] == nil || !ch.members[c.arg("user")] {
		return nil, refuse("user_not_in_channel")
	}
	thread, err := s.threadOf(ch, c.arg("thread_ts"))
	if err != nil {
		return nil, err
	}
	m := s.whisper(ch, d, c.arg("user"), thread)
	return object{"message_ts": m.TS}, nil
}

// whisper shows the person a message that nobody else sees; the caller holds the lock.
func (s *Sim) whisper(ch *channel, d draft, userID, thread string) *Message {
	m := &Message{
		Channel: ch.id, TS: s.stamp(), ThreadTS: thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID,
		Blocks: d.blocks, Attachments: d.attachments, EphemeralTo: userID, Unfurls: d.unfurls,
	}
	m.setText(d.text)
	m.Mentions = FindMentions(m.Text, m.Blocks, m.Attachments)
	ch.ephemeral[m.TS] = m
	s.noteMessage(Ephemeral, m, nil)
	return m
}
