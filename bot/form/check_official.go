package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// checkCorporateNumber cleans to 13 digits whose first is the check digit of the others. The T of an invoice number,
// which a corporation makes of the same digits, may stand before them.
// https://www.houjin-bangou.nta.go.jp/documents/checkdigit.pdf
func checkCorporateNumber(field Field, typed string) (reading, []text.Line) {
	s, _ := cutBefore(strings.ToLower(unwrap(narrow(typed))), "corporate-before")
	s = strings.ReplaceAll(strings.TrimPrefix(s, "t"), "-", "")
	if len(s) != 13 || run(s) != 13 {
		return reading{}, wrong(field)
	}
	if int(s[0]-'0') != checkDigit(s[1:]) {
		return reading{}, because("form.wrong.check_digit", field)
	}
	return reading{text: s}, nil
}

// checkDigit is 9 minus the remainder by 9 of the digits' sum, each second one from the left (of twelve) taken twice.
func checkDigit(digits string) int {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i]-'0') * (2 - i%2)
	}
	return 9 - sum%9
}

// checkPostalCode cleans to 596-8510. Spaces and dashes may stand behind the third figure only.
func checkPostalCode(field Field, typed string) (reading, []text.Line) {
	s, _ := cutBefore(unwrap(norm.NFKC.String(seen(typed))), "postal-before")
	head, tail := parted(figures(strings.TrimSpace(s)))
	if len(head) != 3 || run(head) != 3 || len(tail) != 4 || run(tail) != 4 {
		return reading{}, wrong(field)
	}
	return reading{text: head + "-" + tail}, nil
}

// parted cuts a postal code where it is set apart, or behind the third of seven figures.
func parted(s string) (head, tail string) {
	s = strings.TrimPrefix(s, "-")
	at := strings.IndexFunc(s, func(r rune) bool { return r == '-' || unicode.IsSpace(r) })
	if at < 0 {
		at = min(3, len(s))
	}
	return s[:at], strings.TrimLeftFunc(s[at:], func(r rune) bool { return r == '-' || unicode.IsSpace(r) })
}
