package form

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// reading is what a typed value was read as: its clean text, whether it was said to be only about right, and what stood
// beside it and is no part of it, as it was typed.
type reading struct {
	text   string
	about  bool
	beside string
}

// checkNumber cleans to plain digits, with a minus and a point if need be: "１，２００名" becomes 1200.
func checkNumber(field Field, typed string) (reading, []text.Line) {
	s, ok := numeral(typed)
	s, about := estimate(lowerLead(s))
	if !ok || slices.Contains(words("idiom"), s) || isRank(s) {
		return reading{}, wrong(field)
	}
	if pointed(s) {
		return reading{}, because("form.wrong.point", field)
	}
	digits, minus := strings.CutPrefix(s, "-")
	value, rest, ok := readAmount(digits)
	if !ok || !isCounter(rest) {
		return reading{}, wrong(field)
	}
	if minus {
		value.Neg(value)
	}
	return reading{text: decimal(value), about: about}, nil
}

// isCounter allows nothing behind a number but the word for what is counted, as in 120名 or 3か所.
func isCounter(s string) bool {
	return s == "" || slices.Contains(words("counter"), s) || len(s) > 3 && slices.Contains(words("counter"), strings.ToLower(s))
}

// numeral makes a text that may be a number comparable: narrow, without spaces. It is none where that would make other
// figures of it (10², ½), or one number of two.
func numeral(typed string) (s string, ok bool) {
	s = seen(typed)
	circled := utf8.RuneCountInString(s) == 1
	if apart(s) || !circled && strings.ContainsFunc(s, isFigure) {
		return "", false
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == minusSign:
			return '-'
		}
		return r
	}, norm.NFKC.String(s))
	return s, !strings.Contains(s, "\u2044")
}

// isFigure tells figures that are no digits: ², ①, ½.
func isFigure(r rune) bool { return unicode.Is(unicode.No, r) }

// apart reports figures with spaces between them, or a separator or sign and a space: two numbers, or one nobody can be
// sure of.
func apart(s string) bool {
	fields := strings.Fields(s)
	for i := 1; i < len(fields); i++ {
		before, _ := utf8.DecodeLastRuneInString(norm.NFKC.String(fields[i-1]))
		after, _ := utf8.DecodeRuneInString(norm.NFKC.String(fields[i]))
		if ofNumber(before) && ofNumber(after) {
			return true
		}
	}
	return false
}

func ofNumber(r rune) bool {
	return unicode.IsDigit(r) || r == minusSign || strings.ContainsRune(".,-"+touten+kanjiDigits, r)
}

// estimate takes from around a number what does not change it: politeness, its name, and the words that say it is only
// about right, which are noted.
func estimate(s string) (core string, about bool) {
	for {
		before := s
		s, _ = cutBefore(unwrap(s), "lead")
		rest, first := cutBefore(s, "about-before")
		rest, last := cutAfter(rest, "about-after")
		if last && isRank(s) {
			return s, about
		}
		s, about = rest, about || first || last
		if s == before {
			return s, about
		}
	}
}

// isRank tells 3位, which is a rank, from 50人位, which is about 50.
func isRank(s string) bool {
	rest, ok := strings.CutSuffix(s, markRank)
	r, _ := utf8.DecodeLastRuneInString(rest)
	return ok && (unicode.IsDigit(r) || strings.ContainsRune(kanjiDigits, r))
}

// lowerLead makes English words before the digits small: a phone begins with a capital.
func lowerLead(s string) string {
	at := strings.IndexAny(s, "0123456789")
	return strings.ToLower(s[:max(at, 0)]) + s[max(at, 0):]
}

// pointed reports a point behind one to three digits and before three, as in 1.000: it may be meant for a comma.
func pointed(s string) bool {
	for i := 0; i < len(s); i++ {
		n := run(s[i:])
		if n >= 1 && n <= 3 && s[i] != '0' && strings.HasPrefix(s[i+n:], ".") && run(s[i+n+1:]) == 3 {
			return true
		}
		i += n
	}
	return false
}

// decimal writes the value without an exponent and without useless zeros, but where three places would look like
// thousands.
func decimal(value *big.Rat) string {
	places, _ := value.FloatPrec()
	s := value.FloatString(places)
	if pointed(s) {
		s += "0"
	}
	return s
}
