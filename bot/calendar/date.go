package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar, without time of day or time zone. Dates compare with == and may be map keys. The zero
// Date means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date of the moment in the moment's own location; see Desk.Today for the date at the desk.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads an ISO date such as "2026-04-01".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date like 2026-04-01", s)
	}
	return DateOf(t), nil
}

// String writes the date as "2026-04-01".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes the date as "2026-04-01", and no date as nothing.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// IsZero reports whether this is "no date".
func (d Date) IsZero() bool { return d == Date{} }

// In is the start of the date in the location. In(time.UTC) suits a date column of the database.
func (d Date) In(loc *time.Location) time.Time { return d.At(0, loc) }

// At is the date at a time of day in the location.
func (d Date) At(t TimeOfDay, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, int(t), 0, 0, loc)
}

// AddDays is the date n calendar days later, or earlier when n is below zero.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// DaysSince counts the calendar days from the other date to this one.
func (d Date) DaysSince(other Date) int {
	return int(d.In(time.UTC).Sub(other.In(time.UTC)) / (24 * time.Hour))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.In(time.UTC).Weekday() }

// Before reports whether this date is earlier than the other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether this date is later than the other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Compare orders dates as slices.SortFunc expects.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}
