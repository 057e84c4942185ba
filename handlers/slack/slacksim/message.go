package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message is a message as it stands in a channel now.
type Message struct {
	Channel     string              `json:"channel"`
	TS          string              `json:"ts"`
	ThreadTS    string              `json:"thread_ts,omitempty"`
	User        string              `json:"user"`
	BotID       string              `json:"bot_id,omitempty"`
	Subtype     string              `json:"subtype,omitempty"`
	Text        string              `json:"text"`
	Blocks      json.RawMessage     `json:"blocks,omitempty"` // as received
	Attachments json.RawMessage     `json:"attachments,omitempty"`
	Metadata    json.RawMessage     `json:"metadata,omitempty"`
	Files       []File              `json:"files,omitempty"`
	EditedTS    string              `json:"edited_ts,omitempty"`
	EphemeralTo string              `json:"ephemeral_to,omitempty"` // the only person who sees it
	Broadcast   bool                `json:"broadcast,omitempty"`    // a reply that is shown in the channel too
	Truncated   bool                `json:"truncated,omitempty"`    // Slack cut the text
	ReplyCount  int                 `json:"reply_count,omitempty"`
	Reactions   map[string][]string `json:"reactions,omitempty"`
	Mentions    Mentions            `json:"mentions"`
	Unfurls     bool                `json:"unfurls,omitempty"` // Slack may fetch what is linked, to show it
}

type channel struct {
	id, name string
	with     string // the person, in a direct conversation
	private  bool
	im       bool
	archived bool

	outside   bool // shared with another organisation
	offered   bool // another organisation is invited to share it
	acrossOrg bool // shared with other workspaces of the same enterprise

	created int64
	members map[string]bool

	messages  []*Message // by ts
	byTS      map[string]*Message
	replies   map[string][]*Message // by thread_ts
	ephemeral map[string]*Message   // by ts
}

func newChannel(id, name string) *channel {
	return &channel{
		id: id, name: name, members: map[string]bool{}, byTS: map[string]*Message{},
		replies: map[string][]*Message{}, ephemeral: map[string]*Message{},
	}
}

func (ch *channel) join(userID string)  { ch.members[userID] = true }
func (ch *channel) leave(userID string) { delete(ch.members, userID) }

func (ch *channel) memberIDs() []string { return slices.Sorted(maps.Keys(ch.members)) }

// kind is the word that events and scopes use for this sort of channel.
func (ch *channel) kind() string {
	switch {
	case ch.im:
		return "im"
	case ch.private:
		return "groups"
	}
	return "channels"
}

// letter is the channel_type of membership events.
func (ch *channel) letter() string {
	if ch.private {
		return "G"
	}
	return "C"
}

func (ch *channel) eventType() string {
	return map[string]string{"im": "im", "groups": "group", "channels": "channel"}[ch.kind()]
}

func (ch *channel) put(m *Message) {
	ch.messages = append(ch.messages, m)
	ch.byTS[m.TS] = m
	if root := ch.byTS[m.ThreadTS]; root != nil && m.ThreadTS != m.TS {
		ch.replies[m.ThreadTS] = append(ch.replies[m.ThreadTS], m)
		root.ThreadTS = root.TS
		root.ReplyCount++
	}
}

func (ch *channel) remove(ts string) {
	m := ch.byTS[ts]
	if m == nil {
		return
	}
	same := func(other *Message) bool { return other == m }
	delete(ch.byTS, ts)
	ch.messages = slices.DeleteFunc(ch.messages, same)
	if root := ch.byTS[m.ThreadTS]; root != nil && root != m {
		ch.replies[m.ThreadTS] = slices.DeleteFunc(ch.replies[m.ThreadTS], same)
		root.ReplyCount--
	}
}

// copied protects what callers hold from later changes.
func (m *Message) copied() Message {
	c := *m
	c.Files = slices.Clone(m.Files)
	c.Reactions = maps.Clone(m.Reactions)
	return c
}

// Channel returns the messages of a channel, replies included, oldest first; ephemeral ones are not among them.
func (s *Sim) Channel(id string) []Message {
	return s.collect(id, func(*Message) bool { return true })
}

// Thread returns a message and its replies, oldest first.
func (s *Sim) Thread(channelID, ts string) []Message {
	return s.collect(channelID, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (s *Sim) collect(channelID string, ok func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if ch := s.channels[channelID]; ch != nil {
		for _, m := range ch.messages {
			if ok(m) {
				list = append(list, m.copied())
			}
		}
	}
	return list
}

// Message returns one message, also an ephemeral one.
func (s *Sim) Message(channelID, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[channelID]; ch != nil {
		if m := ch.find(ts); m != nil {
			return m.copied(), true
		}
	}
	return Message{}, false
}

func (ch *channel) find(ts string) *Message {
	if m := ch.byTS[ts]; m != nil {
		return m
	}
	return ch.ephemeral[ts]
}

// EphemeralTo returns the ephemeral messages that one person sees in a channel, oldest first.
func (s *Sim) EphemeralTo(channelID, userID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if ch := s.channels[channelID]; ch != nil {
		for _, ts := range slices.Sorted(maps.Keys(ch.ephemeral)) {
			if m := ch.ephemeral[ts]; m.EphemeralTo == userID {
				list = append(list, m.copied())
			}
		}
	}
	return list
}

// messageObject is the message as apps read it; the caller holds the lock.
func (s *Sim) messageObject(m *Message, metadata bool) object {
	o := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.cfg.TeamID}
	s.author(o, m)
	set := func(key string, v any, ok bool) {
		if ok {
			o[key] = v
		}
	}
	set("subtype", m.Subtype, m.Subtype != "")
	set("blocks", withBlockIDs(m.Blocks), len(m.Blocks) > 0)
	set("attachments", m.Attachments, len(m.Attachments) > 0)
	set("metadata", m.Metadata, metadata && len(m.Metadata) > 0)
	set("thread_ts", m.ThreadTS, m.ThreadTS != "")
	set("edited", object{"user": m.User, "ts": m.EditedTS}, m.EditedTS != "")
	set("files", s.fileObjects(m.Files), len(m.Files) > 0)
	set("reactions", reactionObjects(m.Reactions), len(m.Reactions) > 0)
	set("is_ephemeral", true, m.EphemeralTo != "")
	s.threadFields(o, m)
	return o
}

func (s *Sim) author(o object, m *Message) {
	if m.BotID == "" {
		return
	}
	app := s.cfg.AppID
	if m.BotID != s.cfg.BotID {
		app = "A0OTHER"
	}
	o["bot_id"], o["app_id"] = m.BotID, app
	o["bot_profile"] = object{"id": m.BotID, "app_id": app, "name": "bot", "team_id": s.cfg.TeamID, "deleted": false}
}

func (s *Sim) threadFields(o object, m *Message) {
	ch := s.channels[m.Channel]
	if ch == nil || m.ThreadTS == "" {
		return
	}
	if root := ch.byTS[m.ThreadTS]; root != nil && root != m {
		o["parent_user_id"] = root.User
		return
	}
	replies := ch.replies[m.TS]
	o["reply_count"] = len(replies)
	if len(replies) > 0 {
		o["latest_reply"] = replies[len(replies)-1].TS
		o["reply_users"] = replyUsers(replies)
		o["reply_users_count"] = len(replyUsers(replies))
	}
}

func replyUsers(replies []*Message) []string {
	var list []string
	for _, m := range replies {
		addNew(&list, m.User)
	}
	return list
}

func reactionObjects(reactions map[string][]string) []object {
	var list []object
	for _, name := range slices.Sorted(maps.Keys(reactions)) {
		list = append(list, object{"name": name, "users": reactions[name], "count": len(reactions[name])})
	}
	return list
}

// withBlockIDs gives each block without block_id one, as Slack does before it shows blocks to anybody.
func withBlockIDs(blocks json.RawMessage) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(blocks, &list) != nil {
		return blocks
	}
	for i, block := range list {
		list[i] = withBlockID(block, i)
	}
	out, err := json.Marshal(list)
	if err != nil {
		return blocks
	}
	return out
}

func withBlockID(block json.RawMessage, i int) json.RawMessage {
	var has struct {
		ID string `json:"block_id"`
	}
	text := strings.TrimSpace(string(block))
	if json.Unmarshal(block, &has) != nil || has.ID != "" || !strings.HasPrefix(text, "{") || len(text) < 3 {
		return block
	}
	return json.RawMessage(fmt.Sprintf(`{"block_id":%q,%s`, "auto"+strconv.Itoa(i), text[1:]))
}

func formatTS(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6) }

// timeOfTS is zero when ts is not a timestamp.
func timeOfTS(ts string) time.Time {
	sec, micro, ok := strings.Cut(ts, ".")
	a, err1 := strconv.ParseInt(sec, 10, 64)
	b, err2 := strconv.ParseInt(micro, 10, 64)
	if !ok || err1 != nil || err2 != nil || len(micro) != 6 {
		return time.Time{}
	}
	return time.UnixMicro(a*1e6 + b)
}
