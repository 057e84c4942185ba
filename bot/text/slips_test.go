package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"tsunagi/bot/text"
)

func TestSlips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"", "", 0}, {"list", "list", 0}, {"lisst", "list", 1}, {"ilst", "list", 1}, {"lost", "list", 1}, {"", "abc", 3},
		{"照会", "紹介", 2}, {"一覧", "一欄", 1}, {"forward", "froward", 1},
	} {
		if got := text.Slips(c.from, c.to); got != c.want {
			t.Errorf("from %q to %q: got %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestSlips_are_the_same_in_both_directions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if there, back := text.Slips(a, b), text.Slips(b, a); there != back {
			t.Errorf("from %q to %q: %d there, %d back", a, b, there, back)
		}
	})
}
