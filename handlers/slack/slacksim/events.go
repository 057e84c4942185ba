package slacksim

import (
	"context"
	"slices"
)

// event is one event for the app, kept until it is acknowledged or given up.
type event struct {
	id      string
	kind    string // as Config.Events names it, "message.channels"
	typ     string // as the event itself names it, "message"
	channel string
	payload object
	retries int
	reason  string
	fate    FaultKind
}

// DefaultEvents is what the app is subscribed to when Config names no events.
func DefaultEvents() []string {
	return []string{
		"app_home_opened", "app_mention", "channel_archive", "channel_left", "channel_unarchive",
		"member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im", "user_change",
	}
}

// newEvent wraps an event, or returns nil when the app is not subscribed to it, lacks its scope or is not in the
// channel; the caller holds the lock.
func (s *Sim) newEvent(kind string, inner object, ch *channel) *event {
	if !s.hears(kind, ch) {
		return nil
	}
	typ := kind
	if inner["type"] == nil {
		inner["type"] = kind
	} else {
		typ, _ = inner["type"].(string)
	}
	if inner["event_ts"] == nil {
		inner["event_ts"] = s.stamp()
	}
	ev := &event{id: s.id("Ev"), kind: kind, typ: typ}
	if ch != nil {
		ev.channel = ch.id
	}
	ev.payload = object{
		"token": "deprecated", "team_id": s.cfg.TeamID, "api_app_id": s.cfg.AppID, "type": "event_callback",
		"event": inner, "event_id": ev.id, "event_time": s.cfg.Now().Unix(), "event_context": "4-" + ev.id,
		"is_ext_shared_channel": ch != nil && s.shared(ch),
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": s.cfg.TeamID, "user_id": s.cfg.BotUserID, "is_bot": true,
			"is_enterprise_install": false,
		}},
	}
	if f := s.takeFaultLocked(typ, ev.channel, FaultKind.ofEvents); f != nil {
		ev.fate = f.Kind
	}
	return ev
}

func (s *Sim) hears(kind string, ch *channel) bool {
	if !slices.Contains(s.cfg.Events, kind) || (!s.cfg.SocketMode && s.cfg.EventsURL == "") {
		return false
	}
	if scope := scopeOf(kind, ch); scope != "" && !s.scoped(scope) {
		return false
	}
	return ch == nil || ch.members[s.cfg.BotUserID] || kind == "channel_left"
}

// scopeOf is what the app must have been granted to hear of something; of members, it depends on the channel.
// https://docs.slack.dev/reference/events/member_left_channel
func scopeOf(kind string, ch *channel) string {
	switch kind {
	case "member_joined_channel", "member_left_channel":
		if ch != nil && ch.private {
			return "groups:read"
		}
		return "channels:read"
	}
	return map[string]string{
		"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
		"app_mention": "app_mentions:read", "user_change": "users:read",
	}[kind]
}

// deliver sends events to the app one after the other and waits for the answers. Unacknowledged ones are kept
// for Redeliver.
func (s *Sim) deliver(ctx context.Context, events ...*event) {
	for _, ev := range events {
		if ev == nil {
			continue
		}
		for _, due := range s.fated(ev) {
			s.attempt(ctx, due)
		}
	}
}

// fated is what goes out now because of this event: nothing, once, twice, or together with one held back.
func (s *Sim) fated(ev *event) []*event {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch ev.fate {
	case Drop:
		s.note(Entry{Kind: Sent, Method: ev.typ, Event: ev.id, Channel: ev.channel, Fault: string(Drop)})
		return nil
	case Reorder:
		ev.fate = ""
		if s.held == nil {
			s.held = ev
			return nil
		}
	case Duplicate:
		ev.fate = ""
		return []*event{ev, ev}
	}
	if held := s.held; held != nil {
		s.held = nil
		return []*event{ev, held}
	}
	return []*event{ev}
}

// spawnEvent delivers without waiting, as for what the bot itself caused; the caller holds the lock.
func (s *Sim) spawnEvent(ev *event) {
	if ev != nil {
		s.spawnLocked(func(ctx context.Context) { s.deliver(ctx, ev) })
	}
}

// attempt sends an event once, and once more immediately if so configured.
func (s *Sim) attempt(ctx context.Context, ev *event) {
	if s.try(ctx, ev) || !s.cfg.RetryAtOnce {
		return
	}
	s.mu.Lock()
	waiting := slices.Contains(s.unacked, ev)
	s.unacked = slices.DeleteFunc(s.unacked, func(other *event) bool { return other == ev })
	s.mu.Unlock()
	if waiting {
		s.try(ctx, ev)
	}
}

// try sends an event once and reports whether it is done with.
func (s *Sim) try(ctx context.Context, ev *event) bool {
	s.mu.Lock()
	req := request{
		kind: "events_api", what: ev.typ, event: ev.id, payload: ev.payload, attempt: ev.retries, reason: ev.reason,
	}
	s.mu.Unlock()
	a := s.send(ctx, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.problem == "" {
		s.delivered = append(s.delivered, ev)
		s.delivered = s.delivered[max(0, len(s.delivered)-keptEvents):]
		return true
	}
	ev.retries++
	ev.reason = a.reason
	if ev.retries > eventRetries || a.header.Get("X-Slack-No-Retry") == "1" {
		return true
	}
	s.unacked = append(s.unacked, ev)
	return false
}

// keptEvents is how many acknowledged events Again can reach back.
const keptEvents = 200

// Redeliver sends what the app has not acknowledged once more, as Slack does after a minute and after five, and
// reports how many events that were. After three retries an event is given up.
func (s *Sim) Redeliver(ctx context.Context) int {
	s.mu.Lock()
	due := s.unacked
	s.unacked = nil
	s.mu.Unlock()
	for _, ev := range due {
		s.try(ctx, ev)
	}
	return len(due)
}

// Unacknowledged is the number of events that Redeliver would send.
func (s *Sim) Unacknowledged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unacked)
}

// Again sends the last n acknowledged events once more with their ids, oldest first, as a retry whose
// acknowledgement was lost.
func (s *Sim) Again(ctx context.Context, n int) {
	s.mu.Lock()
	due := slices.Clone(s.delivered[max(0, len(s.delivered)-n):])
	s.mu.Unlock()
	for _, ev := range due {
		s.send(ctx, request{
			kind: "events_api", what: ev.typ, event: ev.id, payload: ev.payload, attempt: 1, reason: "http_timeout",
		})
	}
}

// Release delivers an event that Reorder holds back although no other followed.
func (s *Sim) Release(ctx context.Context) {
	s.mu.Lock()
	held := s.held
	s.held = nil
	s.mu.Unlock()
	if held != nil {
		s.attempt(ctx, held)
	}
}

// messageEvent tells of a new message; the caller holds the lock.
func (s *Sim) messageEvent(ch *channel, m *Message) *event {
	if !s.hears("message."+ch.kind(), ch) {
		return nil // spares the work
	}
	o := s.messageObject(m, false)
	o["channel"], o["channel_type"], o["event_ts"] = ch.id, ch.eventType(), m.TS
	if m.BotID == "" {
		o["client_msg_id"] = "cm-" + m.TS
		o["user_team"] = s.users[m.User].team
	}
	return s.newEvent("message."+ch.kind(), o, ch)
}

func (s *Sim) changedEvent(ch *channel, m, before *Message) *event {
	if !s.hears("message."+ch.kind(), ch) {
		return nil
	}
	return s.newEvent("message."+ch.kind(), object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": ch.id, "ts": s.stamp(),
		"channel_type": ch.eventType(), "message": s.messageObject(m, false), "previous_message": s.messageObject(before, false),
	}, ch)
}

func (s *Sim) deletedEvent(ch *channel, m *Message) *event {
	if !s.hears("message."+ch.kind(), ch) {
		return nil
	}
	return s.newEvent("message."+ch.kind(), object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.id, "ts": s.stamp(),
		"channel_type": ch.eventType(), "deleted_ts": m.TS, "previous_message": s.messageObject(m, false),
	}, ch)
}
