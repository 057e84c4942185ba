package desk

import (
	"cmp"
	"slices"
	"strings"

	"tsunagi/bot/form"
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
	key := []rune(form.Fold(typed))
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
func (o option) slips(key []rune) (least int, ok bool) {
	for _, name := range o.names {
		letters := []rune(form.Fold(name))
		shorter := min(len(letters), len(key))
		n := distance(key, letters)
		if n <= max(1, shorter/3) && n < shorter && (!ok || n < least) {
			least, ok = n, true
		}
	}
	return least, ok
}

// distance counts the letters to insert, delete, replace, or swap with their neighbour, to get from one word to the
// other.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			rows[i][j] = step(rows, a, b, i, j)
		}
	}
	return rows[len(a)][len(b)]
}

func step(rows [][]int, a, b []rune, i, j int) int {
	replace := rows[i-1][j-1]
	if a[i-1] != b[j-1] {
		replace++
	}
	least := min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		least = min(least, rows[i-2][j-2]+1)
	}
	return least
}
