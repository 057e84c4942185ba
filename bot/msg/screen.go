package msg

// Screen is a page to fill in: a Slack modal. Submitting it gives a Press (Then) together with the values by input id.
type Screen struct {
	Title  string // 24 characters at most in Slack
	Submit string // empty: nothing to submit
	Close  string
	Then   Press // what submitting means and what it belongs to
	Blocks []Block
	Inputs []Input
}

// Input is one thing to fill in on a Screen.
type Input struct {
	ID       string
	Kind     InputKind
	Label    string
	Hint     string
	Value    []string // preset: text, ISO date, option ids, user id
	Options  []Option
	Optional bool
	Max      int // characters; 0 is the platform's own limit
}

// InputKind is the shape of an input.
type InputKind string

// The shapes of input a screen may have.
const (
	InputText   InputKind = "text"
	InputLong   InputKind = "long_text"
	InputChoice InputKind = "choice"
	InputMulti  InputKind = "multi_choice"
	InputDate   InputKind = "date" // value 2026-11-20
	InputUser   InputKind = "user" // value a Slack user id
)

// Option is one choice of an input.
type Option struct{ ID, Label, Hint string }

// Values are what was filled in, by input id; a text has one value, a multi choice any number.
type Values map[string][]string

// First gives the first value of an input, or "".
func (v Values) First(id string) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}
