package concierge

import (
	"net/url"
	"strconv"
	"strings"

	"tsunagi/bot/text"
)

// saidAgain are the args by which feedback can be said again: what is said with nothing filled in but numbers. What else is
// filled in may be content, and is no part of a delivery (ADR 5).
func saidAgain(said []text.Line) map[string]string {
	var notes []string
	for _, l := range said {
		if numbers, ok := numbersOf(l); ok && l.Key != "" {
			notes = append(notes, strings.TrimSuffix(l.Key+"?"+numbers.Encode(), "?"))
		}
	}
	if len(notes) == 0 {
		return nil
	}
	return map[string]string{"said": strings.Join(notes, " ")}
}

// numbersOf is what is filled in, if it is numbers alone: counts and limits, and places in a list.
func numbersOf(l text.Line) (url.Values, bool) {
	numbers := url.Values{}
	for name, value := range l.Args {
		n, ok := value.(int)
		if !ok {
			return nil, false
		}
		numbers.Set(name, strconv.Itoa(n))
	}
	return numbers, true
}

// saidBefore reads what saidAgain has written.
func saidBefore(notes string) []text.Line {
	var said []text.Line
	for _, note := range strings.Fields(notes) {
		key, filled, _ := strings.Cut(note, "?")
		numbers, _ := url.ParseQuery(filled) // what cannot be read shows as a hole
		var args []any
		for name := range numbers {
			n, _ := strconv.Atoi(numbers.Get(name))
			args = append(args, name, n)
		}
		said = append(said, text.Say(key, args...))
	}
	return said
}
