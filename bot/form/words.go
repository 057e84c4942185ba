package form

import (
	"strings"

	"tsunagi/bot/text"
)

// Words are the words that people type instead of pressing a button, as the catalogue has them.
type Words struct {
	verbs   map[string]Verb // by folded word
	yes, no map[string]bool
}

// longestWord bounds what is compared with control words; in bytes.
const longestWord = 120

// WordsOf reads the control words of a catalogue: the lists form.word.*, and the labels of the buttons.
func WordsOf(c *text.Catalogue) Words {
	w := Words{verbs: map[string]Verb{}, yes: set(c.Words("form.word.yes")), no: set(c.Words("form.word.no"))}
	for _, v := range []Verb{DoDone, DoSkip, DoClear, DoBack, DoPause, DoResume, DoKeep, DoHelp, DoSubmit, DoCancel} {
		w.verbs[fold(c.Say(text.Line{Key: v.Key()}))] = v
		for _, word := range c.Words("form.word." + string(v)) {
			w.verbs[fold(word)] = v
		}
	}
	return w
}

func set(words []string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, word := range words {
		s[fold(word)] = true
	}
	return s
}

// Read tells what typed text means where the talk stands: a control word, yes or no, the line of the summary to change,
// else an answer. In free texts only the bare word controls; elsewhere a full stop or quotes around it do not matter.
//
// The caller adds Now.
func (w Words) Read(f Form, s Session, typed string) Input {
	s = mend(f, s)
	answer := Input{Do: DoAnswer, Text: typed}
	if len(typed) > longestWord {
		return answer
	}
	field, _ := f.Field(s.Cursor)
	if s.Stage != StageAsking {
		return w.elsewhere(f, s, answer)
	}
	return w.atQuestion(field, answer)
}

func (w Words) atQuestion(field Field, answer Input) Input {
	word := fold(answer.Text)
	switch field.Kind {
	case Text, LongText:
		return w.control(word, answer)
	case Choice, MultiChoice:
		if found := search(field, answer.Text); len(found) == 1 && !found[0].guessed {
			return answer
		}
	case YesNo:
		if id := w.yesOrNo(bare(word)); id != "" {
			answer.Choice = id
			return answer
		}
	}
	return w.loosely(answer)
}

// loosely reads a control word with or without what stands around it.
func (w Words) loosely(answer Input) Input {
	word := fold(answer.Text)
	if in := w.control(word, answer); in.Do != DoAnswer {
		return in
	}
	return w.control(bare(word), answer)
}

// elsewhere reads at the summary, while paused, and while cancelling is to be confirmed.
func (w Words) elsewhere(f Form, s Session, answer Input) Input {
	word := bare(fold(answer.Text))
	in := w.loosely(answer)
	switch s.Stage {
	case StageConfirmCancel:
		return w.confirm(word, in)
	case StagePaused:
		if in.Do == DoDone {
			in.Do = DoResume
		}
	case StageSummary:
		if in.Do == DoAnswer {
			return editOf(asked(f, s.Answers), in)
		}
	}
	return in
}

// confirm reads the answer to "really cancel?": yes and "cancel" once more mean it, no and "go on" do not.
func (w Words) confirm(word string, in Input) Input {
	switch {
	case in.Do == DoCancel || w.yes[word]:
		in.Do = DoConfirmCancel
	case in.Do == DoBack || in.Do == DoDone || w.no[word]:
		in.Do = DoKeep
	}
	return in
}

// Names reports whether typed text names a choice of the current question, or may, or a line of the summary by all of its
// name or its number.
func Names(f Form, s Session, typed string) bool {
	s = mend(f, s)
	switch field, _ := f.Field(s.Cursor); s.Stage {
	case StageAsking:
		return len(search(field, typed)) > 0
	case StageSummary:
		found := search(lines(asked(f, s.Answers)), typed)
		return len(found) == 1 && !found[0].guessed
	}
	return false
}

// editOf reads the number or the name of a line of the summary.
func editOf(rows []*Field, in Input) Input {
	if found := search(lines(rows), in.Text); len(found) == 1 {
		in.Do, in.Field = DoEdit, found[0].id
	}
	return in
}

// lines are the rows of the summary, to be chosen from.
func lines(rows []*Field) Field {
	all := Field{Kind: Choice}
	for _, row := range rows {
		all.Options = append(all.Options, Option{ID: row.ID, Label: row.Name()})
	}
	return all
}

func (w Words) control(word string, in Input) Input {
	if v, ok := w.verbs[word]; ok {
		in.Do = v
	}
	return in
}

func (w Words) yesOrNo(word string) string {
	switch {
	case w.yes[word]:
		return Yes
	case w.no[word]:
		return No
	}
	return ""
}

// bare drops what may stand around a word.
func bare(word string) string {
	return strings.Trim(word, ".!?\"'"+markFullStop+quoteOpen+quoteClose)
}
