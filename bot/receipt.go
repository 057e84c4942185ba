package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"tsunagi/bot/form"
)

// Receipt is the pattern of receipt numbers (受付番号), for example "K{fy}-{seq:4}".
type Receipt string

// Number fills the pattern for a fiscal year and a running number.
func (r Receipt) Number(fiscalYear, seq int) string {
	out := strings.ReplaceAll(string(r), "{fy}", strconv.Itoa(fiscalYear))
	before, rest, ok := strings.Cut(out, "{seq:")
	if !ok {
		return strings.ReplaceAll(out, "{seq}", strconv.Itoa(seq))
	}
	width, after, _ := strings.Cut(rest, "}")
	n, _ := strconv.Atoi(width)
	return fmt.Sprintf("%s%0*d%s", before, n, seq, after)
}

// Parse reads a receipt number as people type it, as Number writes it: any width and case, with or without hyphens,
// leading zeros and the letters in front, or the running number alone, which is then of the fiscal year given.
func (r Receipt) Parse(typed string, fiscalYear int) (number string, ok bool) {
	if number, ok = r.exactly(typed); ok {
		return number, true
	}
	letters, digits := groups(form.Fold(typed))
	before, _, _ := strings.Cut(string(r), "{")
	if own, _ := groups(form.Fold(before)); letters != "" && letters != own {
		return "", false
	}
	year, seq, ok := yearAndSeq(digits)
	if !ok {
		return "", false
	}
	if year == 0 {
		year = fiscalYear
	}
	return r.Number(year, seq), true
}

// exactly reads a whole number, with all that the pattern has in front, between and behind, be it digits.
func (r Receipt) exactly(typed string) (number string, ok bool) {
	front, rest, _ := strings.Cut(string(r), "{fy}")
	between, rest, _ := strings.Cut(rest, "{seq")
	_, behind, _ := strings.Cut(rest, "}")
	digits, isOurs := strings.CutPrefix(plainly(typed), plainly(front))
	digits, ends := strings.CutSuffix(digits, plainly(behind))
	if !isOurs || !ends || len(digits) < yearDigits {
		return "", false
	}
	running, follows := strings.CutPrefix(digits[yearDigits:], plainly(between))
	year, seq, ok := yearAndSeq([]string{digits[:yearDigits], running})
	if !follows || !ok || year/100 != 20 {
		return "", false
	}
	return r.Number(year, seq), true
}

// plainly is what is typed without what only sets it apart.
func plainly(typed string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) || unicode.IsLetter(c) && !unicode.Is(unicode.Lm, c) {
			return c
		}
		return -1
	}, form.Fold(typed))
}

// yearDigits is how many digits a year has when it is written out.
const yearDigits = 4

// groups splits what is typed into the letters before the first digit and the runs of digits after them. Letters
// further on make it no number.
func groups(folded string) (letters string, digits []string) {
	inDigits := false
	for _, c := range folded {
		digit := c >= '0' && c <= '9'
		switch {
		case digit && inDigits:
			digits[len(digits)-1] += string(c)
		case digit:
			digits = append(digits, string(c))
		case unicode.IsLetter(c) && !unicode.Is(unicode.Lm, c) && len(digits) > 0:
			return "", nil
		case unicode.IsLetter(c) && !unicode.Is(unicode.Lm, c): // Lm has the long vowel mark, typed for a hyphen
			letters += string(c)
		}
		inDigits = digit
	}
	return letters, digits
}

// yearAndSeq reads the running number, and the year if one is given, of four digits or two; else it is 0.
func yearAndSeq(digits []string) (year, seq int, ok bool) {
	if len(digits) == 1 && len(digits[0]) > yearDigits && strings.HasPrefix(digits[0], "20") {
		digits = []string{digits[0][:yearDigits], digits[0][yearDigits:]}
	}
	if len(digits) == 2 {
		y, err := strconv.Atoi(digits[0])
		if err != nil || (len(digits[0]) != 2 && len(digits[0]) != yearDigits) {
			return 0, 0, false
		}
		if len(digits[0]) < yearDigits {
			y += 2000
		}
		if y/100 != 20 {
			return 0, 0, false
		}
		year, digits = y, digits[1:]
	}
	if len(digits) != 1 || len(digits[0]) > 9 {
		return 0, 0, false
	}
	seq, err := strconv.Atoi(digits[0])
	return year, seq, err == nil && seq > 0
}
