package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// match is a choice that was pressed or typed; guessed if only a part of its label was.
type match struct {
	id      string
	label   text.Line
	guessed bool
}

// options gives what can be chosen; yes and no have catalogue words for labels.
func options(field Field) []Option {
	if field.Kind == YesNo {
		return []Option{{ID: Yes}, {ID: No}}
	}
	return field.Options
}

func label(field Field, o Option) text.Line {
	if field.Kind == YesNo {
		return text.Say("form.value." + o.ID)
	}
	return text.Plain(o.Label)
}

// choose finds what was chosen: one choice, or several if several were typed and the field takes several.
func choose(field Field, in Input) ([]match, []text.Line) {
	if in.Choice != "" {
		return pressed(field, in.Choice)
	}
	if fault := characters(in.Text); !fault.Empty() {
		return nil, []text.Line{fault}
	}
	if utf8.RuneCountInString(in.Text) > maxText {
		return nil, notFound(field)
	}
	found := search(field, in.Text)
	switch {
	case len(found) == 1:
		return found, nil
	case len(found) == 0 && field.Kind == MultiChoice:
		return chooseSeveral(field, in.Text)
	case len(found) == 0:
		return nil, notFound(field)
	}
	return nil, []text.Line{text.Say("form.choice.ambiguous", "choices", labels(found))}
}

func pressed(field Field, id string) ([]match, []text.Line) {
	for _, o := range options(field) {
		if o.ID == id {
			return []match{{id: id, label: label(field, o)}}, nil
		}
	}
	return nil, notFound(field)
}

func notFound(field Field) []text.Line {
	if field.Kind == MultiChoice {
		return []text.Line{text.Say("form.choice.unknown_several", "count", len(options(field)))}
	}
	return []text.Line{text.Say("form.choice.unknown", "count", len(options(field)))}
}

// chooseSeveral takes a list; if one part is no choice, nothing of it counts, and that part is named.
func chooseSeveral(field Field, typed string) ([]match, []text.Line) {
	parts := split(field, typed)
	if len(parts) < 2 {
		return nil, notFound(field)
	}
	var found []match
	for _, part := range parts {
		m := search(field, part)
		if len(m) != 1 {
			return nil, []text.Line{text.Say("form.choice.unknown_part", "part", part)}
		}
		if !slices.ContainsFunc(found, func(f match) bool { return f.id == m[0].id }) {
			found = append(found, m[0])
		}
	}
	return found, nil
}

// split cuts a list at commas and line ends; where a piece so found is no choice, at spaces, middle dots and words such as
// "and" as well, as labels may hold those.
func split(field Field, typed string) []string {
	var parts []string
	for _, piece := range strings.FieldsFunc(typed, isSeparator) {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		if whole := apartAtJoiners(field, piece); whole != nil {
			parts = append(parts, whole...)
			continue
		}
		for _, word := range strings.Fields(strings.ReplaceAll(piece, nakaguro, " ")) {
			if cut := apartAtJoiners(field, word); cut != nil {
				parts = append(parts, cut...)
			} else {
				parts = append(parts, word)
			}
		}
	}
	return parts
}

// apartAtJoiners is a piece as the choice it is, or cut at "and" if all it is made of are choices; else nil.
func apartAtJoiners(field Field, piece string) []string {
	if len(search(field, piece)) == 1 {
		return []string{strings.TrimSpace(piece)}
	}
	cut := norm.NFKC.String(strings.ToLower(piece))
	for _, word := range joiners() {
		cut = strings.ReplaceAll(cut, word, "\n")
	}
	parts := strings.Split(cut, "\n")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
		if len(search(field, part)) != 1 {
			return nil
		}
	}
	return parts
}

func isSeparator(r rune) bool {
	return strings.ContainsRune(separator, r) || r == '\uff0c' || r == '\uff64' || r == '\uff1b'
}

func labels(found []match) []text.Line {
	out := make([]text.Line, len(found))
	for i, m := range found {
		out[i] = m.label
	}
	return out
}

// search finds the choice that a text names: by label, by number, or by a part of one label only. Several parts fitting
// come back as several.
func search(field Field, typed string) []match {
	all := options(field)
	if i := slices.IndexFunc(all, func(o Option) bool { return o.Label != "" && o.Label == typed }); i >= 0 {
		return []match{{id: all[i].ID, label: label(field, all[i])}} // to the letter, as usual: no folding needed
	}
	names := make([]string, len(all))
	for i, o := range all {
		names[i] = fold(o.Label)
		if field.Kind == YesNo {
			names[i] = o.ID
		}
	}
	word := fold(typed)
	if word == "" {
		return nil
	}
	if i := slices.Index(names, word); i >= 0 {
		return []match{{id: all[i].ID, label: label(field, all[i])}}
	}
	if i := numbered(word); i >= 1 && i <= len(all) {
		return []match{{id: all[i-1].ID, label: label(field, all[i-1])}}
	}
	return partly(field, names, word)
}

// Place reads what is typed as a place in a list counted from the top, as the choices of a form take it: "3", "３番"; 0 is
// none.
func Place(typed string) int { return max(0, numbered(fold(typed))) }

// numbered reads "3", "(3)", "3." and the like; 0 is none.
func numbered(word string) int {
	word = strings.TrimPrefix(word, "(")
	word = strings.TrimSuffix(strings.TrimRight(word, ".)"+markFullStop), markNumber)
	n, err := strconv.Atoi(word)
	if err != nil || len(word) > 3 {
		return 0
	}
	return n
}

// partly finds labels that begin with the word, or else hold it. A single letter must be a beginning.
func partly(field Field, names []string, word string) []match {
	found := matching(field, names, func(name string) bool { return strings.HasPrefix(name, word) })
	if len(found) == 1 || utf8.RuneCountInString(word) < 2 {
		return found
	}
	return matching(field, names, func(name string) bool { return strings.Contains(name, word) })
}

func matching(field Field, names []string, fits func(string) bool) []match {
	var found []match
	for i, o := range options(field) {
		if fits(names[i]) {
			found = append(found, match{id: o.ID, label: label(field, o), guessed: true})
		}
	}
	return found
}
