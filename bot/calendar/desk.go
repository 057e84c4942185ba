package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Desk answers questions about the days and hours of one desk. It is a value, safe to copy and to share.
//
// New makes one. The zero Desk keeps no hours at all: every day is a working day, it is always open, its fiscal year
// starts in January and its time zone is UTC.
type Desk struct {
	off      [7]bool // weekdays without work
	from, to TimeOfDay
	closed   []Range
	fiscal   time.Month
	loc      *time.Location
	holidays holidays
}

// Rules are what the profile says about days and hours; see design.md section 7, desk.
type Rules struct {
	Days        []time.Weekday // weekdays on which the desk works
	From, To    TimeOfDay      // office hours; To itself is closed
	Closed      []Range        // beside national holidays
	FiscalStart time.Month     // month in which the fiscal year starts
	Location    *time.Location // the desk's time zone
}

// New makes a Desk that observes Japan's national holidays. It returns all faults at once, joined.
func New(r Rules) (Desk, error) {
	days, err := japan()
	if err = errors.Join(r.check(), err); err != nil {
		return Desk{}, err
	}
	d := Desk{
		off: [7]bool{true, true, true, true, true, true, true}, from: r.From, to: r.To, closed: r.Closed,
		fiscal: r.FiscalStart, loc: r.Location, holidays: days,
	}
	for _, w := range r.Days {
		d.off[w] = false
	}
	return d, d.neverOpens()
}

func (r Rules) check() error {
	var faults []error
	if len(r.Days) == 0 {
		faults = append(faults, errors.New("days: no working weekday"))
	}
	for _, w := range r.Days {
		if w < time.Sunday || w > time.Saturday {
			faults = append(faults, fmt.Errorf("days: %d is no weekday", w))
		}
	}
	if r.From < 0 || r.From >= r.To || r.To > EndOfDay {
		faults = append(faults, fmt.Errorf("hours: from %s to %s is no span within a day", r.From, r.To))
	}
	if r.FiscalStart < time.January || r.FiscalStart > time.December {
		faults = append(faults, fmt.Errorf("fiscal year starts: %d is no month", r.FiscalStart))
	}
	if r.Location == nil {
		faults = append(faults, errors.New("timezone: missing"))
	}
	for _, c := range r.Closed {
		if err := c.check(); err != nil {
			faults = append(faults, fmt.Errorf("closed: %w", err))
		}
	}
	return errors.Join(faults...)
}

// neverOpens refuses a year without a working day, so that counting working days always ends.
func (d Desk) neverOpens() error {
	for year := firstYear; year <= lastYear; year++ {
		day := Date{year, time.January, 1}
		for day.Year == year && !d.IsWorkingDay(day) {
			day = day.AddDays(1)
		}
		if day.Year != year {
			return fmt.Errorf("closed: no working day is left in %d", year)
		}
	}
	return nil
}

// Today is the date at the desk at the moment now.
func (d Desk) Today(now time.Time) Date { return DateOf(now.In(d.Location())) }

// Location is the desk's time zone.
func (d Desk) Location() *time.Location {
	if d.loc == nil {
		return time.UTC
	}
	return d.loc
}
