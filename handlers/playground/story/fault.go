package story

import (
	"strconv"
	"strings"
)

// Fault is a step that cannot be read or did not come about.
type Fault struct {
	Step  Step
	Wrong string   // what is wrong, in the stories' language
	Seen  []string // what was seen instead, if that says more
	Err   error    // what lies behind it, if anything

	words *language
}

// Error says where, what, and what was seen instead.
func (f *Fault) Error() string {
	why := f.Wrong
	if f.Seen != nil {
		why = f.words.say("seen", "why", why, "seen", f.list())
	}
	return f.words.say("place", "story", f.Step.Story, "line", strconv.Itoa(f.Step.Line), "text", f.Step.Text, "why", why)
}

// Unwrap gives what lies behind it.
func (f *Fault) Unwrap() error { return f.Err }

// shown bounds what a fault quotes.
const shown = 12

func (f *Fault) list() string {
	if len(f.Seen) == 0 {
		return f.words.say("nothing")
	}
	seen := f.Seen[max(0, len(f.Seen)-shown):]
	short := make([]string, len(seen))
	for i, s := range seen {
		short[i] = clip(strings.Join(strings.Fields(s), " "), 120)
	}
	return strings.Join(short, " / ")
}

func clip(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
