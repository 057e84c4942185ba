package config

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Finding is one thing that the check command has looked at: what it was and, unless all is well, what is wrong and what
// to do about it. It is for the person who installs Tsunagi.
type Finding struct {
	What   string // for example "LINE: webhook address"
	OK     bool
	Open   bool   // it could not be found out yet: no fault, but something is still to be done
	Fault  string // what is wrong; never a secret
	Remedy string // what to do about it
}

// Well is the finding that something is as it should be.
func Well(what string) Finding { return Finding{What: what, OK: true} }

// Wrong is the finding that something is not as it should be.
func Wrong(what, fault, remedy string) Finding {
	return Finding{What: what, Fault: fault, Remedy: remedy}
}

// Found is Well without an error, and Wrong with one. An error that knows its own remedy keeps it.
func Found(what string, err error, remedy string) Finding {
	if u := (*Unreached)(nil); errors.As(err, &u) {
		return Wrong(what, u.Wrong, u.Remedy)
	}
	if err != nil {
		return Wrong(what, err.Error(), remedy)
	}
	return Well(what)
}

// Err is what is wrong and what to do about it, as an error; nil if all is well.
func (f Finding) Err() error {
	if f.OK {
		return nil
	}
	return errors.New(f.wrong())
}

// wrong is what is wrong and, on a line of its own, what to do about it.
func (f Finding) wrong() string { return f.What + ": " + f.Fault + "\n       -> " + f.Remedy }

// Report prints findings one below the other, then what was left out for want of a setting; its error says how many are
// not well.
func Report(w io.Writer, found []Finding, left ...string) error {
	wrong := 0
	for _, f := range found {
		switch {
		case f.OK:
			fmt.Fprintf(w, "ok     %s\n", f.What)
		case f.Open:
			fmt.Fprintf(w, "-      %s\n", f.wrong())
		default:
			wrong++
			fmt.Fprintf(w, "FAULT  %s\n", f.wrong())
		}
	}
	if len(left) > 0 {
		fmt.Fprintf(w, "-      not checked: %s\n       -> Mend what is wrong with settings and profile above, then check again.\n", strings.Join(left, ", "))
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d checks found a fault", wrong, len(found))
	}
	return nil
}
