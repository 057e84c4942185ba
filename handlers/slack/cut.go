package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"tsunagi/bot/text"
)

// units is the length of a text. Slack says "characters" without saying which; UTF-16 units are never fewer than
// characters, so what fits by them fits either way.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// ellipsis marks what was cut.
const ellipsis = "…"

// clip shortens a text to at most so many characters, visibly, and never within what a person sees as one character.
func clip(s string, most int) string {
	if len(s) <= most || units(s) <= most {
		return s
	}
	head, _ := split(s, max(1, most-1))
	return strings.TrimRightFunc(head, unicode.IsSpace) + ellipsis
}

// split cuts a text after at most so many characters; head and tail together are the text.
func split(s string, most int) (head, tail string) {
	if len(s) <= most || units(s) <= most {
		return s, ""
	}
	at, n, state := 0, 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if n += units(cluster); n > most {
			break
		}
		at += len(cluster)
	}
	if at == 0 { // one endless character
		return splitRunes(s, most)
	}
	return s[:at], s[at:]
}

func splitRunes(s string, most int) (head, tail string) {
	n := 0
	for i, r := range s {
		if n += units(string(r)); n > most {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// pieces cuts a long text into parts of at most so many characters, at the end of a line where one is near.
func pieces(s string, most int) []string {
	var out []string
	for s != "" {
		head, tail := split(s, most)
		if at := strings.LastIndexByte(head, '\n'); tail != "" && at > len(head)/2 {
			head, tail = s[:at+1], s[at+1:]
		}
		if head == "" {
			return out // most is 0
		}
		out, s = append(out, head), tail
	}
	return out
}

// clean makes a text fit to be shown: no broken UTF-8, no control characters but line ends, and marks that turn the
// reading direction kept to themselves.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.ContainsFunc(s, control) {
		s = strings.Map(func(r rune) rune {
			if control(r) {
				return -1
			}
			return r
		}, s)
	}
	return text.Isolate(strings.TrimSpace(s))
}

func control(r rune) bool {
	return (unicode.IsControl(r) && r != '\n' && r != '\t') || r == '\u2028' || r == '\u2029'
}

// line is a clean text on one line.
func line(s string, most int) string {
	return clip(strings.Join(strings.Fields(clean(s)), " "), most)
}

// orDash is for places where Slack wants at least one character.
func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
