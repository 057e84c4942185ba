package form

import (
	"slices"
	"strings"
	"time"

	"tsunagi/bot/text"
)

// Typed is what somebody typed, and what is to be known of it.
type Typed struct {
	Moment
	Text  string
	Burst time.Duration // how soon after an answer words still belong to it; 0: never
	Now   time.Time
}

// Belonging is what typed words belong to.
type Belonging string

// The question that stands; the answer just before it; or none that can be told.
const (
	Here    Belonging = "here"
	Before  Belonging = "before"
	Nowhere Belonging = "nowhere"
)

// tail is how long after a long text words that do not answer the question that stands are more of that text.
const tail = time.Minute

// Belongs tells what words belong to that were typed since the question stands. Words that can only be more of what came
// before, but do not fit there, belong nowhere; the lines say why.
func (w Words) Belongs(f Form, s Session, t Trail, in Typed) (Belonging, []text.Line) {
	shown := fitted(f, s)
	if w.Read(f, shown, in.Text).Do != DoAnswer {
		return Here, nil
	}
	if t.Gone(f, shown) {
		return Nowhere, nil
	}
	before, ok := w.follows(f, shown, t, in)
	if !ok {
		return Here, nil
	}
	return w.orBefore(before, shown, t, in)
}

// Gone reports whether the question that was shown is another one now, or none was, and now one is: then nothing typed answers
// it.
func (t Trail) Gone(f Form, s Session) bool {
	if len(t.Stands) == 0 {
		return false
	}
	now, mark := standing(f, &s, t.Present().Draft)
	return now.Field != t.Present().Field || now.Field != "" && mark != t.Mark
}

// follows gives the question answered before, if the words came so soon after its answer that they go on with it and do not
// plainly answer the one that stands.
func (w Words) follows(f Form, s Session, t Trail, in Typed) (Field, bool) {
	if t.Last == nil || in.Burst <= 0 || s.Stage != StageAsking && s.Stage != StageSummary {
		return Field{}, false
	}
	before, known := f.Field(t.Last.Field)
	if !known || s.Answers[before.ID].Empty() {
		return Field{}, false
	}
	now, _ := f.Field(s.Cursor)
	since := time.Duration(in.At-t.Last.Until) * time.Millisecond
	switch {
	case since <= in.Burst:
		return before, !w.plainly(now, before, in)
	case since <= tail && before.Kind == LongText:
		return before, now.Kind != Text && now.Kind != LongText && !w.plainly(now, before, in)
	}
	return Field{}, false
}

// orBefore joins the words to what came before, if they fit there and no more people read them there. After a press they are
// no rest of a burst: those that do not correct it answer the question that stands.
func (w Words) orBefore(before Field, s Session, t Trail, in Typed) (Belonging, []text.Line) {
	join := w.Join(before, in.Text)
	join.Moment, join.First, join.Level, join.Now = in.Moment, t.Last.Moment, t.Present().Level, in.Now
	_, refusal := Joined(before, s.Answers[before.ID], join)
	wordy := before.Kind == Text || before.Kind == LongText
	switch {
	case len(refusal) == 0:
		return Before, nil
	case !before.Level().Covers(join.Level) && (t.Last.Message != "" || w.chosen(before, in.Text) != nil):
		return Nowhere, nil
	case t.Last.Message == "" || s.Stage == StageSummary && !wordy:
		return Here, nil
	case wordy:
		return Nowhere, refusal
	}
	return Nowhere, nil
}

// plainly reports whether the words answer the question and can hardly be anything else: one of its choices, or a value of
// its kind. A part of a choice's name is one only if it is not as much a choice of the question before.
func (w Words) plainly(now, before Field, in Typed) bool {
	switch now.Kind {
	case "", Text, LongText, Files:
		return false
	case YesNo:
		return w.yesOrNo(bare(fold(in.Text))) != "" || len(search(now, in.Text)) > 0
	case Choice, MultiChoice:
		found := search(now, in.Text)
		exact := len(found) == 1 && !found[0].guessed
		_, refusal := choose(now, Input{Text: in.Text})
		return exact || (len(refusal) == 0 || len(found) > 0) && w.chosen(before, in.Text) == nil
	}
	_, refusal := Check(now, in.Text, in.Now)
	return len(refusal) == 0
}

// Join reads words as more of an answer to a field.
func (w Words) Join(field Field, typed string) Input {
	return Input{Do: DoJoin, Field: field.ID, Text: typed, Choices: w.chosen(field, typed)}
}

// chosen are the choices of a field that words name, also with what people say around them: 「いえ、あります」, 「あと健康も」.
func (w Words) chosen(field Field, typed string) []string {
	switch field.Kind {
	case Choice, MultiChoice, YesNo:
	default:
		return nil
	}
	for _, words := range w.within(typed) {
		if field.Kind == YesNo {
			if id := w.yesOrNo(bare(fold(words))); id != "" {
				return []string{id}
			}
		}
		if found, refusal := choose(field, Input{Text: words}); len(refusal) == 0 {
			return matched(found)
		}
	}
	return nil
}

func matched(found []match) []string {
	all := make([]string, len(found))
	for i, m := range found {
		all[i] = m.id
	}
	return all
}

// within are the words, and what is left of them without a beginning or an end that only polishes them.
func (w Words) within(typed string) []string {
	word := bare(fold(typed))
	all := []string{typed}
	for _, begin := range append([]string{""}, w.opening...) {
		rest, ok := strings.CutPrefix(word, begin)
		if !ok {
			continue
		}
		all = append(all, strings.TrimLeft(rest, ","+touten))
		for _, end := range w.closing {
			if inner, ok := strings.CutSuffix(rest, end); ok {
				all = append(all, strings.TrimLeft(inner, ","+touten))
			}
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// Repeats reports whether words say again what an answer says already.
func (w Words) Repeats(field Field, a Answer, typed string, now time.Time) bool {
	switch field.Kind {
	case Files:
		return false
	case Choice, MultiChoice, YesNo:
		named := w.chosen(field, typed)
		return len(named) > 0 && !slices.ContainsFunc(named, func(id string) bool { return !slices.Contains(a.Choices, id) })
	}
	got, refusal := Check(field, typed, now)
	if len(refusal) > 0 || a.Empty() {
		return false
	}
	return got.Text == a.Text || slices.Contains(texts(a.Pieces), got.Text)
}

// Controls reports whether words are one of a form's control words and nothing else, wherever it stands.
func (w Words) Controls(typed string) bool {
	word := fold(typed)
	_, as := w.verbs[word]
	_, bared := w.verbs[bare(word)]
	return len(typed) <= longestWord && (as || bared)
}
