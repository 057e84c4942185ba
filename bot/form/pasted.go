package form

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Readable is what is left of words that were typed or pasted when nobody's eye is cheated: line ends of any program are
// line breaks, and what cannot be seen and means nothing is gone. Emoji, their joiners and variants, and marks that turn the
// reading direction stay.
func Readable(s string) string {
	if !strings.ContainsFunc(s, pasted) {
		return s
	}
	s = withoutColours(strings.ReplaceAll(s, "\r\n", "\n"))
	var b strings.Builder
	b.Grow(len(s))
	last := rune(' ')
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			// broken, and written so that two broken ends do not become a letter; characters refuses it
		case endsLine(r):
			r = '\n'
		case unseen(r), isJoiner(r) && !joins(last, s[i+size:]):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// seen is all of a typed value that shows: a telephone number copied from the contacts of a phone begins and ends with marks
// that turn the reading direction.
func seen(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, Readable(s)))
}

// withoutColours drops what a terminal writes to change its colours, with the figures in it: ESC [31m.
func withoutColours(s string) string {
	for {
		before, after, ok := strings.Cut(s, "\x1b[")
		if !ok {
			return s
		}
		s = before + strings.TrimPrefix(strings.TrimLeft(after, "0123456789;"), "m")
	}
}

// pasted tells what comes along when something is copied from a slide, a sheet or a page.
func pasted(r rune) bool { return endsLine(r) || unseen(r) || isJoiner(r) }

// endsLine tells the line and page ends of other programs: \r, vertical tab (as slides have it), form feed, NEL, and the
// line and paragraph separators of Unicode.
func endsLine(r rune) bool {
	switch r {
	case '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// unseen tells control characters and marks without a shape or a meaning of their own. NUL is not among them: no database
// takes it, and whatever sends it is no keyboard.
func unseen(r rune) bool {
	switch r {
	case 0, '\n', '\t':
		return false
	case '\u00ad', '\u200b', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\ufeff', '\ufff9', '\ufffa', '\ufffb', '\ufffc':
		return true
	}
	return unicode.IsControl(r) && !endsLine(r)
}

// isJoiner tells the zero-width joiner and non-joiner: part of emoji and of some scripts, and nothing in others.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joins reports whether a joiner between the two is more than nothing: neither Latin nor Japanese letters are joined.
func joins(before rune, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	return joinable(before) && joinable(next)
}

func joinable(r rune) bool {
	return r > unicode.MaxLatin1 && r != utf8.RuneError && !pasted(r) && !unicode.IsSpace(r) &&
		!unicode.In(r, unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
