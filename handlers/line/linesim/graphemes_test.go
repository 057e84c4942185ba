package linesim_test

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"tsunagi/handlers/line/linesim"
)

// TestGraphemes compares with a full implementation of Unicode's rules.
func TestGraphemes(t *testing.T) {
	t.Parallel()
	cases := []string{
		"", "abc", "あいう", "が", "か\u3099", "e\u0301", "👍🏽", family, "🏳️‍🌈", "🇯🇵🇯🇵", "🇯🇵🇯", "1️⃣", "☺️☺︎", "한국어", "각", "\r\n\n\r",
		"葛󠄀城", "ｶﾞ", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a\u200Db", "👩‍❤️‍💋‍👨", "กำ", "นี้", "©️", "\u00ADx", "①Ⅳ㍿", "😀\n😀", "👩‍a", "\u0301a", "\u200B", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👩\u200D\u200D🌈",
	}
	for _, s := range cases {
		if got, want := linesim.Graphemes(s), uniseg.GraphemeClusterCount(s); got != want {
			t.Errorf("%q (%U): %d characters, want %d", s, []rune(s), got, want)
		}
	}
	all := strings.Join(cases, "")
	if got, want := linesim.Graphemes(all), uniseg.GraphemeClusterCount(all); got != want {
		t.Errorf("all in a row: %d characters, want %d", got, want)
	}
}

func FuzzGraphemes(f *testing.F) {
	f.Add("a" + family)
	f.Fuzz(func(t *testing.T, s string) {
		if got := linesim.Graphemes(s); got < 0 || got > len(s) {
			t.Errorf("%q has %d characters", s, got)
		}
	})
}
