package concierge

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tsunagi/bot/form"
	"tsunagi/store"
	"tsunagi/store/session"
)

// state is where a talk stands: a form under way, and a question beside it.
type state struct {
	Form  *form.Session `json:"form,omitempty"`
	Asked *asked        `json:"asked,omitempty"`
	// Trail is what was asked when, by LINE's times; Held that words wait for their writer to say what they were.
	Trail form.Trail `json:"trail,omitzero"`
	Held  bool       `json:"held,omitempty"`
	// Shown is when the form's question or summary was last shown, which its buttons carry.
	Shown time.Time `json:"at,omitzero"`
	// Expired is the form whose draft was erased after it was left alone, until the person has read so.
	Expired string `json:"expired,omitempty"`
	// Spent is what the person has used of what is taken of anybody in an hour or a day.
	Spent spending `json:"spent,omitempty"`
}

// kept is a state as Redis has it.
type kept struct {
	Revision int64 `json:"r"`
	State    state `json:"s"`
}

// withoutAnswers is the state as Postgres has it: answers have rows of their own.
func (s state) withoutAnswers() (json.RawMessage, error) {
	if s.Form != nil {
		bare := *s.Form
		bare.Answers = nil
		s.Form = &bare
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write talk: %w", err)
	}
	return raw, nil
}

// load reads the states of those in a round from Redis; without Redis the talk goes on from Postgres.
func (c *Concierge) load(ctx context.Context, round []*visit) {
	users := make([]string, len(round))
	for i, v := range round {
		users[i] = v.e.User
	}
	found, err := c.sessions.Load(ctx, users...)
	if err != nil {
		c.log.WarnContext(ctx, "sessions not loaded", "count", len(users), "fault", err)
	}
	for _, v := range round {
		v.cached = c.kept(v.e.User, found[v.e.User])
	}
}

// kept is what a session in Redis reads as; nil if there is none that can be read.
func (c *Concierge) kept(user string, raw []byte) *kept {
	if raw == nil {
		return nil
	}
	if k, known := c.recent.read(user, raw); known {
		return &k
	}
	var k kept
	if json.Unmarshal(raw, &k) != nil {
		return nil
	}
	return &k
}

// save writes the states of what was just committed to Redis; losing one costs a read from Postgres, never an answer.
func (c *Concierge) save(ctx context.Context, committed []*visit) {
	talks := make([]session.Talk, 0, len(committed))
	for _, v := range committed {
		if v.turn == nil { // it was taken before
			continue
		}
		k := kept{Revision: v.turn.talk.Revision, State: v.turn.st}
		if raw, err := json.Marshal(k); err == nil {
			c.recent.learn(v.e.User, raw, k)
			talks = append(talks, session.Talk{User: v.e.User, Revision: k.Revision, Data: raw})
		}
	}
	if len(talks) == 0 {
		return
	}
	if err := c.sessions.Save(ctx, talks...); err != nil {
		c.log.WarnContext(ctx, "sessions not saved", "count", len(talks), "fault", err)
	}
}

// read gives a person's talk and where it stands, from Postgres.
func (c *Concierge) read(ctx context.Context, r *store.Reader, user string) (store.Talk, state, error) {
	talk, err := r.TalkOf(ctx, user)
	if err != nil {
		return talk, state{}, err
	}
	st, err := c.rebuild(ctx, r, talk)
	return talk, st, err
}

// rebuild makes the state from Postgres: when Redis is empty, behind, or gone.
func (c *Concierge) rebuild(ctx context.Context, r *store.Reader, talk store.Talk) (state, error) {
	var s state
	if len(talk.State) > 0 {
		if err := json.Unmarshal(talk.State, &s); err != nil {
			return s, fmt.Errorf("read talk of contact %d: %w", talk.ID, err)
		}
	}
	if s.Form == nil {
		return s, nil
	}
	if talk.Draft == 0 { // bot/watch has erased it; whoever else ends a draft ends the form too
		s.Expired, s.Form = s.Form.Form, nil
		return s, nil
	}
	d, err := r.Draft(ctx, talk.Draft)
	if err != nil {
		return s, err
	}
	s.Form.Answers = d.Answers
	return s, nil
}
