package proposal

import (
	"fmt"
	"slices"
	"strings"
)

// Words gives the words people read for a catalogue key, such as state.received.
type Words func(key string) string

// Page is the part of docs/life-of-a-proposal.md that follows from the table: the states, the picture, the rules.
func Page(words Words) string {
	return strings.Join([]string{
		"### The states\n", statesPage(words),
		"### The picture\n", "```mermaid\n" + Diagram(words) + "```\n",
		"### The rules\n", rulesPage(words),
	}, "\n")
}

func statesPage(words Words) string {
	var b strings.Builder
	b.WriteString("| state | 日本語 | next date by | whose turn |\n| --- | --- | --- | --- |\n")
	for _, t := range traits() {
		deadline, turn := "ended", "nobody"
		if Open(t.state) {
			deadline, turn = string(t.deadline), string(t.turn)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", t.state, words(t.state.Key()), deadline, turn)
	}
	return b.String()
}

func rulesPage(words Words) string {
	var b strings.Builder
	b.WriteString("| event | 日本語 | from | to | by | needs | told |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range Table() {
		from := list(r.From)
		switch {
		case slices.Equal(r.From, States()):
			from = "every state"
		case r.From[0] == Begin:
			from = "the draft"
		}
		if r.If != Always {
			from += " (if " + string(r.If) + ")"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n",
			r.On, words(r.On.Key()), from, target(r.To), list(r.By), list(r.Needs), list(r.Tell))
	}
	return b.String()
}

func target(to State) string {
	switch to {
	case Same:
		return "(stays)"
	case Before:
		return "(where it was)"
	}
	return string(to)
}

func list[T ~string](items []T) string {
	var words []string
	for _, item := range items {
		words = append(words, string(item))
	}
	return strings.Join(words, ", ")
}

// Diagram draws the table as a Mermaid state diagram: https://mermaid.js.org/syntax/stateDiagram.html. The states before
// the work begins stand in one box; an arrow from or to the box means any of them.
func Diagram(words Words) string {
	box := beforeWork()
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    state \"before the work begins\" as " + boxed + " {\n")
	for _, s := range box {
		fmt.Fprintf(&b, "        state \"%s %s\" as %s\n", words(s.Key()), s, s)
	}
	b.WriteString("    }\n")
	for _, s := range States() {
		if !slices.Contains(box, s) {
			fmt.Fprintf(&b, "    state \"%s %s\" as %s\n", words(s.Key()), s, s)
		}
	}
	for _, a := range arrows(box) {
		fmt.Fprintf(&b, "    %s --> %s : %s\n", a.from, a.to, list(a.on))
	}
	return b.String()
}

const boxed = "before_work"

// beforeWork are the states an organization may withdraw from.
func beforeWork() []State {
	for _, r := range Table() {
		if r.On == Withdrawn {
			return slices.DeleteFunc(slices.Clone(r.From), func(s State) bool { return s == OnHold })
		}
	}
	return nil
}

// arrow is what leads from one node of the picture to another.
type arrow struct {
	from, to string
	on       []Event
}

// arrows joins the events between the same two nodes into one arrow.
func arrows(box []State) []arrow {
	var all []arrow
	add := func(from, to string, on Event) {
		i := slices.IndexFunc(all, func(a arrow) bool { return a.from == from && a.to == to })
		if i < 0 {
			i, all = len(all), append(all, arrow{from: from, to: to})
		}
		if !slices.Contains(all[i].on, on) {
			all[i].on = append(all[i].on, on)
		}
	}
	for _, r := range Table() {
		for _, from := range nodes(r.From, box) {
			for _, to := range targets(r, box) {
				add(from, to, r.On)
			}
		}
	}
	return all
}

// nodes names the states in the picture, the whole box as one.
func nodes(states, box []State) (names []string) {
	whole := !slices.ContainsFunc(box, func(s State) bool { return !slices.Contains(states, s) })
	if whole {
		names = append(names, boxed)
	}
	for _, s := range states {
		switch {
		case s == Begin:
			names = append(names, "[*]")
		case !whole || !slices.Contains(box, s):
			names = append(names, string(s))
		}
	}
	return names
}

// targets are where a rule leads: nowhere new, back to wherever a hold or a withdrawal may come from, or one state.
func targets(r Rule, box []State) []string {
	switch r.To {
	case Same:
		return nil
	case Before:
		return nodes(cameFrom(r.From[0]), box)
	}
	return nodes([]State{r.To}, box)
}

// cameFrom are the states from which a proposal may be put on hold, or withdrawn.
func cameFrom(into State) []State {
	for _, r := range Table() {
		if r.To == into {
			return r.From
		}
	}
	return nil
}
