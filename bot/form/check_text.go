package form

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"tsunagi/bot/text"
)

// characters says what is wrong with a text that no database, spreadsheet or chat takes: broken UTF-8, NUL and other
// control characters. It is empty if nothing is.
func characters(s string) text.Line {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, forbidden) {
		return text.Line{}
	}
	return text.Say("form.wrong.characters")
}

// forbidden also tells U+FFFD, which is what a JSON decoder leaves of broken UTF-8, and the non-characters.
func forbidden(r rune) bool {
	switch r {
	case '\n', '\r', '\t':
		return false
	}
	return unicode.IsControl(r) || r == utf8.RuneError || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// oneLine trims, and makes a line break a space: names and titles stand in one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, breaks), " ")
}

func breaks(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029'
}

// manyLines trims, and makes all line ends the same.
func manyLines(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
}

// checkText keeps a text as it was typed, but for spaces around it.
func checkText(s string, most int) (string, []text.Line) {
	s = strings.TrimSpace(s)
	if !strings.ContainsFunc(s, visible) {
		return "", []text.Line{text.Say("form.wrong.empty")}
	}
	if utf8.RuneCountInString(s) <= most {
		return s, nil
	}
	if n := length(s); n > most {
		return "", []text.Line{text.Say("form.wrong.too_long", "max", most, "count", n, "over", n-most)}
	}
	return s, nil
}

func visible(r rune) bool { return !unicode.IsSpace(r) && !isFormat(r) && !unicode.Is(unicode.Mn, r) }

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
