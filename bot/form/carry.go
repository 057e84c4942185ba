package form

import (
	"maps"
	"slices"
	"time"
)

// CarryOver brings a session that was begun on another version of the form to this one: each answer stays that still
// has its field, passes the field's check, and is read by no more people than when it was given. The others are dropped, their field ids listed. The talk goes on at the
// same question if it still applies, else at the first that needs an answer.
func CarryOver(f Form, s Session) (Session, []string) {
	if s.Ended() {
		return s, nil
	}
	var dropped []string
	from := s
	for _, id := range slices.Sorted(maps.Keys(from.Answers)) {
		field, known := f.Field(id)
		if !known || !fits(field, from.Answers[id]) || !field.Level().Covers(from.Levels[id]) {
			s = s.set(id, Answer{})
			dropped = append(dropped, id)
		}
	}
	s.Version, s.Levels = f.Version, levels(f)
	s = mend(f, s)
	if s.Stage == StageSummary && len(pending(f, s)) > 0 {
		s = home(f, s)
	}
	if from.Version != s.Version || !same(from, s) {
		s.Revision++
		s.Changed = s.Revision
	}
	return s, dropped
}

// fits judges an answer that was good once against a field as it is now.
func fits(field Field, a Answer) bool {
	if a.Skipped && a.Empty() {
		return field.Optional
	}
	switch field.Kind {
	case Choice, YesNo:
		return a.Text == "" && len(a.Files) == 0 && len(a.Choices) == 1 && offered(field, a.Choices)
	case MultiChoice:
		return a.Text == "" && len(a.Files) == 0 && len(a.Choices) > 0 && offered(field, a.Choices)
	case Files:
		return a.Text == "" && len(a.Choices) == 0 && len(a.Files) > 0 && len(a.Files) <= limit(field)
	}
	if len(a.Choices) > 0 || len(a.Files) > 0 {
		return false
	}
	again, refusal := Check(field, a.Text, time.Time{})
	return len(refusal) == 0 && again.Text == a.Text
}

func offered(field Field, chosen []string) bool {
	for _, id := range chosen {
		if !slices.ContainsFunc(options(field), func(o Option) bool { return o.ID == id }) {
			return false
		}
	}
	return true
}

// mend puts a session that points nowhere to where the talk can go on. A good one comes back as it is.
func mend(f Form, s Session) Session {
	if s.Ended() {
		return s
	}
	stands := position(asked(f, s.Answers), s.Cursor) >= 0
	if s.Cursor != "" && !stands {
		s = mendCursor(f, s)
	}
	switch s.Stage {
	case StageSummary:
		return summarize(s)
	case StagePaused, StageConfirmCancel:
		return s
	case StageAsking:
		if s.Cursor != "" {
			return s
		}
	}
	return home(f, s)
}

func mendCursor(f Form, s Session) Session {
	stage := s.Stage
	s = home(f, s)
	if stage == StagePaused || stage == StageConfirmCancel {
		s.Stage = stage
	}
	return s
}
