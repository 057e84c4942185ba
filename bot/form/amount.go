package form

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// amount reads numbers as people write them: 1,200.5, 三十万, 1億2000万, 100百万, 二〇二六. It holds what was read so far.
type amount struct {
	total   *big.Rat // before the last 万, 億, 兆
	section *big.Rat // since then, before the last 十, 百, 千
	number  *big.Rat // digits since then; nil if none
	kanji   bool     // the last character was a kanji digit
	unit    int64    // the last of 十, 百, 千 in the section
	big     int64    // the last of 万, 億, 兆; they go downwards
}

// longest is how many characters of a number are looked at: far more than any number has.
const longest = 40

// readAmount reads the number that s begins with, and gives what follows it. s must be narrow.
func readAmount(s string) (value *big.Rat, rest string, ok bool) {
	if utf8.RuneCountInString(s) > longest {
		return nil, s, false
	}
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
	a.total.Add(a.total, a.pending())
	return a.total, s[read:], read > 0
}

// take reads one digit group or unit, and gives its length; 0 is the end of the number, false a malformed one.
func (a *amount) take(s string) (int, bool) {
	r, size := utf8.DecodeRuneInString(s)
	if r >= '0' && r <= '9' {
		return a.digits(s)
	}
	if i := strings.IndexRune(kanjiDigits, r); i >= 0 {
		return size, a.kanjiDigit(int64(i / len(string(markMan))))
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

// digits reads 1200, 1,200 and 1.5; a comma must stand before three digits.
func (a *amount) digits(s string) (int, bool) {
	if a.number != nil {
		return 0, false
	}
	n := run(s)
	plain := s[:n]
	for grouped := n <= 3; grouped && comma(s[n:]) > 0 && run(s[n+comma(s[n:]):]) == 3; {
		n += comma(s[n:]) + 3
		plain += s[n-3 : n]
	}
	if comma(s[n:]) > 0 && run(s[n+comma(s[n:]):]) > 0 {
		return 0, false
	}
	if strings.HasPrefix(s[n:], ".") && run(s[n+1:]) > 0 {
		end := n + 1 + run(s[n+1:])
		plain, n = plain+s[n:end], end
	}
	a.number, _ = new(big.Rat).SetString(plain)
	return n, a.number != nil
}

// run counts the digits s begins with.
func run(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// comma gives the length of a comma, or of the touten that Japanese keyboards type instead.
func comma(s string) int {
	switch {
	case strings.HasPrefix(s, ","):
		return 1
	case strings.HasPrefix(s, touten):
		return len(touten)
	}
	return 0
}

// kanjiDigit appends to a run of kanji digits, as in 二〇二六.
func (a *amount) kanjiDigit(d int64) bool {
	switch {
	case a.number == nil:
		a.number = new(big.Rat)
	case !a.kanji:
		return false
	}
	a.kanji = true
	a.number.Mul(a.number, big.NewRat(10, 1)).Add(a.number, big.NewRat(d, 1))
	return true
}

// small takes 十, 百, 千, alone or after digits; they go downwards too.
func (a *amount) small(unit int64) bool {
	if a.unit != 0 && unit >= a.unit {
		return false
	}
	if a.number == nil {
		a.number = big.NewRat(1, 1)
	}
	a.section.Add(a.section, a.number.Mul(a.number, big.NewRat(unit, 1)))
	a.number, a.kanji, a.unit = nil, false, unit
	return true
}

// large takes 万, 億, 兆, which need something before them and go downwards.
func (a *amount) large(unit int64) bool {
	before := a.pending()
	if before.Sign() == 0 || a.big != 0 && unit >= a.big {
		return false
	}
	a.total.Add(a.total, before.Mul(before, big.NewRat(unit, 1)))
	a.section, a.number, a.kanji = new(big.Rat), nil, false
	a.unit, a.big = 0, unit
	return true
}

// pending is what stands after the last 万, 億, 兆.
func (a *amount) pending() *big.Rat {
	sum := new(big.Rat).Set(a.section)
	if a.number != nil {
		sum.Add(sum, a.number)
	}
	return sum
}
