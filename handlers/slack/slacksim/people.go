package slacksim

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Refusal says why a person could not do something in Slack's client; nothing was sent to the app.
type Refusal string

// What people may not do.
const (
	NotThere   Refusal = "not there"                   // no such person, channel, message, view or element
	NotAllowed Refusal = "not allowed"                 // not a member, archived, another organisation, deactivated
	NotOffered Refusal = "not offered"                 // the choice is not among the options
	Ambiguous  Refusal = "more than one element fits"  // name the block too, or the value
	Incomplete Refusal = "the form is not filled in"   // see Outcome.Errors
	NotMine    Refusal = "somebody else wrote that"    // only one's own messages can be edited
	TooLong    Refusal = "longer than the client lets" // a person's message ends at 12,000 characters
)

// Error says why in a few words.
func (r Refusal) Error() string { return string(r) }

// Outcome is what came of something a person did.
type Outcome struct {
	Error   string            `json:"error,omitempty"`   // shown by the client: operation_timeout, dispatch_failed …
	Errors  map[string]string `json:"errors,omitempty"`  // shown under input blocks, by block_id
	Message *Message          `json:"message,omitempty"` // shown as the answer to a command
	TS      string            `json:"ts,omitempty"`      // of what the person wrote
}

// personMessage bounds what the client lets a person type.
const personMessage = 12_000

// Say writes a message as the person, in a thread if threadTS is given, tells the app and returns its ts. The
// text is as typed: @name and #name become mentions, what is special is escaped.
func (s *Sim) Say(ctx context.Context, userID, channelID, threadTS, typed string) (string, error) {
	m, events, err := s.say(userID, channelID, threadTS, typed, nil)
	if err != nil {
		return "", fmt.Errorf("%s says something in %s: %w", userID, channelID, err)
	}
	s.deliver(ctx, events...)
	return m.TS, nil
}

func (s *Sim) say(userID, channelID, threadTS, typed string, files []File) (*Message, []*event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.within(userID, channelID)
	if err != nil {
		return nil, nil, err
	}
	if len([]rune(typed)) > personMessage {
		return nil, nil, TooLong
	}
	thread, refused := s.threadOf(ch, threadTS)
	if refused != nil {
		return nil, nil, NotThere
	}
	m := &Message{
		Channel: ch.id, TS: s.stamp(), ThreadTS: thread, User: userID, Text: s.escape(typed), Files: files,
	}
	if s.users[userID].bot {
		m.BotID = "B" + userID // another app's bot; what it writes carries its bot_id
	}
	if len(files) > 0 {
		m.Subtype = "file_share"
	}
	m.Mentions = FindMentions(m.Text, nil, nil)
	ch.put(m)
	s.noteMessage(Posted, m, s.notified(ch, m.Mentions, userID))
	return m, s.told(ch, m), nil
}

// told lists the events of a person's message: an @mention of the bot arrives as a second one.
func (s *Sim) told(ch *channel, m *Message) []*event {
	events := []*event{s.messageEvent(ch, m)}
	if strings.Contains(m.Text, "<@"+s.cfg.BotUserID+">") && !ch.im {
		o := s.messageObject(m, false)
		o["type"], o["channel"], o["event_ts"] = "app_mention", ch.id, m.TS
		events = append(events, s.newEvent("app_mention", o, ch))
	}
	return events
}

// within finds a channel that the person can write in; the caller holds the lock.
func (s *Sim) within(userID, channelID string) (*channel, error) {
	u, ch := s.users[userID], s.channels[channelID]
	if u != nil && ch == nil && channelID == s.cfg.BotUserID {
		ch = s.direct(userID) // the person's own conversation with the bot
	}
	switch {
	case u == nil || ch == nil:
		return nil, NotThere
	case u.deleted || ch.archived || !ch.members[userID]:
		return nil, NotAllowed
	}
	return ch, nil
}

// escape makes of typed text what Slack stores; the caller holds the lock.
func (s *Sim) escape(typed string) string {
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(typed)
	escaped = regexp.MustCompile(`https?://[^\s|]+`).ReplaceAllString(escaped, "<$0>")
	escaped = s.linkNames(escaped)
	channels := regexp.MustCompile(`(^|\s)#([\p{L}\p{N}_-]+)`)
	return channels.ReplaceAllStringFunc(escaped, func(found string) string {
		before, name, _ := strings.Cut(found, "#")
		if ch := s.named(name); ch != nil {
			return before + "<#" + ch.id + "|" + ch.name + ">"
		}
		return found
	})
}

// Edit changes what the person wrote earlier and tells the app (message_changed).
func (s *Sim) Edit(ctx context.Context, userID, channelID, ts, typed string) error {
	return s.own(ctx, userID, channelID, ts, func(ch *channel, m *Message) *event {
		before := m.copied()
		m.Text, m.EditedTS = s.escape(typed), s.stamp()
		m.Mentions = FindMentions(m.Text, nil, nil)
		s.noteMessage(Updated, m, nil)
		return s.changedEvent(ch, m, &before)
	})
}

// Unsay deletes what the person wrote earlier and tells the app (message_deleted).
func (s *Sim) Unsay(ctx context.Context, userID, channelID, ts string) error {
	return s.own(ctx, userID, channelID, ts, func(ch *channel, m *Message) *event {
		ch.remove(ts)
		s.note(Entry{Kind: Deleted, User: userID, Channel: ch.id, TS: ts, ThreadTS: m.ThreadTS})
		return s.deletedEvent(ch, m)
	})
}

func (s *Sim) own(ctx context.Context, userID, channelID, ts string, do func(*channel, *Message) *event) error {
	s.mu.Lock()
	ch, err := s.within(userID, channelID)
	var m *Message
	if err == nil {
		if m = ch.byTS[ts]; m == nil {
			err = NotThere
		} else if m.User != userID {
			err = NotMine
		}
	}
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("%s changes %s in %s: %w", userID, ts, channelID, err)
	}
	ev := do(ch, m)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}

// React puts an emoji on a message. The app is not told: no desk listens to reactions.
func (s *Sim) React(userID, channelID, ts, emoji string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.within(userID, channelID)
	if err == nil && ch.byTS[ts] == nil {
		err = NotThere
	}
	if err != nil {
		return fmt.Errorf("%s reacts to %s in %s: %w", userID, ts, channelID, err)
	}
	if ch.byTS[ts].react(emoji, userID) {
		s.note(Entry{Kind: Reacted, User: userID, Channel: channelID, TS: ts, Text: emoji})
	}
	return nil
}

// OpenHome opens the app's Home tab as the person and tells the app.
func (s *Sim) OpenHome(ctx context.Context, userID string) error {
	s.mu.Lock()
	u := s.users[userID]
	if u == nil || u.deleted || u.outsider {
		s.mu.Unlock()
		return fmt.Errorf("%s opens the Home tab: %w", userID, NotAllowed)
	}
	o := object{"user": userID, "channel": s.direct(userID).id, "tab": "home"}
	if v := s.homes[userID]; v != nil {
		o["view"] = s.viewObject(v) // the first opening comes without one
	}
	ev := s.newEvent("app_home_opened", o, nil)
	s.mu.Unlock()
	s.deliver(ctx, ev)
	return nil
}
