package form

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"tsunagi/bot/text"
)

// characters says what is wrong with a text that no database, spreadsheet or chat takes: broken UTF-8, NUL. It is empty if
// nothing is.
func characters(s string) text.Line {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, forbidden) {
		return text.Line{}
	}
	return text.Say("form.wrong.characters")
}

// forbidden tells NUL, U+FFFD, which is what a JSON decoder leaves of broken UTF-8, and the non-characters. What else
// cannot be seen is dropped: see Readable.
func forbidden(r rune) bool {
	return r == 0 || r == utf8.RuneError || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// oneLine makes a line break a space: names and titles stand in one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(Readable(s), func(r rune) bool { return r == '\n' || r == '\t' }), " ")
}

// checkText keeps a text as it was typed, but for spaces around it.
func checkText(s string, most int) (reading, []text.Line) {
	s = strings.TrimSpace(s)
	if !strings.ContainsFunc(s, visible) {
		return reading{}, []text.Line{text.Say("form.wrong.empty")}
	}
	if utf8.RuneCountInString(s) <= most {
		return reading{text: s}, nil
	}
	if n := length(s); n > most {
		return reading{}, []text.Line{text.Say("form.wrong.too_long", "max", most, "over", n-most)}
	}
	return reading{text: s}, nil
}

// visible also tells the fillers of Korean and braille, which are letters and show nothing.
func visible(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Cc, unicode.Mn) && !strings.ContainsRune(fillers, r)
}

const fillers = "\u115f\u1160\u3164\uffa0\u2800"

// Length counts characters as people see them.
func Length(s string) int { return length(s) }

// length counts characters as people see them. One of more than 16 code points, which no script needs, counts as
// several, so that a limit is a limit on size as well.
func length(s string) int {
	n := 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		n += 1 + (len(g.Runes())-1)/16
	}
	return n
}
