// Package form is the form engine: one question at a time, back, skip, edit, pause, resume, cancel, help. A form is
// data from the desk's profile; Step is a pure function from session and input to session and prompt.
//
// It never waits, stores, sends or asks the time, and never speaks itself: feedback is a text.Line. Begin reading with
// Field, then Session, then Step; each kind of field has its check in a check_*.go.
package form

import "slices"

// Form is the questions in the order asked. Version changes whenever the fields do.
type Form struct {
	ID      string // "proposal" or "consultation"
	Version string // hash of the fields
	Fields  []Field
}

// Field is one question, only data: nothing about it is code.
type Field struct {
	ID        string
	Kind      Kind
	Ask       string   // the profile's words
	Label     string   // short name on cards and summaries; falls back to Ask
	Hint      string   // an example or an explanation
	Options   []Option // of choice and multi_choice; yes_no has its own
	Optional  bool
	Max       int               // characters for texts, 0 is the kind's own limit; files: how many
	After     string            `json:",omitempty"` // an earlier date that this one must not lie before
	When      map[string]string // asked only if each earlier field named has this choice
	Private   bool              // personal: asked on our own page, unless the profile says chat
	Protected bool              // shown to the desk and to the departments it has cleared
}

// Option is one choice of a choice field.
type Option struct{ ID, Label string }

// Kind is the kind of a field; it decides what counts as an answer and what is offered as buttons.
type Kind string

// All kinds of field a profile may use.
const (
	Text            Kind = "text"
	LongText        Kind = "long_text"
	Choice          Kind = "choice"
	MultiChoice     Kind = "multi_choice"
	YesNo           Kind = "yes_no"
	Number          Kind = "number"
	Money           Kind = "money"
	Date            Kind = "date"
	Phone           Kind = "phone"
	Email           Kind = "email"
	URL             Kind = "url"
	CorporateNumber Kind = "corporate_number"
	PostalCode      Kind = "postal_code"
	Files           Kind = "files"
)

// Kinds lists all kinds of field, for a check of profiles.
func Kinds() []Kind {
	return []Kind{Text, LongText, Choice, MultiChoice, YesNo, Number, Money, Date, Phone, Email, URL, CorporateNumber,
		PostalCode, Files}
}

// The choices of a yes_no field, also in a condition: {cost: yes}.
const (
	Yes = "yes"
	No  = "no"
)

// Answer is what was given for one field: cleaned text, chosen options, or files. Skipped marks an optional field that
// was passed over on purpose.
type Answer struct {
	Text    string   `json:"text,omitempty"`    // cleaned: ISO date, digits for money, +81… for phone
	Typed   string   `json:"typed,omitempty"`   // as typed, where cleaning changed it
	About   bool     `json:"about,omitempty"`   // said to be only about right: 約50万円
	Choices []string `json:"choices,omitempty"` // option ids
	Files   []File   `json:"files,omitempty"`
	Skipped bool     `json:"skipped,omitempty"`
	Open    bool     `json:"open,omitempty"`   // choices or files so far; more may follow until the person says "next"
	Pieces  []Piece  `json:"pieces,omitempty"` // the messages it came as, if something was joined to it
}

// Empty reports whether nothing was given: no answer, or passed over.
func (a Answer) Empty() bool {
	return a.Text == "" && len(a.Choices) == 0 && len(a.Files) == 0
}

// Equal reports whether two answers are the same to the letter.
func (a Answer) Equal(b Answer) bool {
	return a.Text == b.Text && a.Typed == b.Typed && a.About == b.About && a.Skipped == b.Skipped && a.Open == b.Open &&
		slices.Equal(a.Choices, b.Choices) && slices.Equal(a.Files, b.Files) &&
		slices.EqualFunc(a.Pieces, b.Pieces, func(p, q Piece) bool { return p.Message == q.Message && p.At == q.At })
}

// File is a stored file given as an answer.
type File struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// Field finds a field by id.
func (f Form) Field(id string) (Field, bool) {
	for _, field := range f.Fields {
		if field.ID == id {
			return field, true
		}
	}
	return Field{}, false
}

// Name is what cards and summaries call the field.
func (f Field) Name() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Ask
}
