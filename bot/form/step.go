package form

import (
	"time"

	"tsunagi/bot/text"
)

// Input is what a person did: pressed a button, or typed, which Words.Read turns into an Input.
type Input struct {
	Do       Verb
	Field    string // what the button belongs to; for DoEdit the field to change; empty if typed
	Revision int64  // the revision the button was made at; 0: typed, not pressed
	Text     string
	Choice   string // option id of a pressed choice
	File     File
	Over     bool      // of a screen that is over: it opens at most its question again, and changes no answer
	Now      time.Time // in the desk's location; only dates without a year need it

	// For DoJoin and DoApart, which concern Field:
	Moment  Moment   // of the message to join, or of the first to take out
	First   Moment   // of the answer so far, if it came as one message
	Choices []string // what the message chooses
	Level   Level    // of the words to join
	Instead bool     // of the answer so far, unless that can hold both
}

// Verb is what a person can do in a form.
type Verb string

// All verbs.
const (
	DoAnswer        Verb = "answer"
	DoDone          Verb = "done" // no more choices or files; or: keep the answer and go on
	DoSkip          Verb = "skip"
	DoClear         Verb = "clear" // take back what was given here
	DoBack          Verb = "back"
	DoEdit          Verb = "edit"
	DoPause         Verb = "pause"
	DoResume        Verb = "resume"
	DoCancel        Verb = "cancel"
	DoConfirmCancel Verb = "confirm_cancel"
	DoKeep          Verb = "keep"
	DoHelp          Verb = "help"
	DoSubmit        Verb = "submit"
	DoLate          Verb = "late"  // words that say what was said before, or a control word that comes too late, as the caller found
	DoLook          Verb = "look"  // nothing but to see where the form stands
	DoJoin          Verb = "join"  // more of an answer, as the caller found
	DoApart         Verb = "apart" // takes out again what was joined
)

// Key is the catalogue key of the verb's button.
func (v Verb) Key() string { return "button.form." + string(v) }

// Outcome is the answer to an Input: what to say, what to show, and what became of it.
type Outcome struct {
	Say      []text.Line // feedback, to be read before the prompt; often empty
	Prompt   Prompt
	Accepted []string // field ids whose answers changed
	Event    Event
}

// Event is what the caller must act on.
type Event string

// What can happen to a session besides answers.
const (
	Submitted Event = "submitted"
	Cancelled Event = "cancelled"
	Paused    Event = "paused"
	Resumed   Event = "resumed"
)

// Step takes one input. Every input has an outcome, whatever it is and wherever the session stands; the session given is
// left as it was. A session begun on another version of the form is carried over first.
func Step(f Form, s Session, in Input) (Session, Outcome) {
	t := turn{form: f, s: s}
	t.fit()
	t.take(in)
	return t.end(s)
}

// turn is one step under way.
type turn struct {
	form Form
	s    Session
	out  Outcome
	more bool // see Prompt.More
}

func (t *turn) say(key string, args ...any) { t.out.Say = append(t.out.Say, text.Say(key, args...)) }

// fit carries a session of another version over, and mends one that points nowhere.
func (t *turn) fit() {
	if t.s.Version != t.form.Version {
		var dropped []string
		t.s, dropped = CarryOver(t.form, t.s)
		t.carried(dropped)
	}
	t.s = mend(t.form, t.s)
}

func (t *turn) carried(dropped []string) {
	var again []*Field
	for _, id := range dropped {
		if field, ok := t.form.Field(id); ok {
			again = append(again, &field)
		}
	}
	switch {
	case len(again) > 0:
		t.say("form.carried.again", "fields", names(again))
	case len(dropped) > 0:
		t.say("form.carried.removed")
	}
}

func (t *turn) take(in Input) {
	if t.s.Ended() {
		t.say("form.ended." + string(t.s.Stage))
		return
	}
	if in.Over && in.changes() {
		t.say("form.over")
		return
	}
	switch in.Do {
	case DoHelp:
		t.help()
	case DoLate:
		t.say("form.late")
	case DoLook:
	case DoJoin:
		t.join(in)
	case DoApart:
		t.apart(in)
	case DoPause:
		t.pause()
	case DoResume, DoKeep:
		t.resume()
	case DoCancel:
		t.s.Stage = StageConfirmCancel
	case DoConfirmCancel:
		t.confirmCancel(in)
	case DoSubmit:
		t.submit(in)
	case DoEdit:
		t.edit(in)
	default:
		t.question(in)
	}
}

// changes reports whether an input does more than to open a question, or to close it for a while.
func (in Input) changes() bool {
	switch in.Do {
	case DoHelp, DoLate, DoPause, DoResume, DoKeep, DoCancel, DoEdit, DoBack:
		return false
	}
	return true
}

// question takes a verb that concerns the question being asked.
func (t *turn) question(in Input) {
	if t.belongs(in) {
		t.resume() // pressing a button of the current question says well enough that the talk goes on
	}
	switch t.s.Stage {
	case StagePaused:
		t.say("form.paused.first")
	case StageConfirmCancel:
		t.say("form.cancel.choose")
	case StageSummary:
		t.atSummary(in)
	default:
		t.atQuestion(in)
	}
}

// belongs reports whether a button was pressed that belongs to the current question.
func (t *turn) belongs(in Input) bool { return in.Field != "" && in.Field == t.s.Cursor }

func (t *turn) end(before Session) (Session, Outcome) {
	t.out.Accepted = changed(before, t.s)
	if !same(before, t.s) {
		t.s.Revision = before.Revision + 1
	}
	if len(t.out.Accepted) > 0 || before.Version != t.s.Version {
		t.s.Changed = t.s.Revision
	}
	t.out.Prompt = Current(t.form, t.s)
	t.out.Prompt.More = t.more
	return t.s, t.out
}
