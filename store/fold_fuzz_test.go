package store

import (
	"slices"
	"strings"
	"testing"
)

// Whatever is searched for is found in itself: folded once is folded for good, and all pairs that a search asks for are
// among those that were written.
func FuzzSearchFold(f *testing.F) {
	for _, words := range []string{"高島屋商事", "髙島屋", "ｶﾌﾞｼｷ", "㈱つなぎ", "ほけん〜ず", "が", "か\u3099", "İ", "a b\tc", "100%_\\", "", "👨‍👩‍👧"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		words = strings.ToValidUTF8(words, "") // Postgres takes no other
		once := fold(words)
		if again := fold(once); again != once {
			t.Errorf("%q folds to %q, and that to %q", words, once, again)
		}
		written := pairsOf(1, words)
		for _, pair := range pairsOf(2, words) {
			if _, found := slices.BinarySearch(written, pair); !found {
				t.Errorf("%q: a search asks for a pair that is not written", words)
			}
		}
	})
}
