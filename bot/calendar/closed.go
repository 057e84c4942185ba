package calendar

import (
	"fmt"
	"strings"
)

// Range is a span of closed days, both ends included. It comes every year when its dates have no year, and then may
// run over New Year; else it comes once.
type Range struct{ From, To Date }

// ParseRange reads a span as the profile writes it: "12-29..01-03" or "08-15" for every year, "2026-10-01" or
// "2026-12-28..2027-01-05" for once.
func ParseRange(s string) (Range, error) {
	first, last, span := strings.Cut(s, "..")
	if !span {
		last = first
	}
	from, err := parseDay(first)
	if err != nil {
		return Range{}, fmt.Errorf("closed days %q: %w", s, err)
	}
	to, err := parseDay(last)
	if err != nil {
		return Range{}, fmt.Errorf("closed days %q: %w", s, err)
	}
	r := Range{from, to}
	return r, r.check()
}

// parseDay reads "12-29" or "2026-12-29". A leap year stands in for the missing one, so that 02-29 is a day.
func parseDay(s string) (Date, error) {
	if len(s) != len("01-02") {
		return ParseDate(s)
	}
	d, err := ParseDate("2000-" + s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day like 12-29", s)
	}
	d.Year = 0
	return d, nil
}

func (r Range) check() error {
	switch {
	case r.yearly():
		return nil
	case r.From.Year == 0 || r.To.Year == 0:
		return fmt.Errorf("closed days %q: either both ends have a year or none", r)
	case r.To.Before(r.From):
		return fmt.Errorf("closed days %q: the end is before the beginning", r)
	case r.From.Year < firstYear || r.To.Year > lastYear:
		return fmt.Errorf("closed days %q: the year must be from %d to %d", r, firstYear, lastYear)
	}
	return nil
}

func (r Range) yearly() bool { return r.From.Year == 0 && r.To.Year == 0 }

// Contains reports whether the date is within the span.
func (r Range) Contains(day Date) bool {
	if !r.yearly() {
		return !day.Before(r.From) && !day.After(r.To)
	}
	day.Year = 0
	after, before := !day.Before(r.From), !day.After(r.To)
	if r.To.Before(r.From) {
		return after || before
	}
	return after && before
}

// String writes the span as ParseRange reads it.
func (r Range) String() string {
	if r.From == r.To {
		return dayString(r.From)
	}
	return dayString(r.From) + ".." + dayString(r.To)
}

func dayString(d Date) string {
	if d.Year == 0 {
		return fmt.Sprintf("%02d-%02d", d.Month, d.Day)
	}
	return d.String()
}

// MarshalText writes the span as String does.
func (r Range) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the span as ParseRange does.
func (r *Range) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRange(string(text))
	return err
}
