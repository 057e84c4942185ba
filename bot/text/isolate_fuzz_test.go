package text_test

import (
	"strings"
	"testing"

	"tsunagi/bot/text"
)

// Whatever is isolated keeps its letters and its lines, and no mark in it reaches beyond its own line.
func FuzzIsolate(f *testing.F) {
	for _, seed := range []string{"", "佐藤", "a\u202eb", "\u2069\u2069", "\u2067\u2068x\n\u2069y", "\xff\u202a\n\n\u2066", "\u2069\u202e\u2066\u2069\u2069"} {
		f.Add(seed)
	}
	const begins, end = "\u2066\u2067\u2068", '\u2069'
	letters := func(s string) string {
		return string([]rune(strings.Map(func(r rune) rune {
			if r == end || strings.ContainsRune(begins, r) {
				return -1
			}
			return r
		}, s)))
	}
	f.Fuzz(func(t *testing.T, words string) {
		got := text.Isolate(words)
		if !strings.ContainsAny(words, begins+string(end)+"\u202a\u202b\u202c\u202d\u202e") {
			if got != words {
				t.Errorf("%q without a mark became %q", words, got)
			}
			return
		}
		if letters(got) != letters(words) {
			t.Errorf("%q became %q", words, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			open := 0
			for i, r := range line {
				switch {
				case strings.ContainsRune(begins, r):
					open++
				case r == end:
					open--
				}
				if open < 1 && i+len(string(r)) < len(line) {
					t.Errorf("the isolate of %q ends before its line does: %q", words, line)
				}
			}
			if open != 0 {
				t.Errorf("%d isolates of %q are left open", open, words)
			}
		}
	})
}
