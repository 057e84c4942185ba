package line

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// LINE counts text in UTF-16 code units, but labels and what a press shows as graphemes, as people do.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// longer tells whether s has more graphemes than most; hardly ever need they be counted, as no grapheme is shorter than a
// character.
func longer(s string, most int) bool {
	return len(s) > most && utf8.RuneCountInString(s) > most && uniseg.GraphemeClusterCount(s) > most
}

const ellipsis = "…"

// short cuts a text that is too long by either count, between graphemes, with an ellipsis in the last place.
func short(s string, maxGraphemes, maxUnits int) string {
	if (len(s) <= maxUnits || units(s) <= maxUnits) && !longer(s, maxGraphemes) {
		return s
	}
	n, size, end := 0, 0, 0
	for rest, state := s, -1; rest != "" && n < maxGraphemes-1; n++ {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if size += units(cluster); size > maxUnits-1 {
			break
		}
		end += len(cluster)
	}
	return s[:end] + ellipsis
}

// split cuts a text into parts of at most maxUnits, between graphemes; put together they are the text again. It cuts
// after a line where one ends in the last fifth of a part. A single grapheme that is too long is cut between characters.
func split(s string, maxUnits int) []string {
	var parts []string
	for s != "" {
		n := fitting(s, maxUnits)
		parts, s = append(parts, s[:n]), s[n:]
	}
	return parts
}

// fitting is how many bytes of s make the next part.
func fitting(s string, maxUnits int) int {
	if len(s) <= maxUnits {
		return len(s)
	}
	size, end, line := 0, 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if size += units(cluster); size > maxUnits {
			break
		}
		end += len(cluster)
		if strings.HasSuffix(cluster, "\n") && size > maxUnits*4/5 {
			line = end
		}
	}
	switch {
	case end == len(s):
		return end
	case line > 0:
		return line
	case end > 0:
		return end
	}
	return characters(s, maxUnits)
}

// characters is how many bytes of s fit, cut between characters.
func characters(s string, maxUnits int) int {
	size := 0
	for i, r := range s {
		if size += max(1, utf16.RuneLen(r)); size > maxUnits {
			return i
		}
	}
	return len(s)
}

// printable replaces what no JSON or no screen can carry: broken UTF-8 and control characters, NUL among them. Line
// breaks and tabs stay.
func printable(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func blank(s string) bool { return strings.TrimSpace(s) == "" }
