package slack

import (
	"slices"
	"testing"
)

// What staff paste into a modal keeps its line ends, and brings nothing that no database takes.
func TestFilled_keeps_pasted_line_ends(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"一行目\v二行目\u2028三行目": "一行目\n二行目\n三行目", "見\u200b守り\x00": "見守り", "🙇‍♀️\r\nお願いします": "🙇‍♀️\nお願いします",
	} {
		if got := (filled{Type: "plain_text_input", Value: typed}).values(); !slices.Equal(got, []string{want}) {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}
