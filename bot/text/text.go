// Package text holds every sentence Tsunagi says to people: a folder of catalogues per language, ja and en. Together
// with the desk's profile it is the only place where words for people live.
//
// It never decides what to say; flows name a key, the catalogue gives the words. Begin reading with Line, then
// Catalogue, then ja/form.yaml.
package text

// Line is something to say: the key of a sentence and its named arguments. It is chosen where the decision falls and
// turned into words where somebody reads it.
type Line struct {
	Key   string
	Args  map[string]any
	Words string // without a Key: said as they are
}

// Say makes a Line; args are pairs of name and value: Say("status.next", "date", d).
func Say(key string, args ...any) Line {
	if len(args) == 0 {
		return Line{Key: key}
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if ok {
			m[name] = args[i+1]
		}
	}
	return Line{Key: key, Args: m}
}

// Plain makes a Line of words that are no catalogue's: what a person typed, or what the profile says.
func Plain(words string) Line { return Line{Words: words} }

// Empty reports whether there is nothing to say.
func (l Line) Empty() bool { return l.Key == "" && l.Words == "" }
