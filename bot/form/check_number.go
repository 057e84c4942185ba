package form

import (
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"tsunagi/bot/text"
)

// checkNumber cleans to plain digits, with a minus and a point if need be: "１，２００名" becomes 1200.
func checkNumber(typed string) (string, []text.Line) {
	s := exactly(narrow(typed))
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	value, rest, ok := readAmount(s)
	if !ok || !isCounter(rest) || apart(typed) {
		return "", wrong(Number)
	}
	if value.Sign() == 0 {
		sign = ""
	}
	return sign + decimal(value), nil
}

// isCounter allows the word for what is counted, as in 120名 or 3か所, but no second number.
func isCounter(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && r != '%' {
			return false
		}
	}
	return utf8.RuneCountInString(s) <= 3 && !strings.ContainsAny(s, kanjiDigits)
}

// apart reports digits with spaces between them: two numbers, or one nobody can be sure of.
func apart(s string) bool {
	fields := strings.Fields(s)
	for i := 1; i < len(fields); i++ {
		before, _ := utf8.DecodeLastRuneInString(fields[i-1])
		after, _ := utf8.DecodeRuneInString(fields[i])
		if unicode.IsDigit(before) && unicode.IsDigit(after) {
			return true
		}
	}
	return false
}

// decimal writes the value without an exponent and without useless zeros.
func decimal(value *big.Rat) string {
	if value.IsInt() {
		return value.Num().String()
	}
	places, _ := value.FloatPrec()
	return value.FloatString(places)
}

// checkMoney cleans to whole yen in digits: 50万円, ￥500,000, 五十万円 and 約50万円くらい all become 500000.
func checkMoney(typed string) (string, []text.Line) {
	s := exactly(strings.ToUpper(narrow(typed)))
	for _, before := range []string{signYen, "\\", "JPY"} {
		s = strings.TrimPrefix(s, before)
	}
	value, rest, ok := readAmount(s)
	if !ok || !isYen(rest) || !value.IsInt() || apart(typed) || len(value.Num().String()) > mostDigits {
		return "", wrong(Money)
	}
	return value.Num().String(), nil
}

// exactly drops the words that say an amount is an estimate: the city asks for no more.
func exactly(s string) string {
	before, after := about()
	for _, word := range before {
		s = strings.TrimPrefix(s, word)
	}
	for _, word := range after {
		s = strings.TrimSuffix(s, word)
	}
	return s
}

// mostDigits is how many digits an amount may have; no city has seen more.
const mostDigits = 15

func isYen(s string) bool { return s == "" || s == markYen || s == "YEN" || s == "JPY" }
