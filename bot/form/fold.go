package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes what is typed comparable: width, case, kana and spaces no longer matter. It never becomes an answer.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= katakanaFirst && r <= katakanaLast:
			return r - kanaDistance
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// narrow makes letters, digits and hyphens plain ASCII where they stand for it, and drops spaces: for numbers, dates,
// addresses.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), isFormat(r):
			return -1
		case strings.ContainsRune(hyphens, r):
			return '-'
		}
		return r
	}, norm.NFKC.String(s))
}

// isFormat tells invisible characters such as the zero-width space, which come along when something is pasted.
func isFormat(r rune) bool { return unicode.Is(unicode.Cf, r) }
