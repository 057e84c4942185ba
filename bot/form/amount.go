package form

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// amount reads numbers as people write them: 1,200.5, 三十万, 1億2000万, 3千5百, 100百万, 二〇二六. It holds what was read so
// far. Whatever a careful reader could take in two ways it does not read: 二三 (two or three), 1万5, 1.000.
type amount struct {
	total   *big.Rat // before the last 万, 億, 兆
	section *big.Rat // since then, before the last 十, 百, 千
	number  *big.Rat // digits since then; nil if none
	digits  string   // as these were written; kanji digits as kanji
	unit    int64    // the last of 十, 百, 千 in the section
	big     int64    // the last of 万, 億, 兆; they go downwards
	closed  bool     // after a fraction, or a unit that counts a larger number (1,234千), only a larger unit may follow
}

// longest is how many characters of a number are looked at: far more than any number has.
const longest = 40

// readAmount reads the number that s begins with, and gives what follows it. s must be numeral text.
func readAmount(s string) (value *big.Rat, rest string, ok bool) {
	if utf8.RuneCountInString(s) > longest {
		return nil, s, false
	}
	s = informal(s)
	a := amount{total: new(big.Rat), section: new(big.Rat)}
	read := 0
	for read < len(s) {
		n, good := a.take(s[read:])
		if !good {
			return nil, s, false
		}
		if n == 0 {
			break
		}
		read += n
	}
	if read == 0 || a.open() {
		return nil, s, false
	}
	a.total.Add(a.total, a.pending())
	return a.total, s[read:], true
}

// informal writes 壱 as 一, and the like.
func informal(s string) string {
	if !strings.ContainsAny(s, formalDigits) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(formalDigits, r); i >= 0 {
			r, _ = utf8.DecodeRuneInString(plainDigits[i:])
		}
		return r
	}, s)
}

// take reads one digit group or unit, and gives its length; 0 is the end of the number, false a malformed one.
func (a *amount) take(s string) (int, bool) {
	r, size := utf8.DecodeRuneInString(s)
	if r >= '0' && r <= '9' {
		return a.arabic(s)
	}
	if strings.ContainsRune(kanjiDigits, r) {
		return a.kanji(s)
	}
	switch r {
	case markTen:
		return size, a.small(10)
	case markHundred:
		return size, a.small(100)
	case markThousand:
		return size, a.small(1000)
	case markMan:
		return size, a.large(1e4)
	case markOku:
		return size, a.large(1e8)
	case markCho:
		return size, a.large(1e12)
	}
	return 0, true
}

// arabic reads 1200, 1,200 and 1.5.
func (a *amount) arabic(s string) (int, bool) {
	plain, n, ok := grouped(s)
	first := a.unit == 0 && a.big == 0
	padded := len(plain) > 1 && plain[0] == '0' && !a.fills(plain)
	if !ok || a.number != nil || a.closed || len(plain) > a.room() || padded && !(first && !beginsWithUnit(s[n:])) {
		return 0, false
	}
	if strings.HasPrefix(s[n:], ".") && run(s[n+1:]) > 0 {
		if !first || padded {
			return 0, false
		}
		end := n + 1 + run(s[n+1:])
		plain, n, a.closed = plain+s[n:end], end, true
	}
	a.number, _ = new(big.Rat).SetString(plain)
	a.digits = plain
	return n, a.number != nil
}

// room is how many digits may follow the last unit: three follow a thousand, as in 1千200.
func (a *amount) room() int {
	for _, unit := range []int64{a.unit, a.big} {
		if unit != 0 {
			return len(strconv.FormatInt(unit, 10)) - 1
		}
	}
	return longest
}

// fills reports zeros in front that only fill the four places below 万 or 億, as in 1億0500万.
func (a *amount) fills(plain string) bool { return a.big != 0 && a.unit == 0 && len(plain) == 4 }

func beginsWithUnit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(units, r)
}

// grouped reads digits with or without separators by thousands, and gives them without, and their length in s.
func grouped(s string) (plain string, n int, ok bool) {
	first := run(s)
	plain, n = s[:first], first
	for c := comma(s[n:], first); c > 0 && run(s[n+c:]) == 3; c = comma(s[n:], first) {
		plain += s[n+c : n+c+3]
		n += c + 3
	}
	split := n > first
	c := max(comma(s[n:], first), comma(s[n:], 1))
	return plain, n, !(split && plain[0] == '0') && (c == 0 || run(s[n+c:]) == 0)
}

// run counts the digits s begins with.
func run(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// comma gives the length of a separator by thousands behind so many digits: a comma, or behind a single one the touten that
// Japanese keyboards type instead. 50、100 are two numbers.
func comma(s string, digits int) int {
	switch {
	case digits > 3:
		return 0
	case strings.HasPrefix(s, ","):
		return 1
	case digits == 1 && strings.HasPrefix(s, touten):
		return len(touten)
	}
	return 0
}

// kanji reads a run of kanji digits: 五, 一二〇, 二〇二六. A 〇 behind a unit is only said, as in 二千〇二十六.
func (a *amount) kanji(s string) (int, bool) {
	n := len(s) - len(strings.TrimLeft(s, kanjiDigits))
	plain := s[:n]
	most := a.room()
	if a.unit != 0 {
		plain, most = strings.TrimPrefix(plain, kanjiZero), 1
	}
	if a.number != nil || a.closed || strings.HasPrefix(plain, kanjiZero) || utf8.RuneCountInString(plain) > most || climbs(plain) {
		return 0, false
	}
	a.number, a.digits = new(big.Rat), plain
	for _, r := range plain {
		d := int64(strings.IndexRune(kanjiDigits, r) / len(kanjiZero))
		a.number.Mul(a.number, big.NewRat(10, 1)).Add(a.number, big.NewRat(d, 1))
	}
	return n, plain != ""
}

// climbs reports digits that go up by one, as in 二三人 or 七八回: two or three, seven or eight.
func climbs(plain string) bool {
	digits := []rune(plain)
	for i := 1; i < len(digits); i++ {
		if strings.IndexRune(kanjiDigits, digits[i])-strings.IndexRune(kanjiDigits, digits[i-1]) != len(kanjiZero) {
			return false
		}
	}
	return len(digits) > 1
}

// small takes 十, 百, 千, alone or after a digit; they go downwards. What counts more than nine of them, as 1,234千 does,
// begins the number.
func (a *amount) small(unit int64) bool {
	one := utf8.RuneCountInString(a.digits) == 1
	many := unit > 10 && a.unit == 0 && a.big == 0 && !strings.ContainsAny(a.digits, kanjiDigits)
	switch {
	case a.unit != 0 && unit >= a.unit:
		return false
	case a.number == nil && a.closed, a.number != nil && (a.number.Sign() == 0 || !one && !many):
		return false
	case a.number == nil:
		a.number = big.NewRat(1, 1)
	case !one:
		a.closed = true
	}
	a.section.Add(a.section, a.number.Mul(a.number, big.NewRat(unit, 1)))
	a.number, a.digits, a.unit = nil, "", unit
	return true
}

// large takes 万, 億, 兆, which need something before them and go downwards.
func (a *amount) large(unit int64) bool {
	before := a.pending()
	before.Mul(before, big.NewRat(unit, 1))
	if before.Sign() == 0 || a.big != 0 && before.Cmp(big.NewRat(a.big, 1)) >= 0 {
		return false
	}
	a.total.Add(a.total, before)
	a.section, a.number, a.digits = new(big.Rat), nil, ""
	a.unit, a.big = 0, unit
	return true
}

// open reports an end that leaves a doubt: one figure behind a unit, as 1万5 is written for 15,000, too.
func (a *amount) open() bool {
	return a.number != nil && (a.unit != 0 || a.big != 0) && len(a.digits) == 1
}

// pending is what stands after the last 万, 億, 兆.
func (a *amount) pending() *big.Rat {
	sum := new(big.Rat).Set(a.section)
	if a.number != nil {
		sum.Add(sum, a.number)
	}
	return sum
}
