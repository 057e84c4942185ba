package concierge

import (
	"strings"
	"unicode/utf8"

	"tsunagi/bot/form"
	"tsunagi/bot/text"
)

// phrases read short wishes that people put in a sentence of their own: the words that carry the wish, and around them
// nothing but what sentences are made of. Anything else in it makes it a message.
type phrases struct {
	regret, withdrawal, leave, politeness []string // folded
}

// longestPhrase is how many characters such a sentence has at most.
const longestPhrase = 40

func phrasesOf(words *text.Catalogue) phrases {
	list := func(key string) []string {
		var out []string
		for _, w := range words.Words(key) {
			out = append(out, form.Fold(w))
		}
		return out
	}
	return phrases{
		regret: list("concierge.phrase.regret"), withdrawal: list("concierge.phrase.withdrawal"),
		leave: list("concierge.phrase.leave"), politeness: list("concierge.phrase.politeness"),
	}
}

// undo reports whether a sentence says that something was a mistake or is to be undone, and whether it names a withdrawal.
func (p phrases) undo(typed string) (means, names bool) {
	word, ok := short(typed)
	if !ok || !made(word, p.regret, p.withdrawal, p.leave, p.politeness) {
		return false, false
	}
	names = holds(word, p.withdrawal)
	return holds(word, p.regret) || names && holds(word, p.leave), names
}

// withdraw reports whether a sentence is the wish to withdraw something.
func (p phrases) withdraw(typed string) bool {
	word, ok := short(typed)
	return ok && holds(word, p.withdrawal) && made(word, p.withdrawal, p.politeness)
}

// leaves reports whether a sentence says not to do what was asked about.
func (p phrases) leaves(typed string) bool {
	word, ok := short(typed)
	return ok && holds(word, p.leave) && made(word, p.leave, p.politeness)
}

func short(typed string) (word string, ok bool) {
	return form.Fold(typed), typed != "" && utf8.RuneCountInString(typed) <= longestPhrase
}

func holds(word string, pieces []string) bool {
	for _, piece := range pieces {
		if strings.Contains(word, piece) {
			return true
		}
	}
	return false
}

// made reports whether a sentence is made of nothing but these pieces.
func made(word string, lists ...[]string) bool {
	reached := make([]bool, len(word)+1)
	reached[0] = true
	for at := range word {
		if !reached[at] {
			continue
		}
		for _, list := range lists {
			for _, piece := range list {
				if strings.HasPrefix(word[at:], piece) {
					reached[at+len(piece)] = true
				}
			}
		}
	}
	return reached[len(word)]
}
