package form

import (
	_ "embed" // notation.txt
	"slices"
	"strings"
	"sync"
)

//go:embed notation.txt
var notationText string

// notation are the lists of notation.txt by name, the longest word first, so that no word hides a longer one.
var notation = sync.OnceValue(func() map[string][]string {
	lists := map[string][]string{}
	for line := range strings.Lines(notationText) {
		name, words, ok := strings.Cut(line, ":")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		lists[name] = append(lists[name], strings.Fields(words)...)
	}
	for _, words := range lists {
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	}
	return lists
})

// words is one list of notation.txt.
func words(list string) []string { return notation()[list] }

// cutBefore takes a word of the list from the beginning of s, with a colon behind it.
func cutBefore(s, list string) (rest string, ok bool) {
	for _, word := range words(list) {
		if rest, ok = strings.CutPrefix(s, word); ok && rest != "" {
			return strings.TrimLeft(rest, ":"), true
		}
	}
	return s, false
}

// cutAfter takes a word of the list from the end of s, in parentheses or not.
func cutAfter(s, list string) (rest string, ok bool) {
	for _, word := range words(list) {
		for _, written := range []string{"(" + word + ")", word} {
			if rest, ok = strings.CutSuffix(s, written); ok && rest != "" {
				return rest, true
			}
		}
	}
	return s, false
}

// unwrap takes politeness, quotes and full stops from around s: they change no value.
func unwrap(s string) string {
	for {
		before := s
		s = strings.TrimRight(s, "!"+markFullStop+touten)
		if inner, ok := strings.CutPrefix(s, quoteOpen); ok && strings.HasSuffix(inner, quoteClose) {
			s = strings.TrimSuffix(inner, quoteClose)
		}
		if s, _ = cutAfter(s, "polite"); s == before {
			return s
		}
	}
}
