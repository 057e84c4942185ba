package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// View is a modal or a Home tab as a person sees it now.
type View struct {
	ID              string            `json:"id"`
	Type            string            `json:"type"` // modal or home
	User            string            `json:"user"`
	Title           string            `json:"title,omitempty"`
	Submit          string            `json:"submit,omitempty"`
	Close           string            `json:"close,omitempty"`
	CallbackID      string            `json:"callback_id,omitempty"`
	PrivateMetadata string            `json:"private_metadata,omitempty"`
	ExternalID      string            `json:"external_id,omitempty"`
	Hash            string            `json:"hash"`
	Blocks          json.RawMessage   `json:"blocks"` // as received
	Values          State             `json:"values"` // what has been typed or chosen so far
	Errors          map[string]string `json:"errors,omitempty"`
}

// State is what has been typed or chosen: block_id, action_id, then the element's state as apps read it.
type State map[string]map[string]map[string]any

type state = State

func (st state) set(blockID, actionID string, value map[string]any) {
	if st[blockID] == nil {
		st[blockID] = map[string]map[string]any{}
	}
	st[blockID][actionID] = value
}

func (st state) copied() state {
	c := state{}
	for block, actions := range st {
		c[block] = maps.Clone(actions)
	}
	return c
}

// content is what an app writes into a view.
type content struct {
	Type            string          `json:"type"`
	Title           *textPart       `json:"title"`
	Submit          *textPart       `json:"submit"`
	Close           *textPart       `json:"close"`
	Blocks          json.RawMessage `json:"blocks"`
	PrivateMetadata string          `json:"private_metadata"`
	CallbackID      string          `json:"callback_id"`
	ExternalID      string          `json:"external_id"`
	ClearOnClose    bool            `json:"clear_on_close"`
	NotifyOnClose   bool            `json:"notify_on_close"`
}

type textPart struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji,omitempty"`
}

func (t *textPart) string() string {
	if t == nil {
		return ""
	}
	return t.Text
}

// view is a modal or Home tab that is in front of somebody.
type view struct {
	content
	id, user, hash string
	root, previous string
	state          state
	errors         map[string]string
}

func (v *view) shown() View {
	return View{
		ID: v.id, Type: v.Type, User: v.user, Title: v.Title.string(), Submit: v.Submit.string(), Close: v.content.Close.string(),
		CallbackID: v.CallbackID, PrivateMetadata: v.PrivateMetadata, ExternalID: v.ExternalID, Hash: v.hash,
		Blocks: v.Blocks, Values: v.state.copied(), Errors: maps.Clone(v.errors),
	}
}

// Views returns the stack of modals in front of the person, the topmost last.
func (s *Sim) Views(userID string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []View
	for _, v := range s.stacks[userID] {
		list = append(list, v.shown())
	}
	return list
}

// View returns the topmost modal of the person.
func (s *Sim) View(userID string) (View, bool) {
	stack := s.Views(userID)
	if len(stack) == 0 {
		return View{}, false
	}
	return stack[len(stack)-1], true
}

// Home returns the Home tab that was published for the person.
func (s *Sim) Home(userID string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.homes[userID]
	if v == nil {
		return View{}, false
	}
	return v.shown(), true
}

// newView makes a view of checked content; the caller holds the lock.
func (s *Sim) newView(userID string, raw json.RawMessage) *view {
	v := &view{id: s.id("V"), user: userID, state: state{}}
	v.root = v.id
	s.fill(v, raw)
	s.views[v.id] = v
	return v
}

// fill puts checked content into the view. Typed values survive where block_id and action_id are the same.
func (s *Sim) fill(v *view, raw json.RawMessage) {
	old := v.state
	v.content = content{}
	_ = json.Unmarshal(raw, &v.content) // checkView has read it before
	v.hash = fmt.Sprintf("%d.%s", s.cfg.Now().Unix(), s.id(""))
	v.errors = nil
	v.state = state{}
	for _, e := range placed(withBlockIDs(v.Blocks)) {
		if value, kept := old[e.block][e.action]; kept && value["type"] == e.kind {
			v.state.set(e.block, e.action, value)
		} else if e.stateful() {
			v.state.set(e.block, e.action, e.initial())
		}
	}
}

// open shows the first modal of a stack. A stack that is open already goes away; Slack does not say what happens
// to it.
func (s *Sim) open(userID string, raw json.RawMessage) *view {
	s.drop(userID, 0)
	v := s.newView(userID, raw)
	s.stacks[userID] = []*view{v}
	s.noteView(ViewOpened, v)
	return v
}

// push shows a modal on top of the person's stack, which must not be empty or full.
func (s *Sim) push(userID string, raw json.RawMessage) *view {
	stack := s.stacks[userID]
	top := stack[len(stack)-1]
	v := s.newView(userID, raw)
	v.root, v.previous = top.root, top.id
	s.stacks[userID] = append(stack, v)
	s.noteView(ViewPushed, v)
	return v
}

// drop closes the views of the person's stack from index keep on.
func (s *Sim) drop(userID string, keep int) {
	stack := s.stacks[userID]
	for i := len(stack) - 1; i >= keep; i-- {
		delete(s.views, stack[i].id)
		s.note(Entry{Kind: ViewClosed, User: userID, View: stack[i].id})
	}
	s.stacks[userID] = stack[:min(keep, len(stack))]
}

func (s *Sim) noteView(kind Kind, v *view) {
	mentions := FindMentions("", v.Blocks, nil)
	e := Entry{Kind: kind, User: v.user, View: v.id, Text: v.Title.string(), Blocks: v.Blocks}
	if !mentions.None() || len(mentions.Links) > 0 {
		e.Mentions = &mentions // shown, but a view notifies nobody
	}
	s.note(e)
}

func (s *Sim) depth(v *view) int { return slices.Index(s.stacks[v.user], v) }

// viewObject is the view as apps read it; the caller holds the lock.
func (s *Sim) viewObject(v *view) object {
	o := object{
		"id": v.id, "team_id": s.cfg.TeamID, "type": v.Type, "blocks": withBlockIDs(v.Blocks),
		"private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID, "external_id": v.ExternalID,
		"state": object{"values": v.state.copied()}, "hash": v.hash, "title": v.Title,
		"clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose, "close": v.content.Close,
		"submit": v.Submit, "previous_view_id": nil, "root_view_id": v.root, "app_id": s.cfg.AppID,
		"app_installed_team_id": s.cfg.TeamID, "bot_id": s.cfg.BotID,
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	return o
}

// trigger lets the app open one view soon after a person did something.
type trigger struct {
	user    string
	view    string // the modal that it came from, if any
	expires time.Time
	used    bool
}

func (s *Sim) newTrigger(userID, viewID string) string {
	id := fmt.Sprintf("%d.%s.%s", s.cfg.Now().UnixNano(), s.cfg.TeamID, s.id(""))
	now := s.cfg.Now()
	if len(s.triggers) > 10_000 {
		maps.DeleteFunc(s.triggers, func(_ string, t *trigger) bool { return now.Sub(t.expires) > time.Minute })
	}
	s.triggers[id] = &trigger{user: userID, view: viewID, expires: now.Add(triggerLife)}
	return id
}

// exchange uses up a trigger. The codes are those of views.open; trigger_expired and trigger_exchanged, which
// some pages of Slack's documentation name, belong to the older dialog.open.
// https://docs.slack.dev/reference/methods/views.open
func (s *Sim) exchange(id string) (*trigger, *refusal) {
	t := s.triggers[id]
	switch {
	case id == "":
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case !s.cfg.Now().Before(t.expires):
		return nil, refuse("expired_trigger_id")
	}
	t.used = true
	return t, nil
}
