package form

import (
	"strings"

	"tsunagi/bot/text"
)

// checkCorporateNumber cleans to 13 digits whose first is the check digit of the others. The T of an invoice number,
// which a corporation makes of the same digits, may stand before them.
// https://www.houjin-bangou.nta.go.jp/documents/checkdigit.pdf
func checkCorporateNumber(typed string) (string, []text.Line) {
	s := strings.TrimPrefix(strings.ToUpper(narrow(typed)), "T")
	s = strings.ReplaceAll(s, "-", "")
	if len(s) != 13 || run(s) != 13 {
		return "", wrong(CorporateNumber)
	}
	if int(s[0]-'0') != checkDigit(s[1:]) {
		return "", because("form.wrong.check_digit", CorporateNumber)
	}
	return s, nil
}

// checkDigit is 9 minus the remainder by 9 of the digits' sum, each second one from the left (of twelve) taken twice.
func checkDigit(digits string) int {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i]-'0') * (2 - i%2)
	}
	return 9 - sum%9
}

// checkPostalCode cleans to 596-8510.
func checkPostalCode(typed string) (string, []text.Line) {
	s := strings.TrimPrefix(narrow(typed), markPostal)
	s = strings.TrimPrefix(s, "-")
	if head, tail, ok := strings.Cut(s, "-"); ok && len(head) == 3 {
		s = head + tail
	}
	if len(s) != 7 || run(s) != 7 {
		return "", wrong(PostalCode)
	}
	return s[:3] + "-" + s[3:], nil
}
