package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with the settings or the profile, in words for the person who installs Tsunagi.
type Fault struct {
	File         string // of the profile; empty for a setting
	Line, Column int    // where in the file, from 1, in characters; 0 for a setting
	Key          string // DATABASE_URL, or a path such as intake.form[3].when
	Wrong        string // what was found; never a secret
	Want         string // what is expected
	Example      string
	Nearest      string // what was probably meant
}

// String is the fault on one line.
func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Column)
	}
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString(f.Wrong)
	if f.Want != "" {
		b.WriteString(", expected " + f.Want)
	}
	if f.Example != "" {
		b.WriteString(", for example " + f.Example)
	}
	if f.Nearest != "" {
		fmt.Fprintf(&b, " (did you mean %q?)", f.Nearest)
	}
	return b.String()
}

// Faults are all the faults of one file or environment. It is the error that ReadSettings and LoadProfile return.
type Faults []Fault

// Error lists every fault on a line of its own.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f)+1)
	if len(f) == 1 {
		return f[0].String()
	}
	lines = append(lines, fmt.Sprintf("%d faults", len(f)))
	for _, one := range f {
		lines = append(lines, one.String())
	}
	return strings.Join(lines, "\n")
}

// inOrder sorts by place in the file; faults of one place stay in the order found.
func (f Faults) inOrder() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}

// err is nil when there is no fault, so that an empty list is never taken for an error.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
