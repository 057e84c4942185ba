package slacksim

import (
	"context"
	"fmt"
	"slices"
)

// Press presses or chooses in a message: a button, an option of an overflow or select menu, a date. Without
// values it is a press; values are option values or the texts that the person reads. The element must be in the
// message now and the person must see it.
func (s *Sim) Press(ctx context.Context, userID, channelID, ts, actionID string, value ...string) (Outcome, error) {
	return s.PressIn(ctx, userID, channelID, ts, "", actionID, value...)
}

// PressIn is Press for a message in which several blocks have an element with this action_id.
func (s *Sim) PressIn(ctx context.Context, userID, channelID, ts, blockID, actionID string, value ...string) (Outcome, error) {
	s.mu.Lock()
	req, err := s.pressMessage(userID, channelID, ts, blockID, actionID, value)
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, fmt.Errorf("%s presses %s on %s in %s: %w", userID, actionID, ts, channelID, err)
	}
	return s.interact(ctx, userID, channelID, req), nil
}

func (s *Sim) interact(ctx context.Context, userID, channelID string, req request) Outcome {
	if a := s.send(ctx, req); a.problem != "" {
		return s.shownError(userID, channelID, req.what, a.problem)
	}
	return Outcome{}
}

func (s *Sim) pressMessage(userID, channelID, ts, blockID, actionID string, value []string) (request, error) {
	u, ch := s.users[userID], s.channels[channelID]
	if u == nil || ch == nil || ch.find(ts) == nil {
		return request{}, NotThere
	}
	m := ch.find(ts)
	if u.deleted || !ch.members[userID] || (m.EphemeralTo != "" && m.EphemeralTo != userID) {
		return request{}, NotAllowed
	}
	key := userID + " " + channelID + " " + ts
	blocks := withBlockIDs(m.Blocks)
	if s.typed[key] == nil {
		s.typed[key] = state{}
	}
	e, action, err := act(blocks, s.typed[key], blockID, actionID, value)
	if err != nil {
		return request{}, err
	}
	action["action_ts"] = s.stamp()
	s.note(Entry{Kind: Acted, Method: e.kind, User: userID, Channel: ch.id, TS: ts, ThreadTS: m.ThreadTS, Text: actionID})
	h := s.newHook(hook{user: userID, channel: ch.id, message: ts})
	container := object{"type": "message", "message_ts": ts, "channel_id": ch.id, "is_ephemeral": m.EphemeralTo != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	payload := s.interaction("block_actions", u)
	payload["container"], payload["channel"] = container, object{"id": ch.id, "name": ch.commandName()}
	payload["message"] = s.messageObject(m, true)
	payload["state"] = object{"values": s.typed[key].copied()}
	payload["response_url"] = s.cfg.BaseURL + "/response/" + h.id
	payload["trigger_id"] = s.newTrigger(userID, "")
	payload["actions"] = []object{action}
	return request{kind: "interactive", what: "block_actions", user: userID, payload: payload}, nil
}

// interaction starts a payload with what all of them have.
func (s *Sim) interaction(kind string, u *user) object {
	return object{
		"type": kind, "token": "deprecated", "api_app_id": s.cfg.AppID, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": s.cfg.TeamID, "domain": s.cfg.TeamDomain},
		"user": object{"id": u.id, "username": u.name, "name": u.name, "team_id": u.team},
	}
}

// act finds the element, applies what was chosen to the state, and makes the action that the app reads.
func act(blocks []byte, st state, blockID, actionID string, value []string) (placedElement, object, error) {
	e, err := elementOf(blocks, blockID, actionID, value)
	if err != nil {
		return e, nil, err
	}
	action := object{"action_id": e.action, "block_id": e.block, "type": e.kind}
	if e.kind == "button" || e.kind == "workflow_button" {
		for _, name := range []string{"text", "value", "style"} {
			if e.spec[name] != nil {
				action[name] = e.spec[name]
			}
		}
		return e, action, nil
	}
	chosen, err := e.chosen(value)
	if err != nil {
		return e, nil, err
	}
	for name, v := range chosen {
		action[name] = v
	}
	if e.stateful() {
		st.set(e.block, e.action, chosen)
	}
	return e, action, nil
}

// elementOf finds the one element that fits. Several buttons with one action_id are told apart by their value.
func elementOf(blocks []byte, blockID, actionID string, value []string) (placedElement, error) {
	fits := slices.DeleteFunc(placed(blocks), func(e placedElement) bool {
		return e.action != actionID || (blockID != "" && e.block != blockID)
	})
	if len(value) > 0 {
		fits = slices.DeleteFunc(fits, func(e placedElement) bool {
			return e.kind == "button" && optionValue(e.spec) != value[0]
		})
	}
	switch len(fits) {
	case 0:
		return placedElement{}, NotThere
	case 1:
		return fits[0], nil
	}
	return placedElement{}, Ambiguous
}

// PressView presses or chooses in a modal or Home tab. In an input block the choice is only kept, unless the
// block dispatches actions. Only the topmost modal can be reached.
func (s *Sim) PressView(ctx context.Context, userID, viewID, actionID string, value ...string) (Outcome, error) {
	s.mu.Lock()
	req, err := s.pressView(userID, viewID, actionID, value)
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, fmt.Errorf("%s presses %s in view %s: %w", userID, actionID, viewID, err)
	}
	if req.payload == nil {
		return Outcome{}, nil
	}
	return s.interact(ctx, userID, "", req), nil
}

func (s *Sim) pressView(userID, viewID, actionID string, value []string) (request, error) {
	v, err := s.facing(userID, viewID)
	if err != nil {
		return request{}, err
	}
	e, action, err := act(withBlockIDs(v.Blocks), v.state, "", actionID, value)
	if err != nil {
		return request{}, err
	}
	s.note(Entry{Kind: Acted, Method: e.kind, User: userID, View: v.id, Text: actionID})
	if e.input && !e.dispatch {
		return request{}, nil
	}
	action["action_ts"] = s.stamp()
	payload := s.interaction("block_actions", s.users[userID])
	payload["container"] = object{"type": "view", "view_id": v.id}
	payload["view"] = s.viewObject(v)
	payload["trigger_id"] = s.newTrigger(userID, v.id)
	payload["actions"] = []object{action}
	return request{kind: "interactive", what: "block_actions", user: userID, payload: payload}, nil
}

// facing finds the view if it is in front of the person: the topmost modal, or the Home tab.
func (s *Sim) facing(userID, viewID string) (*view, error) {
	v, u := s.views[viewID], s.users[userID]
	if v == nil || u == nil || v.user != userID {
		return nil, NotThere
	}
	if stack := s.stacks[userID]; v.Type == "modal" && stack[len(stack)-1] != v {
		return nil, NotAllowed
	}
	if u.deleted {
		return nil, NotAllowed
	}
	return v, nil
}
