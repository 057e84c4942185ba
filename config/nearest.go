package config

import (
	"strings"

	"tsunagi/bot/text"
)

// nearest is the candidate that was probably meant by the word, or "" when none is near: at most one slip in a short
// word, about one in three letters of a long one.
func nearest(word string, candidates []string) string {
	best, least := "", 0
	for _, c := range candidates {
		slips := text.Slips(strings.ToLower(word), strings.ToLower(c))
		near := slips <= max(1, min(len([]rune(c)), len([]rune(word)))/3)
		if near && (best == "" || slips < least) {
			best, least = c, slips
		}
	}
	return best
}
