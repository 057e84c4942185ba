package form

import (
	"slices"

	"tsunagi/bot/text"
)

// answer takes an answer to the current question, and goes on if it is complete.
func (t *turn) answer(field Field, in Input) {
	if in.File.ID != 0 && field.Kind != Files {
		t.fileElsewhere(in.File)
		return
	}
	switch field.Kind {
	case Choice, YesNo:
		t.answerChoice(field, in)
	case MultiChoice:
		t.answerChoices(field, in)
	case Files:
		t.answerFile(field, in)
	default:
		t.answerText(field, in)
	}
}

func (t *turn) answerText(field Field, in Input) {
	r, refusal := read(field, in.Text, in.Now)
	a := r.answer(in.Text)
	if len(refusal) == 0 {
		refusal = early(t.form, field, t.s.set(field.ID, a).Answers)
	}
	if len(refusal) > 0 {
		t.out.Say = append(t.out.Say, refusal...)
		return
	}
	t.s = t.s.set(field.ID, a)
	t.took(field, a, r.beside)
	t.sayEarly(field)
	t.advance()
}

// took says a value as it was read, where it is not to the letter what was typed.
func (t *turn) took(field Field, a Answer, beside string) {
	switch {
	case field.Kind == Text || field.Kind == LongText || a.Typed == "":
	case beside != "":
		t.say("form.took_beside", "value", Display(field, a), "beside", beside)
	default:
		t.say("form.took", "value", Display(field, a))
	}
}

func (t *turn) answerChoice(field Field, in Input) {
	found, refusal := choose(field, in)
	if len(refusal) > 0 {
		t.out.Say = append(t.out.Say, refusal...)
		return
	}
	t.noteGuess(found)
	t.s = t.s.set(field.ID, Answer{Choices: []string{found[0].id}, Typed: in.Text})
	t.advance()
}

// answerChoices turns one choice on or off and waits for more; several typed at once are the whole answer.
func (t *turn) answerChoices(field Field, in Input) {
	found, refusal := choose(field, in)
	if len(refusal) > 0 {
		t.out.Say = append(t.out.Say, refusal...)
		return
	}
	t.noteGuess(found)
	before := t.s.Answers[field.ID]
	if len(found) == 1 {
		choices := toggled(field, before.Choices, found[0].id)
		t.s = t.s.set(field.ID, Answer{Choices: choices, Open: len(choices) > 0})
		t.more = true
		return
	}
	var choices []string
	if before.Open {
		choices = before.Choices
	}
	for _, m := range found {
		if !slices.Contains(choices, m.id) {
			choices = toggled(field, choices, m.id)
		}
	}
	t.s = t.s.set(field.ID, Answer{Choices: choices, Typed: in.Text})
	t.advance()
}

// toggled keeps the order of the form, not that of the presses.
func toggled(field Field, chosen []string, id string) []string {
	var out []string
	for _, o := range options(field) {
		if slices.Contains(chosen, o.ID) != (o.ID == id) {
			out = append(out, o.ID)
		}
	}
	return out
}

// noteGuess says what was understood where the person wrote only a part of it.
func (t *turn) noteGuess(found []match) {
	var guessed []text.Line
	for _, m := range found {
		if m.guessed {
			guessed = append(guessed, m.label)
		}
	}
	if len(guessed) > 0 {
		t.say("form.choice.took", "choices", guessed)
	}
}

func (t *turn) answerFile(field Field, in Input) {
	if in.File.ID == 0 {
		t.say("form.wrong.files")
		t.example(field)
		return
	}
	t.addFile(field, in.File, true)
}

// addFile adds a file to what was given for a field, and says how many there are.
func (t *turn) addFile(field Field, file File, open bool) {
	a := t.s.Answers[field.ID]
	known := slices.ContainsFunc(a.Files, func(f File) bool { return f.ID == file.ID })
	if !known && len(a.Files) >= limit(field) {
		t.say("form.file.too_many", "max", limit(field))
		return
	}
	if !known {
		files := append(slices.Clip(a.Files), file)
		t.s = t.s.set(field.ID, Answer{Files: files, Open: open})
	}
	t.say("form.file.taken", "name", file.Name, "count", len(t.s.Answers[field.ID].Files), "max", limit(field))
}

// fileElsewhere takes a file sent while something else is asked, for the question that wants files, if there is one. If
// that question is still to come it will be asked, with this file in it.
func (t *turn) fileElsewhere(file File) {
	for _, field := range asked(t.form, t.s.Answers) {
		if field.Kind != Files {
			continue
		}
		before := t.s.Answers[field.ID]
		t.addFile(*field, file, before.Open || !settled(field, before))
		return
	}
	t.say("form.file.none")
}
