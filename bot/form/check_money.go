package form

import (
	"strings"

	"tsunagi/bot/text"
)

// checkMoney cleans to whole yen in digits: 50万円, ￥500,000-, 五十万円 and 50万円(税込)です all become 500000, and so does
// 約50万円くらい, which is noted as about.
func checkMoney(field Field, typed string) (reading, []text.Line) {
	s, ok := numeral(typed)
	if !ok {
		return reading{}, wrong(field)
	}
	s = strings.ToLower(s)
	if saysUntaxed(s) {
		return reading{}, because("form.wrong.untaxed", field)
	}
	s, about := sum(s)
	if pointed(s) {
		return reading{}, because("form.wrong.point", field)
	}
	value, rest, ok := readAmount(s)
	if !ok || rest != "" || !value.IsInt() || len(value.Num().String()) > mostDigits {
		return reading{}, wrong(field)
	}
	return reading{text: value.Num().String(), about: about}, nil
}

// mostDigits is how many digits an amount may have; no city has seen more.
const mostDigits = 15

// saysUntaxed reports that a tax comes on top, so that the sum is another one than what is written.
func saysUntaxed(s string) bool {
	for _, word := range words("untaxed") {
		if _, with := cutAfter(s, "taxed"); !with && strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// sum takes from around a number what makes it an amount of yen, tax included as usual.
func sum(s string) (core string, about bool) {
	for {
		before := s
		var rough bool
		s, rough = estimate(s)
		about = about || rough
		s, _ = cutBefore(s, "taxed")
		s, _ = cutAfter(s, "taxed")
		if s == before {
			break
		}
	}
	return currency(s), about
}

// currency takes away the marks of yen on either side, and the dash that closes ¥500,000-.
func currency(s string) string {
	s, signed := cutBefore(s, "money-before")
	if signed {
		s = strings.TrimSuffix(strings.TrimRight(s, "-"+hyphens), ".")
	}
	s, _ = cutAfter(s, "money-after")
	return s
}
