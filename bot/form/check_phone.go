package form

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// checkPhone cleans to +81724239999, with ;ext=12 for an extension (RFC 3966). A number is Japanese if it begins with 0 or
// +81; any other needs its + and country, as without them it would be somebody else's number in Japan.
func checkPhone(field Field, typed string) (reading, []text.Line) {
	s, beside := dial(typed)
	number, extension, extended := cutExtension(s)
	digits, ok := dialled(number)
	if !ok || extended && (run(extension) != len(extension) || len(extension) == 0 || len(extension) > mostExtension) {
		return reading{}, wrong(field)
	}
	clean, refusal := international(field, digits)
	if len(refusal) > 0 {
		return reading{}, refusal
	}
	if extended {
		clean += extensionMark + extension
	}
	return reading{text: clean, beside: beside}, nil
}

// extensionMark stands before the extension in a cleaned number; mostExtension is how many digits one may have.
const (
	extensionMark = ";ext="
	mostExtension = 7
)

// dial makes a text that may be a telephone number comparable, without what it is called. What stands in parentheses behind
// the number and is no part of it, such as whose it is, comes back as it was typed.
func dial(typed string) (s, beside string) {
	s = unwrap(strings.Join(strings.Fields(norm.NFKC.String(seen(typed))), ""))
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") && !strings.ContainsFunc(s[i:], unicode.IsDigit) {
		s, beside = s[:i], s[i:]
	}
	s = strings.ToLower(s)
	if called, ok := cutBefore(strings.TrimPrefix(s, "("), "phone-before"); ok { // (TEL) or TEL:
		s = strings.TrimLeft(called, ".:)")
	}
	return strings.NewReplacer(nakaguro, "-", markOf, "-").Replace(figures(s)), beside // as in 072の423の9999
}

// cutExtension takes the extension from behind a number: 内線12, (内線:12), ext. 12.
func cutExtension(s string) (number, extension string, ok bool) {
	for _, word := range words("extension") {
		if number, extension, ok = strings.Cut(s, word); ok {
			inner := strings.TrimSuffix(strings.TrimLeft(extension, ".:"), ")")
			return strings.TrimRight(number, "(,;"+touten), inner, true
		}
	}
	return s, "", false
}

// dialled drops what sets the figures of a number apart; a + may only begin it.
func dialled(s string) (digits string, ok bool) {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case !strings.ContainsRune("-().", r):
			return "", false
		}
	}
	return b.String(), strings.Count(s, "(") == strings.Count(s, ")")
}

// international writes a number with its country, or says what is wrong with it.
func international(field Field, digits string) (string, []text.Line) {
	if abroad, ok := strings.CutPrefix(digits, "010"); ok { // how Japan dials abroad
		digits = "+" + abroad
	}
	if inland, ok := strings.CutPrefix(digits, "+81"); ok {
		digits = "0" + strings.TrimPrefix(inland, "0")
	}
	switch {
	case strings.HasPrefix(digits, "+"):
		return foreign(field, digits)
	case !strings.HasPrefix(digits, "0") && len(digits) >= 9:
		return "", because("form.wrong.phone_zero", field)
	}
	want := japanese(digits)
	switch {
	case want == 0 || len(digits) < 6:
		return "", wrong(field)
	case len(digits) != want:
		return "", amiss(field, want, len(digits))
	}
	return "+81" + digits[1:], nil
}

// amiss says how many digits are wanting or too many.
func amiss(field Field, want, have int) []text.Line {
	if have < want {
		return []text.Line{text.Say("form.wrong.phone_short", "want", want, "have", have, "less", want-have), example(field.Kind)}
	}
	return []text.Line{text.Say("form.wrong.phone_long", "want", want, "have", have, "over", have-want), example(field.Kind)}
}

// japanese is how many digits a number has that begins like this one; 0 if none does. It goes by the numbering plan, not by
// the ranges in use, as new ones are opened before any library learns of them.
// https://www.soumu.go.jp/main_sosiki/joho_tsusin/top/tel_number/
func japanese(digits string) int {
	switch {
	case len(digits) < 3 || digits[0] != '0' || digits[1] == '0':
		return 0
	case digits[2] != '0':
		return 10 // an area code, or 0120, 0570 and the like
	case strings.ContainsRune("256789", rune(digits[1])):
		return 11 // mobile, over the Internet, 0800
	}
	return 0
}

// foreign asks Google's rules about a number of another country.
func foreign(field Field, digits string) (string, []text.Line) {
	n, err := phonenumbers.Parse(digits, "ZZ")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", wrong(field)
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}

// showPhone writes a cleaned number as people in Japan do: 072-423-9999.
func showPhone(clean string) string {
	n, err := phonenumbers.Parse(clean, "JP")
	if err != nil {
		return clean
	}
	if n.GetCountryCode() != 81 {
		return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
	}
	shown := phonenumbers.Format(n, phonenumbers.NATIONAL)
	if digits := "0" + strings.TrimPrefix(clean, "+81"); !strings.Contains(shown, "-") || strings.ReplaceAll(shown, "-", "") != digits {
		return inThree(digits)
	}
	return shown
}

// inThree sets a number apart whose range the library does not know.
func inThree(digits string) string {
	head := 3
	if len(digits) == 10 && !strings.HasPrefix(digits, "03") && !strings.HasPrefix(digits, "06") {
		head = 4
	} else if len(digits) == 10 {
		head = 2
	}
	tail := len(digits) - 4
	if strings.HasPrefix(digits, "0120") || strings.HasPrefix(digits, "0570") {
		tail = len(digits) - 3
	}
	return digits[:head] + "-" + digits[head:tail] + "-" + digits[tail:]
}
