package form

import (
	"strings"

	"tsunagi/bot/text"
)

// Words are the words that people type instead of pressing a button, as the catalogue has them.
type Words struct {
	verbs           map[string]Verb // by folded word
	yes, no, polite map[string]bool
	// opening and closing stand around a choice without meaning one: 「いえ、」, 「です」
	opening, closing []string
}

// longestWord bounds what is compared with control words; in bytes.
const longestWord = 120

// WordsOf reads the control words of a catalogue: the lists form.word.*, and the labels of the buttons.
func WordsOf(c *text.Catalogue) Words {
	w := Words{
		verbs: map[string]Verb{}, yes: set(c.Words("form.word.yes")), no: set(c.Words("form.word.no")),
		polite:  set(c.Words("form.word.polite")),
		opening: folded(c.Words("form.around.before")), closing: folded(c.Words("form.around.after")),
	}
	for _, v := range []Verb{DoDone, DoSkip, DoClear, DoBack, DoPause, DoResume, DoKeep, DoHelp, DoSubmit, DoCancel} {
		w.verbs[fold(c.Say(text.Line{Key: v.Key()}))] = v
		for _, word := range c.Words("form.word." + string(v)) {
			w.verbs[fold(word)] = v
		}
	}
	return w
}

func folded(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fold(word)
	}
	return all
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
		if id := w.yesOrNo(answer.Text); id != "" {
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

// yesOrNo reads a yes or a no with the politeness around it, as はい、お願いします. All of it must be understood, and say one
// thing: はい、ありません and はいといえばはい are asked again, and so is はい with a question mark.
func (w Words) yesOrNo(typed string) string {
	word := strings.Map(func(r rune) rune {
		if strings.ContainsRune(".,!\"'~-"+touten+markFullStop+quoteOpen+quoteClose+nakaguro+ellipsis, r) {
			return -1
		}
		return r
	}, fold(typed))
	switch w.says(word, map[string]meaning{}) {
	case meansYes:
		return Yes
	case meansNo:
		return No
	}
	return ""
}

// meaning is what words can be read to say, of which several may be possible.
type meaning int

const (
	meansNothing meaning = 1 << iota // politeness alone
	meansYes
	meansNo
	meansBoth // yes and no at once
)

// says reads a word as a row of yeses, noes and politeness, in all ways that there are. read holds what was found of its
// ends.
func (w Words) says(word string, read map[string]meaning) meaning {
	if word == "" {
		return meansNothing
	}
	if known, ok := read[word]; ok {
		return known
	}
	var all meaning
	for end := range word + "." {
		if head := word[:end]; end > 0 {
			if one := w.one(head); one != 0 {
				all |= joined(one, w.says(word[end:], read))
			}
		}
	}
	read[word] = all
	return all
}

func (w Words) one(word string) meaning {
	switch {
	case w.yes[word]:
		return meansYes
	case w.no[word]:
		return meansNo
	case w.polite[word]:
		return meansNothing
	}
	return 0
}

// joined is what two parts say together: what one of them says if the other is politeness or says the same.
func joined(one, rest meaning) meaning {
	switch {
	case rest == 0:
		return 0
	case one == meansNothing:
		return rest
	case rest&^(one|meansNothing) == 0:
		return one
	}
	return meansBoth
}

// bare drops what may stand around a word.
func bare(word string) string {
	return strings.Trim(word, ".!?\"'"+markFullStop+quoteOpen+quoteClose)
}
