package concierge

import (
	"context"
	"encoding/json"
	"fmt"

	"tsunagi/bot/form"
	"tsunagi/store"
)

// state is where a talk stands: a form under way, and a question beside it.
type state struct {
	Form  *form.Session `json:"form,omitempty"`
	Asked *asked        `json:"asked,omitempty"`
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

// load reads the state from Redis; without Redis the talk goes on from Postgres.
func (c *Concierge) load(ctx context.Context, user string) *kept {
	raw, ok, err := c.sessions.Load(ctx, user)
	if err != nil {
		c.log.WarnContext(ctx, "session not loaded", "fault", err)
	}
	if err != nil || !ok {
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

// save writes the state to Redis; losing it costs a read from Postgres, never an answer.
func (c *Concierge) save(ctx context.Context, t *turn) {
	k := kept{Revision: t.talk.Revision, State: t.st}
	raw, err := json.Marshal(k)
	if err == nil {
		c.recent.learn(t.e.User, raw, k)
		err = c.sessions.Save(ctx, t.e.User, t.talk.Revision, raw)
	}
	if err != nil {
		c.log.WarnContext(ctx, "session not saved", "event", t.e.ID, "fault", err)
	}
}

// rebuild makes the state from Postgres: when Redis is empty, behind, or gone.
func (c *Concierge) rebuild(ctx context.Context, r *store.Reader, talk store.Talk) (state, error) {
	var s state
	if len(talk.State) > 0 {
		if err := json.Unmarshal(talk.State, &s); err != nil {
			return s, fmt.Errorf("read talk of contact %d: %w", talk.ID, err)
		}
	}
	if talk.Draft == 0 || s.Form == nil {
		s.Form = nil
		return s, nil
	}
	d, err := r.Draft(ctx, talk.Draft)
	if err != nil {
		return s, err
	}
	s.Form.Answers = d.Answers
	return s, nil
}
