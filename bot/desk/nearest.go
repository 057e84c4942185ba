package desk

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tsunagi/bot/form"
	"tsunagi/bot/text"
)

// option is one thing a word can mean.
type option struct {
	id    string
	names []string
}

// meant are the options that a word means: those it names in full, else those it is a part of. One is clear, several
// are a question back, none is unknown.
func meant(typed string, options []option) []option {
	key := form.Fold(typed)
	if key == "" {
		return nil
	}
	full := those(options, func(name string) bool { return name == key })
	if len(full) > 0 || (len(key) < 2) {
		return full
	}
	return those(options, func(name string) bool { return strings.Contains(name, key) })
}

func those(options []option, is func(name string) bool) []option {
	var out []option
	for _, o := range options {
		if slices.ContainsFunc(o.names, func(name string) bool { return is(form.Fold(name)) }) {
			out = append(out, o)
		}
	}
	return out
}

// nearest are the options a mistyped word is near to, the nearest first: at most one slip in a short word, about one in
// three letters of a long one.
func nearest(typed string, options []option) []option {
	key := form.Fold(typed)
	type near struct {
		option
		slips int
	}
	var found []near
	for _, o := range options {
		if slips, ok := o.slips(key); ok {
			found = append(found, near{o, slips})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.slips, b.slips) })
	var out []option
	for _, n := range found {
		out = append(out, n.option)
	}
	return out
}

// slips counts how far a word is from the option's nearest name; false if it is near none.
func (o option) slips(key string) (least int, ok bool) {
	for _, name := range o.names {
		folded := form.Fold(name)
		shorter := min(utf8.RuneCountInString(folded), utf8.RuneCountInString(key))
		n := text.Slips(key, folded)
		if n <= max(1, shorter/3) && n < shorter && (!ok || n < least) {
			least, ok = n, true
		}
	}
	return least, ok
}
