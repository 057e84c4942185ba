package form

import (
	"slices"

	"tsunagi/bot/text"
)

// Prompt is what to show where a session stands. It can be made again at any time.
type Prompt struct {
	Kind     PromptKind
	Revision int64  // for the buttons
	Offers   []Verb // the verbs that make sense here, the next step first; help and cancel last

	// For a question:
	Field           Field
	Position, Total int         // 3 of 9; the total may change when an answer opens or closes questions
	Options         []Shown     // what can be chosen, with what is
	Example         text.Line   // how an answer may look; empty for texts and choices
	Limit           text.Line   // how long a text may be; empty for what is no text
	Optional        bool        // may be skipped
	Private         bool        // personal: a word on that is due
	Editing         bool        // changed from the summary, and back to it
	CanBack         bool        // there is a question before, or a summary to go back to
	More            bool        // a choice was just added or taken back, and what can be chosen was shown before
	Answered        bool        // there is an answer already, as when going back
	Answer          Answer      // that answer
	Value           text.Line   // that answer for people
	Files           []File      // that answer's files
	Rows            []AnswerRow // for the summary: one per question that applies
	Missing         []string    // field ids without an answer yet
	Stage           Stage       // how it ended, for an ended one
}

// PromptKind is the shape of a prompt.
type PromptKind string

// The shapes of prompts.
const (
	PromptQuestion      PromptKind = "question"
	PromptSummary       PromptKind = "summary"
	PromptConfirmCancel PromptKind = "confirm_cancel"
	PromptPaused        PromptKind = "paused"
	PromptEnded         PromptKind = "ended"
)

// Shown is a choice as people see it. It is typed by its number, its label, or a part of that.
type Shown struct {
	ID     string
	Label  text.Line
	Picked bool
}

// AnswerRow is one line of the summary.
type AnswerRow struct {
	Field   Field
	Answer  Answer
	Value   text.Line
	Missing bool
}

// Current gives the prompt for where the session stands.
func Current(f Form, s Session) Prompt {
	if s.Version != f.Version {
		s, _ = CarryOver(f, s)
	}
	s = mend(f, s)
	p := Prompt{Revision: s.Revision, Stage: s.Stage, Missing: ids(pending(f, s))}
	switch s.Stage {
	case StageAsking:
		p.ask(f, s)
	case StageSummary:
		p.summarize(f, s)
	case StageConfirmCancel:
		p.Kind = PromptConfirmCancel
		p.Offers = []Verb{DoKeep, DoConfirmCancel}
	case StagePaused:
		p.pause(f, s)
	default:
		p.Kind = PromptEnded
	}
	return p
}

func (p *Prompt) ask(f Form, s Session) {
	fields := asked(f, s.Answers)
	i := position(fields, s.Cursor)
	field := *fields[i]
	a := s.Answers[field.ID]
	p.Kind, p.Field, p.Position, p.Total = PromptQuestion, field, i+1, len(fields)
	p.Options = shown(field, a)
	p.Example, p.Limit = Example(field), longestOf(field)
	p.Optional, p.Private, p.Editing = field.Optional, field.Private, s.Editing
	p.CanBack = s.Editing || i > 0
	p.Answered, p.Answer, p.Files = !a.Empty(), a, a.Files
	if p.Answered {
		p.Value = Display(field, a)
	}
	p.offer()
}

func (p *Prompt) offer() {
	add := func(v Verb, when bool) {
		if when {
			p.Offers = append(p.Offers, v)
		}
	}
	several := p.Field.Kind == MultiChoice || p.Field.Kind == Files
	add(DoDone, p.Answered)
	add(DoSkip, p.Optional && !p.Answered)
	add(DoClear, p.Answered && (p.Optional || several))
	add(DoBack, p.CanBack)
	add(DoPause, true)
	add(DoHelp, true)
	add(DoCancel, true)
}

func (p *Prompt) summarize(f Form, s Session) {
	p.Kind, p.CanBack = PromptSummary, true
	p.rows(f, s)
	next := DoSubmit
	if len(p.Missing) > 0 {
		next = DoDone
	}
	p.Offers = []Verb{next, DoBack, DoPause, DoHelp, DoCancel}
}

func (p *Prompt) rows(f Form, s Session) {
	for _, field := range asked(f, s.Answers) {
		a := s.Answers[field.ID]
		p.Rows = append(p.Rows, AnswerRow{
			Field: *field, Answer: a, Value: Display(*field, a), Missing: slices.Contains(p.Missing, field.ID),
		})
	}
}

// pause shows where the talk will go on.
func (p *Prompt) pause(f Form, s Session) {
	p.Kind = PromptPaused
	p.Offers = []Verb{DoResume, DoHelp, DoCancel}
	fields := asked(f, s.Answers)
	p.Total = len(fields)
	if i := position(fields, s.Cursor); i >= 0 {
		p.Field, p.Position = *fields[i], i+1
	}
}

func shown(field Field, a Answer) []Shown {
	var out []Shown
	for _, o := range options(field) {
		out = append(out, Shown{ID: o.ID, Label: label(field, o), Picked: slices.Contains(a.Choices, o.ID)})
	}
	return out
}

func ids(fields []*Field) []string {
	var out []string
	for _, field := range fields {
		out = append(out, field.ID)
	}
	return out
}

// longestOf says how many characters a text may have: people want to know before they write.
func longestOf(field Field) text.Line {
	if field.Kind != Text && field.Kind != LongText {
		return text.Line{}
	}
	return text.Say("form.limit", "max", limit(field))
}
