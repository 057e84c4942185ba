package coordinator

import (
	"regexp"
	"slices"
)

// emojiNames are one or several names of emoji in a row, as they stand once those that everybody has are emoji: this
// workspace's own. A time, a ratio or a part of an address is none.
var (
	emojiNames = regexp.MustCompile(`(?:^|[^0-9A-Za-z:])(?::[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)+`)
	emojiName  = regexp.MustCompile(`:[^:]+:`)
)

// onlySlacks are the names of emoji in words that nobody outside of this Slack sees as such.
func onlySlacks(words string) []string {
	var out []string
	for _, row := range emojiNames.FindAllString(words, -1) {
		for _, name := range emojiName.FindAllString(row, -1) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
