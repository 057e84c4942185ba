package story

import (
	"maps"
	"slices"
)

// Forms are the forms of sentences: what they make happen and how they read.
func Forms() (map[string]string, error) {
	l, err := readLanguage()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, f := range l.Sentences {
		out[f.Say] = f.Do
	}
	return out, nil
}

// Fitting lists what the forms that a sentence fits make happen, the first one first.
func Fitting(sentence string) ([]string, error) {
	l, err := readLanguage()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range l.Sentences {
		if _, ok := match(f.pattern, sentence); ok {
			out = append(out, f.Do)
		}
	}
	return out, nil
}

// FaultKeys are the keys of all words about faults.
func FaultKeys() ([]string, error) {
	l, err := readLanguage()
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(l.Faults)), nil
}

// Deeds are all that a player can do.
func Deeds() []string { return slices.Sorted(maps.Keys((&Player{}).deeds())) }

// OnPhone and InSlack are what people read of raw JSON.
func OnPhone(raw string) []string { return onPhone().of([]byte(raw)) }

// InSlack is what people read of blocks.
func InSlack(raw string) []string { return inSlack().of([]byte(raw)) }

// Reader parses stories with words that are read once.
func Reader() (func(id, text string) (*Story, error), error) {
	words, err := readLanguage()
	return func(id, text string) (*Story, error) { return read(words, id, text) }, err
}
