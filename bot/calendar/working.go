package calendar

// IsWorkingDay reports whether the desk works on this date: a weekday of its own, no national holiday, not closed.
func (d Desk) IsWorkingDay(day Date) bool {
	if d.off[day.Weekday()] || d.holidays[day] {
		return false
	}
	for _, c := range d.closed {
		if c.Contains(day) {
			return false
		}
	}
	return true
}

// IsHoliday reports whether the date is a national holiday, a substitute for one (振替休日) or a day between two
// (国民の休日). Known from 2016 to 2099; no date outside is a holiday.
func (d Desk) IsHoliday(day Date) bool { return d.holidays[day] }

// AddWorkingDays counts n working days from the date. The date itself is not counted, as is usual for periods in days
// (Civil Code, article 140). With n = 0 the date stays if it is a working day, and else becomes the next one; with n
// below zero it counts back.
func (d Desk) AddWorkingDays(from Date, n int) Date {
	if n == 0 {
		return d.workingDayFrom(from, 1)
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		from = d.workingDayFrom(from.AddDays(step), step)
	}
	return from
}

// workingDayFrom is the first working day at or after the date, or at or before it when step is -1.
func (d Desk) workingDayFrom(day Date, step int) Date {
	for !d.IsWorkingDay(day) {
		day = day.AddDays(step)
	}
	return day
}

// WorkingDays counts the working days after from, up to and with to; negative when to is earlier. A proposal due on
// from is late by WorkingDays(from, today).
func (d Desk) WorkingDays(from, to Date) int {
	if to.Before(from) {
		return -d.WorkingDays(to, from)
	}
	n := 0
	for day := from; day.Before(to); {
		day = day.AddDays(1)
		if d.IsWorkingDay(day) {
			n++
		}
	}
	return n
}
