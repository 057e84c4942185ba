package calendar

import (
	"fmt"
	"time"
)

// TimeOfDay is a time on the wall clock, in minutes since midnight.
type TimeOfDay int

// EndOfDay is 24:00, allowed as the end of office hours.
const EndOfDay TimeOfDay = 24 * 60

// ParseTimeOfDay reads "09:00", two digits each, up to "24:00".
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if s == "24:00" {
		return EndOfDay, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%q is no time of day like 09:00", s)
	}
	return TimeOfDay(t.Hour()*60 + t.Minute()), nil
}

// String writes the time as "09:00".
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes the time as "09:00".
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the time as ParseTimeOfDay does.
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// ParseWeekday reads a weekday as the profile writes it: sun mon tue wed thu fri sat.
func ParseWeekday(s string) (time.Weekday, error) {
	for i, name := range [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if s == name {
			return time.Weekday(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no weekday like mon", s)
}

// Open reports whether the moment is within office hours of a working day.
func (d Desk) Open(now time.Time) bool {
	day := d.Today(now)
	opens, closes := d.span(day)
	return d.IsWorkingDay(day) && !now.Before(opens) && now.Before(closes)
}

// NextOpening is the moment at which the desk can next be reached: now itself while it is open, else the next start of
// office hours.
func (d Desk) NextOpening(now time.Time) time.Time {
	if d.Open(now) {
		return now
	}
	day := d.workingDayFrom(d.Today(now), 1)
	if opens, _ := d.span(day); opens.After(now) {
		return opens
	}
	opens, _ := d.span(d.AddWorkingDays(day, 1))
	return opens
}

// Closing is the end of office hours on the date; a thing due on a date is late after it.
func (d Desk) Closing(day Date) time.Time {
	_, closes := d.span(day)
	return closes
}

// Due is the date by which something is due that may take n working days from now.
func (d Desk) Due(now time.Time, n int) Date { return d.AddWorkingDays(d.Today(now), n) }

// span is the office hours of one date; the zero Desk is open all day.
func (d Desk) span(day Date) (opens, closes time.Time) {
	to := d.to
	if to == 0 {
		to = EndOfDay
	}
	return day.At(d.from, d.Location()), day.At(to, d.Location())
}
