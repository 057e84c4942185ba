package form

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// Moment is when something was done, by the platform's own time in milliseconds, and the message that was sent, if any.
type Moment struct {
	At      int64  `json:"t"`
	Message string `json:"m,omitempty"`
}

// Before orders moments; of two messages at one time the one with the smaller number came first, as LINE counts them.
func (m Moment) Before(n Moment) bool {
	if m.At != n.At || m.Message == "" || n.Message == "" {
		return m.At < n.At
	}
	a, b := strings.TrimLeft(m.Message, "0"), strings.TrimLeft(n.Message, "0")
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// Stand is a question that stood in a talk, from a moment on.
type Stand struct {
	Draft int64  `json:"d,omitempty"`
	Field string `json:"f,omitempty"` // empty: nothing was asked
	Level Level  `json:"l,omitempty"`
	Moment
}

// Answered is the answer by which a talk came to where it stands. Its moment is that of its first message; it has none if
// a button was pressed.
type Answered struct {
	Field string `json:"f"`
	Moment
	Until  int64  `json:"u"`           // when its newest message was sent
	Joined string `json:"j,omitempty"` // the first message that was joined to it
}

// Trail is where a talk stood, so that what is typed is known to belong to the question that its writer had before them. It
// is plain data, and never changed in place.
type Trail struct {
	Stands []Stand   `json:"q,omitempty"` // the present one last, trailMost at most
	Mark   string    `json:"k,omitempty"` // of the present question as it was shown
	Last   *Answered `json:"a,omitempty"`
}

// trailMost is how far back a trail reaches. What is older is taken for private, and never for an answer.
const trailMost = 8

// Present is where the talk stands.
func (t Trail) Present() Stand {
	if len(t.Stands) == 0 {
		return Stand{}
	}
	return t.Stands[len(t.Stands)-1]
}

// Where tells at which question something was typed, and whether the talk has moved on since. What is older than the trail
// counts as private; known is then false.
func (t Trail) Where(m Moment) (at Stand, old, known bool) {
	for i, s := range slices.Backward(t.Stands) {
		if !m.Before(s.Moment) {
			return s, i < len(t.Stands)-1, true
		}
	}
	return Stand{Level: LevelPrivate}, len(t.Stands) > 0, false
}

// Note gives the trail after something was done at a moment and answered by showing where the session stands now; a nil
// session is a talk without a form. accepted are the fields whose answers it changed.
func (t Trail) Note(f Form, s *Session, draft int64, m Moment, accepted []string) Trail {
	now, mark := standing(f, s, draft)
	before := t.Present()
	if t.Last != nil && slices.Contains(accepted, now.Field) {
		t.Last = nil // the question that stands has an answer of its own
	}
	if len(t.Stands) > 0 && t.Mark == mark && now.Draft == before.Draft && now.Field == before.Field {
		return t
	}
	now.Moment = m
	if m.Before(before.Moment) {
		now.Moment = before.Moment
	}
	t.Last = t.came(s, before, now, m, accepted)
	t.Stands, t.Mark = append(slices.Clone(t.Stands[max(0, len(t.Stands)-trailMost+1):]), now), mark
	return t
}

// came is the answer by which the talk came from one stand to the next, if it was one.
func (t Trail) came(s *Session, before, now Stand, m Moment, accepted []string) *Answered {
	switch {
	case s == nil || before.Draft != now.Draft:
		return nil
	case t.Last != nil && slices.Contains(accepted, t.Last.Field):
		return t.Last
	case before.Field == "" || !slices.Contains(accepted, before.Field) || s.Answers[before.Field].Empty():
		return nil
	}
	return &Answered{Field: before.Field, Moment: m, Until: m.At}
}

// Join notes that a message was joined to the last answer.
func (t Trail) Join(m Moment) Trail {
	last := *t.Last
	last.Until = max(last.Until, m.At)
	if last.Joined == "" {
		last.Joined = m.Message
	}
	t.Last = &last
	return t
}

// Apart notes that what was joined to the last answer was taken out again, after which nothing more is joined to it.
func (t Trail) Apart() Trail {
	t.Last = nil
	return t
}

// standing is the question that a session shows, with its mark; none while it is paused, at its summary, or about to end.
func standing(f Form, s *Session, draft int64) (Stand, string) {
	if s == nil {
		return Stand{}, ""
	}
	shown := fitted(f, *s)
	field, asked := f.Field(shown.Cursor)
	if shown.Stage != StageAsking || !asked {
		return Stand{Draft: draft}, string(shown.Stage)
	}
	return Stand{Draft: draft, Field: field.ID, Level: field.Level()}, field.mark()
}

// fitted is a session as the form shows it.
func fitted(f Form, s Session) Session {
	if s.Version != f.Version {
		s, _ = CarryOver(f, s)
	}
	return mend(f, s)
}

// mark tells a question from what a changed profile makes of it: its words, its kind, its choices and who reads it.
func (f Field) mark() string {
	h := fnv.New64a()
	for _, s := range []string{string(f.Kind), f.Ask, string(f.Level())} {
		_, _ = h.Write(append([]byte(s), 0)) // never fails
	}
	for _, o := range f.Options {
		_, _ = h.Write([]byte(o.ID + "\x00" + o.Label + "\x00"))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
