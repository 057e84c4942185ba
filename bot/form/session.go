package form

import (
	"maps"
	"slices"

	"tsunagi/bot/text"
)

// Session is one talk through one form: plain data, small as JSON. It may be kept, copied and compared anywhere.
type Session struct {
	Form    string            `json:"f"`
	Version string            `json:"v"`
	Answers map[string]Answer `json:"a,omitempty"` // by field id; also those whose condition no longer holds
	Cursor  string            `json:"c,omitempty"` // the field being asked; empty at the summary
	Editing bool              `json:"e,omitempty"` // one field is being changed from the summary
	Stage   Stage             `json:"s"`
	// Revision grows with each step that changed anything. Changed is the revision at which an answer last changed:
	// what was shown at Changed or later still holds.
	Revision int64 `json:"r"`
	Changed  int64 `json:"n,omitempty"`
	// Levels are those of the questions as they were asked, but for the open ones.
	Levels map[string]Level `json:"l,omitempty"`
}

// Stage is where a session stands.
type Stage string

// The stages of a session; the last two are its ends.
const (
	StageAsking        Stage = "asking"
	StageSummary       Stage = "summary"
	StageConfirmCancel Stage = "confirm_cancel"
	StagePaused        Stage = "paused"
	StageSubmitted     Stage = "submitted"
	StageCancelled     Stage = "cancelled"
)

// Begin starts a talk at the first question.
func Begin(f Form) Session {
	s := Session{Form: f.ID, Version: f.Version, Stage: StageAsking, Revision: 1, Changed: 1, Levels: levels(f)}
	return home(f, s)
}

// Ended reports whether the session was submitted or cancelled.
func (s Session) Ended() bool { return s.Stage == StageSubmitted || s.Stage == StageCancelled }

// Given is what a submission consists of: the answers to the questions that apply, without those passed over.
func Given(f Form, s Session) map[string]Answer {
	given := map[string]Answer{}
	for _, field := range asked(f, s.Answers) {
		if a := s.Answers[field.ID]; !a.Empty() {
			a.Open = false
			given[field.ID] = a
		}
	}
	return given
}

// set gives a session with one answer changed; the one it came from is left as it was. An empty, unskipped answer is
// none.
func (s Session) set(id string, a Answer) Session {
	s.Answers = maps.Clone(s.Answers)
	if a.Empty() && !a.Skipped {
		delete(s.Answers, id)
		return s
	}
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
	s.Answers[id] = a
	return s
}

// asked lists the questions that apply, given these answers. Every step asks for it several times, so it points into
// the form instead of copying it.
func asked(f Form, answers map[string]Answer) []*Field {
	fields := make([]*Field, 0, len(f.Fields))
	for i := range f.Fields {
		if holds(&f.Fields[i], fields, answers) {
			fields = append(fields, &f.Fields[i])
		}
	}
	return fields
}

// holds judges the condition of a field. A question that does not apply itself fulfils no condition.
func holds(field *Field, before []*Field, answers map[string]Answer) bool {
	for id, choice := range field.When {
		if position(before, id) < 0 || !slices.Contains(answers[id].Choices, choice) {
			return false
		}
	}
	return true
}

// settled reports whether a question needs no asking: answered for good, or passed over where that is allowed.
func settled(field *Field, a Answer) bool {
	if a.Open {
		return false
	}
	return !a.Empty() || a.Skipped && field.Optional
}

// pending lists the questions that apply and still want an answer.
func pending(f Form, s Session) []*Field {
	return slices.DeleteFunc(asked(f, s.Answers), func(field *Field) bool {
		return !needs(f, field, s.Answers)
	})
}

// Applies reports whether a form asks the question of this session.
func Applies(f Form, s Session, id string) bool {
	return position(asked(f, fitted(f, s).Answers), id) >= 0
}

// position finds the cursor among the questions that apply; -1 if it is not there.
func position(fields []*Field, id string) int {
	return slices.IndexFunc(fields, func(f *Field) bool { return f.ID == id })
}

// home goes to the first question that still needs an answer, or to the summary.
func home(f Form, s Session) Session {
	if open := pending(f, s); len(open) > 0 {
		return ask(s, open[0].ID)
	}
	return summarize(s)
}

func ask(s Session, id string) Session {
	s.Stage, s.Cursor, s.Editing = StageAsking, id, false
	return s
}

func summarize(s Session) Session {
	s.Stage, s.Cursor, s.Editing = StageSummary, "", false
	return s
}

// same reports whether a step changed nothing.
func same(a, b Session) bool {
	return a.Form == b.Form && a.Version == b.Version && a.Cursor == b.Cursor && a.Editing == b.Editing &&
		a.Stage == b.Stage && len(changed(a, b)) == 0
}

// changed lists the fields whose answers differ, in order of id.
func changed(a, b Session) []string {
	var ids []string
	for id, before := range a.Answers {
		if after, ok := b.Answers[id]; !ok || !before.Equal(after) {
			ids = append(ids, id)
		}
	}
	for id := range b.Answers {
		if _, ok := a.Answers[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// names lists what people call the fields.
func names(fields []*Field) []text.Line {
	lines := make([]text.Line, len(fields))
	for i, field := range fields {
		lines[i] = text.Plain(field.Name())
	}
	return lines
}
