package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
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
	switch field.Kind {
	case YesNo:
		return []text.Line{text.Say("form.choice.yes_no")}
	case MultiChoice:
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
	for _, piece := range strings.FieldsFunc(listed(Readable(typed)), isSeparator) {
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
	for _, word := range []string{fold(listed(typed)), fold(unwrap(norm.NFKC.String(listed(typed))))} {
		if found := named(field, names, word); len(found) > 0 {
			return found
		}
	}
	return nil
}

// named finds what a folded word names: a label, a number, or a part of labels.
func named(field Field, names []string, word string) []match {
	all := options(field)
	if word == "" {
		return nil
	}
	if i := slices.Index(names, word); i >= 0 {
		return []match{{id: all[i].ID, label: label(field, all[i])}}
	}
	if i := numbered(word); i >= 1 && i <= len(all) {
		return either(field, names, word, i-1)
	}
	if field.Kind == YesNo {
		return nil
	}
	return partly(field, names, word)
}

// either is the choice of that place; where another label begins with the same number, as 10 people may be the third, it is
// both, and nobody can tell which.
func either(field Field, names []string, word string, place int) []match {
	all := options(field)
	found := []match{{id: all[place].ID, label: label(field, all[place])}}
	for i, name := range names {
		if rest, ok := strings.CutPrefix(name, word); ok && i != place && run(rest) == 0 {
			found = append(found, match{id: all[i].ID, label: label(field, all[i])})
		}
	}
	return found
}

// listed sets circled numbers apart from what stands beside them: ①③ is no 13.
func listed(typed string) string {
	if utf8.RuneCountInString(typed) < 2 || !strings.ContainsFunc(typed, isFigure) {
		return typed
	}
	var b strings.Builder
	last := ' '
	for _, r := range typed {
		if isFigure(last) && (isFigure(r) || unicode.IsDigit(r)) || isFigure(r) && unicode.IsDigit(last) {
			b.WriteString(touten)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// Place reads what is typed as a place in a list counted from the top, as the choices of a form take it: "3", "３番"; 0 is
// none.
func Place(typed string) int { return max(0, numbered(fold(typed))) }

// numbered reads "3", "(3)", "3." and the like; 0 is none.
func numbered(word string) int {
	word = strings.TrimPrefix(strings.TrimPrefix(word, "no."), "(")
	word, _ = cutAfter(strings.TrimRight(word, ".)"+markFullStop), "choice-after")
	n, err := strconv.Atoi(word)
	if err != nil || len(word) > 3 || run(word) != len(word) {
		return 0
	}
	return n
}

// partly finds labels that begin with the word, or else one of whose words does: 見守り of 福祉・見守り. A single letter must
// be a beginning.
func partly(field Field, names []string, word string) []match {
	found := matching(field, names, func(name string) bool { return strings.HasPrefix(name, word) })
	if len(found) == 1 || utf8.RuneCountInString(word) < 2 {
		return found
	}
	return matching(field, names, func(name string) bool { return holdsWord(name, word) })
}

// holdsWord reports whether a label has the word within. What is torn out of another word says something else: ない is not
// まだ分からない, and 可能 is not 不可能.
func holdsWord(name, word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	for at := 0; ; at += size {
		i := strings.Index(name[at:], word)
		if i < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(name[:at])
		apart := !unicode.IsLetter(before) && !unicode.IsDigit(before)
		if apart || strings.ContainsRune(particles, before) || unicode.Is(unicode.Han, first) && !strings.ContainsRune(negations, before) {
			return true
		}
	}
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
