package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes what is typed comparable: width, case, kana, spaces and what cannot be seen no longer matter. It never becomes
// an answer.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.In(r, unicode.Cf, unicode.Cc):
			return -1
		case r >= katakanaFirst && r <= katakanaLast:
			return r - kanaDistance
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// narrow makes letters, digits and hyphens plain ASCII where they stand for it, and drops spaces: for numbers and dates.
func narrow(s string) string {
	return figures(strings.Join(strings.Fields(norm.NFKC.String(seen(s))), ""))
}

// figures makes kanji digits and all dashes between figures plain ASCII, as in 五九六─八五一〇.
func figures(s string) string {
	letters := []rune(dashed(s))
	for i, r := range letters {
		switch d := strings.IndexRune(kanjiDigits, r); {
		case r == kanjiOne && i > 0 && i+1 < len(letters) && isDigit(letters[i-1]) && isDigit(letters[i+1]):
			letters[i] = '-' // to the eye a dash
		case d >= 0:
			letters[i] = rune('0' + d/len(kanjiZero))
		}
	}
	return string(letters)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// dashed makes all dashes hyphens, but for the long vowel mark within Japanese words.
func dashed(s string) string {
	if !strings.ContainsAny(s, hyphens) {
		return s
	}
	letters := []rune(s)
	for i, r := range letters {
		within := i > 0 && isJapanese(letters[i-1]) || i+1 < len(letters) && isJapanese(letters[i+1])
		if strings.ContainsRune(hyphens, r) && !(r == longVowel && within) {
			letters[i] = '-'
		}
	}
	return string(letters)
}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) && !strings.ContainsRune(kanjiDigits, r)
}
