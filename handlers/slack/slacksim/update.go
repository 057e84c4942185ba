package slacksim

import (
	"net/url"
	"strings"
)

func (s *Sim) chatUpdate(c *call) (object, *refusal) {
	d, err := s.draft(c)
	if err != nil {
		return nil, err
	}
	if escapedLen(d.text) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ch, err := s.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.archived {
		return nil, refuse("is_inactive")
	}
	if d.empty() && (d.hasText || d.blocks != nil || d.attachments != nil || d.metadata == nil) {
		return nil, refuse("no_text")
	}
	s.change(ch, m, d)
	return object{"channel": ch.id, "ts": m.TS, "text": m.Text, "message": s.messageObject(m, true)}, nil
}

// escapedLen is how chat.update measures its text: in bytes, after &, < and > are escaped. Japanese counts three
// bytes a character. Seen at https://gitlab.com/gitlab-org/gitlab/-/merge_requests/258898.
func escapedLen(text string) int {
	return len(text) + strings.Count(text, "<")*3 + strings.Count(text, ">")*3 + bareAmpersands(text)*4
}

func bareAmpersands(text string) int {
	n := strings.Count(text, "&")
	for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
		n -= strings.Count(text, entity)
	}
	return n
}

// ownMessage finds the bot's message that chat.update or chat.delete names. Ephemeral ones cannot be found.
func (s *Sim) ownMessage(c *call, foreign string) (*Message, *channel, *refusal) {
	ch := s.channels[c.arg("channel")]
	if ch == nil || ((ch.private || ch.im) && !ch.members[s.cfg.BotUserID]) {
		return nil, nil, refuse("channel_not_found")
	}
	m := ch.byTS[c.arg("ts")]
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	if m.User != s.cfg.BotUserID {
		return nil, nil, refuse(foreign)
	}
	return m, ch, nil
}

// change applies an update. Text without blocks drops the old blocks; without text they stay.
// https://api.slack.com/methods/chat.update
func (s *Sim) change(ch *channel, m *Message, d draft) {
	before := m.copied()
	switch {
	case d.blocks != nil:
		m.Blocks = d.blocks
	case d.hasText && d.text != "":
		m.Blocks = nil
	}
	if d.hasText {
		m.setText(d.text)
	}
	if d.attachments != nil {
		m.Attachments = d.attachments
	}
	if d.metadata != nil {
		m.Metadata = d.metadata
	}
	if d.blocks == nil {
		m.EditedTS = s.stamp() // an update by blocks shows no "edited" mark
	}
	m.Mentions = FindMentions(m.Text, m.Blocks, m.Attachments)
	s.noteMessage(Updated, m, nil) // an edit notifies nobody
	s.spawnEvent(s.changedEvent(ch, m, &before))
}

func (s *Sim) chatDelete(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ch, err := s.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.erase(ch, m)
	return object{"channel": ch.id, "ts": m.TS}, nil
}

func (s *Sim) erase(ch *channel, m *Message) {
	ch.remove(m.TS)
	s.note(Entry{Kind: Deleted, User: m.User, Channel: ch.id, TS: m.TS, ThreadTS: m.ThreadTS})
	s.spawnEvent(s.deletedEvent(ch, m))
}

func (s *Sim) chatGetPermalink(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.room(c)
	if err != nil {
		return nil, err
	}
	m := ch.byTS[c.arg("message_ts")]
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + s.cfg.TeamDomain + ".slack.com/archives/" + ch.id + "/p" + strings.Replace(m.TS, ".", "", 1)
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {ch.id}}.Encode()
	}
	return object{"channel": ch.id, "permalink": link}, nil
}

func (s *Sim) reactionsAdd(c *call) (object, *refusal) {
	name, err := c.required("name")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.room(c)
	if err != nil {
		return nil, err
	}
	m := ch.byTS[c.arg("timestamp")]
	if m == nil {
		return nil, refuse("message_not_found")
	}
	if !m.react(name, s.cfg.BotUserID) {
		return nil, refuse("already_reacted")
	}
	s.note(Entry{Kind: Reacted, User: s.cfg.BotUserID, Channel: ch.id, TS: m.TS, Text: name})
	return object{}, nil
}

// react reports whether the reaction is new.
func (m *Message) react(name, userID string) bool {
	before := len(m.Reactions[name])
	if m.Reactions == nil {
		m.Reactions = map[string][]string{}
	}
	users := m.Reactions[name]
	addNew(&users, userID)
	m.Reactions[name] = users
	return len(users) > before
}
