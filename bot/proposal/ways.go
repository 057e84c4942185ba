package proposal

import (
	"fmt"
	"slices"
)

// Choices lists what a role may do now, in the order of the table: the buttons to offer. Whoever chooses may still have
// to bring a reason or a date. What only time does is listed as if its date had come.
func Choices(at Situation, by Role) []Event {
	var choices []Event
	for _, r := range possible(at, by) {
		if !slices.Contains(choices, r.On) {
			choices = append(choices, r.On)
		}
	}
	return choices
}

// Path is the one event by which the role can lead a proposal from where it stands into another state; false if there
// is none. Where several would do, it is the plainest: taken, not replied.
func Path(at Situation, to State, by Role) (Event, bool) {
	for _, r := range possible(at, by) {
		if to != at.State && at.after(r, at.Until).State == to {
			return r.On, true
		}
	}
	return "", false
}

// possible are the rules by which a role may act now.
func possible(at Situation, by Role) []Rule {
	var rules []Rule
	for _, r := range Table() {
		if slices.Contains(r.From, at.State) && r.allows(by) && r.If.holds(at, at.Until) {
			rules = append(rules, r)
		}
	}
	return rules
}

// Change is one line of a proposal's history, as it is kept.
type Change struct {
	On       Event
	From, To State
}

// Explain follows a whole history, oldest first, and gives the situation it ends in, without the date of a hold. A line
// that does not join the one before, or that no rule of the table allows, is an error with its position.
func Explain(history []Change) (Situation, error) {
	at := Situation{State: Begin}
	for i, c := range history {
		if c.From != at.State {
			return at, fmt.Errorf("history line %d: %s from %q, but the proposal was in %q", i+1, c.On, c.From, at.State)
		}
		next, ok := explain(at, c)
		if !ok {
			return at, fmt.Errorf("history line %d: no rule leads from %q to %q on %s", i+1, c.From, c.To, c.On)
		}
		at = next
	}
	return at, nil
}

func explain(at Situation, c Change) (Situation, bool) {
	for _, r := range Table() {
		next := at.after(r, at.Until)
		if r.On == c.On && slices.Contains(r.From, at.State) && r.If.holds(at, at.Until) && next.State == c.To {
			return next, true
		}
	}
	return at, false
}
