package slacksim

import (
	"slices"
	"time"
)

// span is the part of a history that a call asks for.
type span struct {
	oldest, latest time.Time
	inclusive      bool
	blind          time.Time // nothing from here on is seen yet
}

func (s *Sim) span(c *call) (span, *refusal) {
	sp := span{inclusive: c.flag("inclusive"), blind: s.cfg.Now().Add(time.Hour)}
	if s.lag > 0 {
		sp.blind = s.cfg.Now().Add(-s.lag)
	}
	var err *refusal
	if sp.oldest, err = moment(c.arg("oldest"), "invalid_ts_oldest"); err != nil {
		return sp, err
	}
	sp.latest, err = moment(c.arg("latest"), "invalid_ts_latest")
	return sp, err
}

// moment reads a timestamp; whole seconds and 0 are accepted too.
func moment(ts, code string) (time.Time, *refusal) {
	if ts == "" || ts == "0" {
		return time.Time{}, nil
	}
	t := timeOfTS(ts)
	if t.IsZero() {
		t = timeOfTS(ts + ".000000")
	}
	if t.IsZero() {
		return t, refuse(code)
	}
	return t, nil
}

func (sp span) has(ts string) bool {
	t := timeOfTS(ts)
	if t.After(sp.blind) {
		return false
	}
	if !sp.oldest.IsZero() && (t.Before(sp.oldest) || (t.Equal(sp.oldest) && !sp.inclusive)) {
		return false
	}
	return sp.latest.IsZero() || t.Before(sp.latest) || (t.Equal(sp.latest) && sp.inclusive)
}

func (s *Sim) conversationsHistory(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, sp, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	var stamps []string
	for _, m := range slices.Backward(ch.messages) {
		inChannel := m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast
		if inChannel && sp.has(m.TS) {
			stamps = append(stamps, m.TS)
		}
	}
	return s.messagePage(c, ch, stamps)
}

func (s *Sim) readable(c *call) (*channel, span, *refusal) {
	ch, err := s.room(c)
	if err != nil {
		return nil, span{}, err
	}
	if !ch.members[s.cfg.BotUserID] {
		return nil, span{}, refuse("not_in_channel")
	}
	sp, err := s.span(c)
	return ch, sp, err
}

func (s *Sim) messagePage(c *call, ch *channel, stamps []string) (object, *refusal) {
	stamps, next, err := c.page(stamps, 1000)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, ts := range stamps {
		list = append(list, s.messageObject(ch.byTS[ts], c.flag("include_all_metadata")))
	}
	o := object{"messages": list, "has_more": next != "", "pin_count": 0}
	if next != "" {
		o["response_metadata"] = object{"next_cursor": next}
	}
	return o, nil
}

func (s *Sim) conversationsReplies(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, sp, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	m := ch.byTS[c.arg("ts")]
	if m == nil || timeOfTS(m.TS).After(sp.blind) {
		return nil, refuse("thread_not_found")
	}
	stamps := []string{m.TS} // the message asked for comes first, whatever the span
	for _, reply := range ch.replies[m.TS] {
		if sp.has(reply.TS) {
			stamps = append(stamps, reply.TS)
		}
	}
	return s.messagePage(c, ch, stamps)
}
