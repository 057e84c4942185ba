package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Values are what a person types or chooses in a modal, by action_id or block_id. An absent field keeps what is
// in it; an empty list clears it.
type Values map[string][]string

// Type fills in fields of the modal without submitting it.
func (s *Sim) Type(userID, viewID string, values Values) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.facing(userID, viewID)
	if err == nil {
		err = v.typeIn(values)
	}
	if err != nil {
		return fmt.Errorf("%s types in view %s: %w", userID, viewID, err)
	}
	return nil
}

func (v *view) typeIn(values Values) error {
	elements := placed(withBlockIDs(v.Blocks))
	for name, given := range values {
		at := slices.IndexFunc(elements, func(e placedElement) bool {
			return e.stateful() && (e.action == name || e.block == name)
		})
		if at < 0 {
			return fmt.Errorf("field %s: %w", name, NotThere)
		}
		chosen, err := elements[at].chosen(given)
		if err != nil {
			return err
		}
		v.state.set(elements[at].block, elements[at].action, chosen)
	}
	return nil
}

// Submit fills in fields and presses the modal's submit button. What Slack's client would not let through is
// returned as Incomplete, with the complaints in Outcome.Errors, and never reaches the app. Otherwise the app's
// answer is applied: close, update, push, clear, errors.
func (s *Sim) Submit(ctx context.Context, userID, viewID string, values Values) (Outcome, error) {
	req, errs, err := s.submission(userID, viewID, values)
	if err != nil {
		return Outcome{Errors: errs}, fmt.Errorf("%s submits view %s: %w", userID, viewID, err)
	}
	a := s.send(ctx, req)
	if a.problem != "" {
		return s.shownError(userID, "", req.what, a.problem), nil
	}
	return s.applied(userID, viewID, a), nil
}

func (s *Sim) submission(userID, viewID string, values Values) (request, map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.facing(userID, viewID)
	if err != nil {
		return request{}, nil, err
	}
	if v.Submit == nil {
		return request{}, nil, NotThere
	}
	if err := v.typeIn(values); err != nil {
		return request{}, nil, err
	}
	if v.errors = v.complaints(); len(v.errors) > 0 {
		return request{}, v.errors, Incomplete
	}
	v.errors = nil
	s.note(Entry{Kind: Acted, Method: "view_submission", User: userID, View: v.id})
	payload := s.interaction("view_submission", s.users[userID])
	payload["view"], payload["response_urls"] = s.viewObject(v), []object{}
	payload["trigger_id"] = s.newTrigger(userID, v.id)
	return request{kind: "interactive", what: "view_submission", user: userID, payload: payload, answers: true}, nil, nil
}

// complaints are what Slack's client says under the fields before anything is sent.
func (v *view) complaints() map[string]string {
	errs := map[string]string{}
	for _, e := range placed(withBlockIDs(v.Blocks)) {
		if !e.input {
			continue
		}
		if complaint := e.complaint(v.state[e.block][e.action]); complaint != "" {
			errs[e.block] = complaint
		}
	}
	return errs
}

func (e placedElement) complaint(value map[string]any) string {
	slot, _ := e.slot()
	list, isList := value[slot].([]any)
	if value[slot] == nil || value[slot] == "" || (isList && len(list) == 0) {
		if e.optional {
			return ""
		}
		return "This is a required field."
	}
	if most, ok := e.spec["max_selected_items"].(float64); ok && isList && len(list) > int(most) {
		return fmt.Sprintf("Select at most %d.", int(most))
	}
	typed, _ := value[slot].(string)
	return e.typedComplaint(typed)
}

func (e placedElement) typedComplaint(typed string) string {
	n := utf8.RuneCountInString(typed)
	least, _ := e.spec["min_length"].(float64)
	most, bounded := e.spec["max_length"].(float64)
	if !bounded {
		most = maxInputLength
	}
	switch e.kind {
	case "plain_text_input":
		if n < int(least) {
			return fmt.Sprintf("Enter at least %d characters.", int(least))
		}
		if n > int(most) {
			return fmt.Sprintf("Enter at most %d characters.", int(most))
		}
	case "email_text_input":
		if _, err := mail.ParseAddress(typed); err != nil {
			return "Enter a valid e-mail address."
		}
	case "url_text_input":
		if u, err := url.Parse(typed); err != nil || u.Host == "" {
			return "Enter a valid URL."
		}
	case "number_input":
		return e.numberComplaint(typed)
	case "datepicker":
		if !dated("2006-01-02")(typed) {
			return "Choose a date."
		}
	case "timepicker":
		if !dated("15:04")(typed) {
			return "Choose a time."
		}
	}
	return ""
}

func (e placedElement) numberComplaint(typed string) string {
	n, err := strconv.ParseFloat(typed, 64)
	if err != nil || (e.spec["is_decimal_allowed"] != true && strings.ContainsAny(typed, ".eE")) {
		return "Enter a valid number."
	}
	bound := func(name string) (float64, bool) {
		text, _ := e.spec[name].(string)
		b, err := strconv.ParseFloat(text, 64)
		return b, err == nil
	}
	if least, ok := bound("min_value"); ok && n < least {
		return fmt.Sprintf("Enter %v or more.", least)
	}
	if most, ok := bound("max_value"); ok && n > most {
		return fmt.Sprintf("Enter %v or less.", most)
	}
	return ""
}

// viewAnswer is what an app may answer to a submission.
type viewAnswer struct {
	Action string            `json:"response_action"`
	View   json.RawMessage   `json:"view"`
	Errors map[string]string `json:"errors"`
}

// badAnswer is what the client says when it cannot make sense of the app's answer.
const badAnswer = "We had some trouble connecting. Try again?"

// applied does with the modal what the app answered to its submission.
func (s *Sim) applied(userID, viewID string, a answer) Outcome {
	var said viewAnswer
	if text := strings.TrimSpace(string(a.body)); text != "" && json.Unmarshal(a.body, &said) != nil {
		return s.shownError(userID, "", "view_submission", badAnswer)
	}
	if said.Action == "update" || said.Action == "push" {
		if err := s.checkView(said.View, "modal"); err != nil {
			return s.shownError(userID, "", "view_submission", badAnswer+" ("+strings.Join(append([]string{err.code}, err.messages...), " ")+")")
		}
	}
	s.mu.Lock()
	out, problem := s.apply(userID, viewID, said)
	s.mu.Unlock()
	if problem != "" {
		return s.shownError(userID, "", "view_submission", problem)
	}
	return out
}

func (s *Sim) apply(userID, viewID string, said viewAnswer) (Outcome, string) {
	v := s.views[viewID]
	if v == nil {
		return Outcome{}, "" // the app or the person closed it meanwhile
	}
	switch said.Action {
	case "":
		s.drop(userID, s.depth(v))
	case "clear":
		s.drop(userID, 0)
	case "update", "push":
		return s.applyView(v, said)
	case "errors":
		return s.applyErrors(v, said.Errors)
	default:
		return Outcome{}, badAnswer
	}
	return Outcome{}, ""
}

func (s *Sim) applyView(v *view, said viewAnswer) (Outcome, string) {
	but := v
	if said.Action == "push" {
		but = nil
		if err := s.pushable(v.user); err != nil {
			return Outcome{}, badAnswer + " (" + err.code + ")"
		}
	}
	if err := s.externalFree(said.View, but); err != nil {
		return Outcome{}, badAnswer + " (" + err.code + ")"
	}
	if said.Action == "push" {
		s.push(v.user, said.View)
		return Outcome{}, ""
	}
	s.fill(v, said.View)
	s.noteView(ViewUpdated, v)
	return Outcome{}, ""
}

// applyErrors shows complaints under input blocks. A key that is no input block's id breaks the whole answer.
func (s *Sim) applyErrors(v *view, errs map[string]string) (Outcome, string) {
	if len(errs) == 0 {
		return Outcome{}, badAnswer
	}
	elements := placed(withBlockIDs(v.Blocks))
	for block := range errs {
		if !slices.ContainsFunc(elements, func(e placedElement) bool { return e.input && e.block == block }) {
			return Outcome{}, badAnswer + " (no input block " + block + ")"
		}
	}
	v.errors = errs
	for _, block := range slices.Sorted(maps.Keys(errs)) {
		s.note(Entry{Kind: ErrorShown, Method: "view_submission", User: v.user, View: v.id, Error: "errors", Text: block + ": " + errs[block]})
	}
	return Outcome{Errors: errs}, ""
}

// Close presses the close button of the topmost modal. The app hears of it if the view asked for that.
func (s *Sim) Close(ctx context.Context, userID, viewID string) error {
	return s.leave(ctx, userID, viewID, false)
}

// Dismiss presses the x of the topmost modal, which clears the whole stack. The app hears of the root view.
func (s *Sim) Dismiss(ctx context.Context, userID, viewID string) error {
	return s.leave(ctx, userID, viewID, true)
}

func (s *Sim) leave(ctx context.Context, userID, viewID string, all bool) error {
	s.mu.Lock()
	v, err := s.facing(userID, viewID)
	if err != nil || v.Type != "modal" {
		s.mu.Unlock()
		return fmt.Errorf("%s closes view %s: %w", userID, viewID, NotThere)
	}
	keep, told := s.depth(v), v
	if cleared := all || v.ClearOnClose; cleared {
		keep, told, all = 0, s.stacks[userID][0], true
	}
	payload := s.interaction("view_closed", s.users[userID])
	payload["view"], payload["is_cleared"] = s.viewObject(told), all
	s.note(Entry{Kind: Acted, Method: "view_closed", User: userID, View: v.id})
	s.drop(userID, keep)
	notify := told.NotifyOnClose
	s.mu.Unlock()
	if notify {
		s.send(ctx, request{kind: "interactive", what: "view_closed", user: userID, payload: payload})
	}
	return nil
}
