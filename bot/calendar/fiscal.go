package calendar

import "time"

// FiscalYear is the year in which the fiscal year of the date started: with a start in April, 2027-03-31 is in 2026.
func (d Desk) FiscalYear(day Date) int {
	if day.Month < d.fiscalStart() {
		return day.Year - 1
	}
	return day.Year
}

// FiscalSpan is the first and the last date of a fiscal year.
func (d Desk) FiscalSpan(year int) (first, last Date) {
	first = Date{year, d.fiscalStart(), 1}
	return first, Date{year + 1, d.fiscalStart(), 1}.AddDays(-1)
}

func (d Desk) fiscalStart() time.Month {
	if d.fiscal == 0 {
		return time.January
	}
	return d.fiscal
}
