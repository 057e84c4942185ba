package linesim

import (
	"unicode"
	"unicode/utf16"
)

// Text is counted in one of two ways. https://developers.line.biz/en/docs/messaging-api/text-character-count/
type unit uint8

const (
	utf16Units unit = iota
	graphemeClusters
)

func count(s string, u unit) int {
	if u == graphemeClusters {
		return graphemes(s)
	}
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

type runeClass uint8

const (
	other runeClass = iota
	control
	extend
	joiner
	flag
	pictograph
	hangulL
	hangulV
	hangulT
	hangulLV
	hangulLVT
)

// graphemes counts what a reader takes for one character. It follows Unicode's rules for combining marks, joined and
// coloured emoji, flags and Hangul; it leaves out prepended marks and the conjuncts of Indic scripts.
// https://www.unicode.org/reports/tr29/
func graphemes(s string) int {
	n, flags := 0, 0
	before, picture := control, false // picture: an emoji stands before the joiner, with only marks between
	var last rune
	for _, r := range s {
		class := classOf(r)
		if n == 0 || breaks(before, class, last, r, flags, picture) {
			n++
			flags = 0
		}
		if class == flag {
			flags++
		}
		picture = class == pictograph || picture && before != joiner && (class == extend || class == joiner)
		before, last = class, r
	}
	return n
}

// breaks tells whether a new character begins between two runes.
func breaks(before, class runeClass, last, r rune, flags int, picture bool) bool {
	switch {
	case last == '\r' && r == '\n':
		return false
	case before == control || class == control:
		return true
	case class == extend || class == joiner:
		return false
	case before == joiner && class == pictograph:
		return !picture
	case before == flag && class == flag:
		return flags%2 == 0
	}
	return !syllable(before, class)
}

// syllable tells whether two Hangul parts belong to one syllable.
func syllable(before, class runeClass) bool {
	switch before {
	case hangulL:
		return class == hangulL || class == hangulV || class == hangulLV || class == hangulLVT
	case hangulLV, hangulV:
		return class == hangulV || class == hangulT
	case hangulLVT, hangulT:
		return class == hangulT
	}
	return false
}

func classOf(r rune) runeClass {
	switch {
	case r < 0x300: // most text
		return latin(r)
	case r == 0x200D:
		return joiner
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		return flag
	case isExtend(r):
		return extend
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		return control
	case r >= 0x1100 && r <= 0x11FF, r >= 0xA960 && r <= 0xA97C, r >= 0xAC00 && r <= 0xD7FB:
		return hangul(r)
	case isPictograph(r):
		return pictograph
	}
	return other
}

func latin(r rune) runeClass {
	switch {
	case r < 0x20, r >= 0x7F && r < 0xA0, r == 0xAD:
		return control
	case r == 0xA9, r == 0xAE:
		return pictograph
	}
	return other
}

func isExtend(r rune) bool {
	switch {
	case r == 0x200C, r == 0x0E33, r == 0x0EB3, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F, r == 0xFF9E, r == 0xFF9F:
		return true // ZWNJ, Thai and Lao am, skin tones, tags, half-width voiced marks
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc)
}

func hangul(r rune) runeClass {
	switch {
	case r >= 0xAC00 && r <= 0xD7A3:
		if (r-0xAC00)%28 == 0 {
			return hangulLV
		}
		return hangulLVT
	case r <= 0x115F, r >= 0xA960 && r <= 0xA97C:
		return hangulL
	case r <= 0x11A7, r >= 0xD7B0 && r <= 0xD7C6:
		return hangulV
	}
	return hangulT
}

// isPictograph is Extended_Pictographic, taken a little wider than Unicode does.
func isPictograph(r rune) bool {
	switch {
	case r == 0x203C, r == 0x2049, r == 0x2122, r == 0x2139, r == 0x24C2, r == 0x3030, r == 0x303D, r == 0x3297, r == 0x3299:
		return true
	case r >= 0x2194 && r <= 0x21AA, r >= 0x231A && r <= 0x23FF, r >= 0x25AA && r <= 0x27BF, r == 0x2934, r == 0x2935,
		r >= 0x2B05 && r <= 0x2B55, r >= 0x1F000 && r <= 0x1FAFF:
		return true
	}
	return false
}
