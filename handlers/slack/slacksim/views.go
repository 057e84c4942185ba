package slacksim

import "encoding/json"

func (s *Sim) viewsOpen(c *call) (object, *refusal) {
	raw := json.RawMessage(c.arg("view"))
	if err := s.checkView(raw, "modal"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.externalFree(raw, nil); err != nil {
		return nil, err
	}
	t, err := s.exchange(c.arg("trigger_id"))
	if err != nil {
		return nil, err
	}
	return object{"view": s.viewObject(s.open(t.user, raw))}, nil
}

func (s *Sim) viewsPush(c *call) (object, *refusal) {
	raw := json.RawMessage(c.arg("view"))
	if err := s.checkView(raw, "modal"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.externalFree(raw, nil); err != nil {
		return nil, err
	}
	t, err := s.exchange(c.arg("trigger_id"))
	if err != nil {
		return nil, err
	}
	if err := s.pushable(t.user); err != nil {
		return nil, err
	}
	return object{"view": s.viewObject(s.push(t.user, raw))}, nil
}

func (s *Sim) pushable(userID string) *refusal {
	switch n := len(s.stacks[userID]); {
	case n == 0:
		return refuse("invalid_arguments", "[ERROR] there is no modal to push onto")
	case n >= maxStack:
		return refuse("push_limit_reached")
	}
	return nil
}

// externalFree refuses an external_id that another view holds.
func (s *Sim) externalFree(raw json.RawMessage, but *view) *refusal {
	var c content
	if json.Unmarshal(raw, &c) != nil || c.ExternalID == "" {
		return nil
	}
	if v := s.byExternal(c.ExternalID); v != nil && v != but {
		return refuse("duplicate_external_id")
	}
	return nil
}

func (s *Sim) byExternal(id string) *view {
	for _, v := range s.views {
		if v.ExternalID == id && id != "" {
			return v
		}
	}
	return nil
}

func (s *Sim) viewsUpdate(c *call) (object, *refusal) {
	raw := json.RawMessage(c.arg("view"))
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.findView(c)
	if err != nil {
		return nil, err
	}
	if err := s.checkView(raw, v.Type); err != nil {
		return nil, err
	}
	if h := c.arg("hash"); h != "" && h != v.hash {
		return nil, refuse("hash_conflict")
	}
	if err := s.externalFree(raw, v); err != nil {
		return nil, err
	}
	s.fill(v, raw)
	s.noteView(ViewUpdated, v)
	return object{"view": s.viewObject(v)}, nil
}

func (s *Sim) findView(c *call) (*view, *refusal) {
	id, external := c.arg("view_id"), c.arg("external_id")
	if id == "" && external == "" {
		return nil, refuse("invalid_arguments", "[ERROR] must provide either view_id or external_id")
	}
	v := s.views[id]
	if id == "" {
		v = s.byExternal(external)
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	return v, nil
}

func (s *Sim) viewsPublish(c *call) (object, *refusal) {
	raw := json.RawMessage(c.arg("view"))
	if err := s.checkView(raw, "home"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	userID := c.arg("user_id")
	if u := s.users[userID]; u == nil || u.deleted || u.bot {
		return nil, refuse("invalid_arguments", "[ERROR] invalid `user_id`")
	}
	v := s.homes[userID]
	if h := c.arg("hash"); h != "" && (v == nil || h != v.hash) {
		return nil, refuse("hash_conflict")
	}
	if v == nil {
		v = s.newView(userID, raw)
		s.homes[userID] = v
	} else {
		s.fill(v, raw)
	}
	s.noteView(HomeShown, v)
	return object{"view": s.viewObject(v)}, nil
}
