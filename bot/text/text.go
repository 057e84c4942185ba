// Package text holds every sentence Tsunagi says to people: one catalogue per language, ja.yaml and en.yaml. Together
// with the desk's profile it is the only place where words for people live.
//
// It never decides what to say; flows name a key, the catalogue gives the words. Begin reading with Line, then ja.yaml.
package text

// Line is something to say: the key of a sentence and its named arguments. It is chosen where the decision falls and
// turned into words where somebody reads it.
type Line struct {
	Key  string
	Args map[string]any
}

// Say makes a Line; args are pairs of name and value: Say("status.next", "date", d).
func Say(key string, args ...any) Line {
	if len(args) == 0 {
		return Line{Key: key}
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return Line{Key: key, Args: m}
}
