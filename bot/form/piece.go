package form

import (
	"slices"
	"strings"
	"time"

	"tsunagi/bot/text"
)

// Piece is one of several messages that are an answer together.
type Piece struct {
	Message string   `json:"m,omitempty"` // empty: a button was pressed
	At      int64    `json:"t"`
	Text    string   `json:"w,omitempty"` // as typed
	Choices []string `json:"c,omitempty"`
}

func (p Piece) moment() Moment { return Moment{p.At, p.Message} }

// Joined gives an answer with one more message in it, in the order in which they were sent, or why that cannot be.
func Joined(field Field, a Answer, in Input) (Answer, []text.Line) {
	if !field.Level().Covers(in.Level) {
		return a, []text.Line{text.Say("form.wrong.level")}
	}
	pieces := a.before(field, in)
	pieces = append(pieces, Piece{Message: in.Moment.Message, At: in.Moment.At, Text: in.Text, Choices: in.Choices})
	slices.SortStableFunc(pieces, func(p, q Piece) int {
		switch {
		case p.moment().Before(q.moment()):
			return -1
		case q.moment().Before(p.moment()):
			return 1
		}
		return 0
	})
	return together(field, pieces, in.Now)
}

// before are the messages of the answer to which another is joined.
func (a Answer) before(field Field, in Input) []Piece {
	switch {
	case a.Empty(), in.Instead && !field.several():
		return nil
	case len(a.Pieces) == 0:
		return []Piece{{Message: in.First.Message, At: in.First.At, Text: a.Text, Choices: a.Choices}}
	}
	return slices.Clone(a.Pieces)
}

// several reports whether an answer to the field can hold what several messages say.
func (f Field) several() bool { return f.Kind == Text || f.Kind == LongText || f.Kind == MultiChoice }

// together makes one answer of pieces: paragraphs one below the other, parts of a line one after the other, all choices of
// a question that takes several; of anything else the last counts.
func together(field Field, pieces []Piece, now time.Time) (Answer, []text.Line) {
	last := pieces[len(pieces)-1]
	switch field.Kind {
	case Files:
		return Answer{}, []text.Line{text.Say("form.wrong.files")}
	case MultiChoice:
		if len(last.Choices) == 0 {
			return Answer{}, notFound(field)
		}
		return Answer{Choices: union(field, pieces), Pieces: pieces}, nil
	case Choice, YesNo:
		if len(last.Choices) != 1 {
			return Answer{}, notFound(field)
		}
		return Answer{Choices: last.Choices, Pieces: pieces}, nil
	}
	words := last.Text
	switch field.Kind {
	case LongText:
		words = strings.Join(texts(pieces), "\n")
	case Text:
		words = strings.Join(texts(pieces), "")
	}
	a, refusal := Check(field, words, now)
	if len(refusal) > 0 {
		return Answer{}, refusal
	}
	if field.Kind == LongText || field.Kind == Text {
		a.Typed = ""
	}
	a.Pieces = pieces
	return a, nil
}

func texts(pieces []Piece) []string {
	all := make([]string, len(pieces))
	for i, p := range pieces {
		all[i] = strings.TrimSpace(p.Text)
	}
	return all
}

// union is in the order of the form.
func union(field Field, pieces []Piece) []string {
	var all []string
	for _, o := range options(field) {
		if slices.ContainsFunc(pieces, func(p Piece) bool { return slices.Contains(p.Choices, o.ID) }) {
			all = append(all, o.ID)
		}
	}
	return all
}

// Since are the messages of an answer from one of them on; none if that is not among them.
func (a Answer) Since(message string) []Piece {
	i := slices.IndexFunc(a.Pieces, func(p Piece) bool { return message != "" && p.Message == message })
	if i < 0 {
		return nil
	}
	return a.Pieces[i:]
}

// Without is an answer without some of its messages. Nothing is judged anew, since less of it was right before; the field
// may be known by its kind alone.
func Without(field Field, a Answer, gone func(Piece) bool) Answer {
	pieces := slices.DeleteFunc(slices.Clone(a.Pieces), gone)
	if len(pieces) == 0 {
		return Answer{}
	}
	if len(field.Options) == 0 {
		for _, id := range a.Choices {
			field.Options = append(field.Options, Option{ID: id})
		}
	}
	left, refusal := together(field, pieces, time.Time{})
	if len(refusal) > 0 {
		return Answer{}
	}
	return left
}

// join takes a message into an answer that need not be asked for now.
func (t *turn) join(in Input) {
	fields := asked(t.form, t.s.Answers)
	at := position(fields, in.Field)
	if at < 0 {
		t.say("form.edit.unknown")
		return
	}
	a, refusal := Joined(*fields[at], t.s.Answers[in.Field], in)
	if len(refusal) > 0 {
		t.out.Say = append(t.out.Say, refusal...)
		return
	}
	here := t.s.Stage == StageAsking && t.s.Cursor == in.Field
	t.s = t.s.set(in.Field, a)
	if here {
		t.advance()
		return
	}
	t.s = mend(t.form, t.s)
	t.opened(in.Field)
}

// opened goes to a question that applies only since an answer before the current one has changed.
func (t *turn) opened(from string) {
	fields := asked(t.form, t.s.Answers)
	here := position(fields, t.s.Cursor)
	if t.s.Stage != StageAsking || t.s.Editing || here < 0 {
		return
	}
	for _, field := range fields[:here] {
		if len(field.When) > 0 && field.When[from] != "" && !settled(field, t.s.Answers[field.ID]) {
			t.s = ask(t.s, field.ID)
			return
		}
	}
}

// apart takes the messages out of an answer again that were joined to it, from one of them on.
func (t *turn) apart(in Input) {
	field, known := t.form.Field(in.Field)
	before := t.s.Answers[in.Field]
	out := before.Since(in.Moment.Message)
	if !known || len(out) == 0 {
		t.say("form.stale")
		return
	}
	a := Without(field, before, func(p Piece) bool {
		return slices.ContainsFunc(out, func(o Piece) bool { return o.Message == p.Message })
	})
	t.s = mend(t.form, t.s.set(in.Field, a))
}
