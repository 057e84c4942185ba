package text

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// sentence is a parsed text of the catalogue: words and holes in turn.
//
// A hole is {name}, {name:style} with style "date", "short", "time" or "datetime" for a moment, or {name|one|other} for
// a count: the first form if it is 1, else the second. Forms may have holes of their own.
type sentence []piece

// piece is words, or a hole if it has a name.
type piece struct {
	words string
	name  string
	style string
	forms []sentence // exactly two, or none
}

var (
	errOpen  = errors.New("a { is never closed")
	errClose = errors.New("a } was never opened")
)

func parse(s string) (sentence, error) {
	var out sentence
	for s != "" {
		at := strings.IndexAny(s, "{}")
		if at < 0 {
			return append(out, piece{words: s}), nil
		}
		if s[at] == '}' {
			return nil, errClose
		}
		if at > 0 {
			out = append(out, piece{words: s[:at]})
		}
		end := closing(s[at:])
		if end < 0 {
			return nil, errOpen
		}
		hole, err := parseHole(s[at+1 : at+end])
		if err != nil {
			return nil, err
		}
		out, s = append(out, hole), s[at+end+1:]
	}
	return out, nil
}

// closing finds the } that closes the { at the beginning of s, or gives -1.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func parseHole(s string) (piece, error) {
	parts := splitForms(s)
	name, style, _ := strings.Cut(parts[0], ":")
	if !isName(name) {
		return piece{}, fmt.Errorf("{%s} names no argument", s)
	}
	hole := piece{name: name, style: style}
	switch {
	case len(parts) == 1 && isStyle(style):
		return hole, nil
	case len(parts) != 3 || style != "":
		return piece{}, fmt.Errorf("{%s} is neither {name}, {name:style} nor {name|one|other}", s)
	}
	for _, part := range parts[1:] {
		form, err := parse(part)
		if err != nil {
			return piece{}, err
		}
		hole.forms = append(hole.forms, form)
	}
	return hole, nil
}

// splitForms cuts at each | that stands outside of inner holes.
func splitForms(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '|':
			if depth == 0 {
				parts, start = append(parts, s[start:i]), i+1
			}
		}
	}
	return append(parts, s[start:])
}

func isName(s string) bool {
	for _, r := range s {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

func isStyle(s string) bool {
	switch s {
	case "", "date", "short", "time", "datetime":
		return true
	}
	return false
}

// walk visits every hole, also those within forms.
func (s sentence) walk(visit func(piece)) {
	for _, p := range s {
		if p.name == "" {
			continue
		}
		visit(p)
		for _, form := range p.forms {
			form.walk(visit)
		}
	}
}
