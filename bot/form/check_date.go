package form

import (
	"strings"
	"time"

	"tsunagi/bot/text"
)

// checkDate cleans to 2026-12-01. It reads 2026/12/1, 2026年12月1日, 令和8年12月1日, R8.12.1, 20261201, 1 Dec 2026, and
// without a year the next such day from now.
func checkDate(typed string, now time.Time) (string, []text.Line) {
	if t, ok := englishDate(typed, now); ok {
		return t.Format(time.DateOnly), nil
	}
	s := withoutWeekday(strings.ToUpper(narrow(typed)))
	e, s := readEra(s)
	parts := dateParts(s)
	switch {
	case len(parts) == 3:
		return fullDate(e, parts)
	case len(parts) == 2 && e.first == 0 && !now.IsZero():
		return nextDate(parts, now)
	}
	return "", wrong(Date)
}

// englishDate reads what Go's layouts know; month names count in any case.
func englishDate(typed string, now time.Time) (time.Time, bool) {
	s := strings.Join(strings.Fields(typed), " ")
	for _, layout := range []string{"2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "Jan 2 2006"} {
		if t, err := time.Parse(layout, s); err == nil && plausible(t.Year()) {
			return t, true
		}
	}
	for _, layout := range []string{"2 Jan", "2 January", "Jan 2", "January 2"} {
		if t, err := time.Parse(layout, s); err == nil && !now.IsZero() {
			return next(t.Month(), t.Day(), now)
		}
	}
	return time.Time{}, false
}

// withoutWeekday drops a weekday in parentheses at the end.
func withoutWeekday(s string) string {
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i]
	}
	return s
}

// era is a reign: its first year, and the first and last day it names.
type era struct {
	first    int
	from, to string
}

// readEra reads the era that s begins with; eras before 1926 are not asked for.
func readEra(s string) (era, string) {
	showa := era{1926, "1926-12-25", "1989-01-07"}
	heisei := era{1989, "1989-01-08", "2019-04-30"}
	reiwa := era{2019, "2019-05-01", "9999-12-31"}
	for _, e := range []struct {
		name string
		era
	}{{eraReiwa, reiwa}, {"R", reiwa}, {eraHeisei, heisei}, {"H", heisei}, {eraShowa, showa}, {"S", showa}} {
		if rest, ok := strings.CutPrefix(s, e.name); ok {
			return e.era, strings.Replace(rest, markFirst+markYear, "1"+markYear, 1)
		}
	}
	return era{}, s
}

// dateParts reads the numbers of a date: year, month, day, or month, day.
func dateParts(s string) []int {
	if len(s) == 8 && run(s) == 8 {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	s = strings.NewReplacer(markYear, "-", markMonth, "-", "/", "-", ".", "-").Replace(s)
	s = strings.TrimSuffix(s, markDay)
	var parts []int
	for _, part := range strings.Split(s, "-") {
		value, rest, ok := readAmount(part)
		if !ok || rest != "" || !value.IsInt() || !value.Num().IsInt64() {
			return nil
		}
		parts = append(parts, int(value.Num().Int64()))
	}
	return parts
}

func fullDate(e era, parts []int) (string, []text.Line) {
	year := parts[0]
	if e.first != 0 {
		year += e.first - 1
	}
	if !plausible(year) {
		return "", wrong(Date)
	}
	t, ok := day(year, parts[1], parts[2])
	iso := t.Format(time.DateOnly)
	if !ok || e.first != 0 && (iso < e.from || iso > e.to) {
		return "", noSuchDay()
	}
	return iso, nil
}

// plausible keeps out years that are slips of the finger, among them two-digit ones, which could be of an era.
func plausible(year int) bool { return year >= 1900 && year < 2200 }

func noSuchDay() []text.Line { return because("form.wrong.no_such_day", Date) }

// day makes a date, unless the calendar has none such.
func day(year, month, d int) (time.Time, bool) {
	if month < 1 || month > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

func nextDate(parts []int, now time.Time) (string, []text.Line) {
	t, ok := next(time.Month(parts[0]), parts[1], now)
	if !ok {
		return "", noSuchDay()
	}
	return t.Format(time.DateOnly), nil
}

// next is the first such day from today on; a 29 February may be some years off.
func next(month time.Month, d int, now time.Time) (time.Time, bool) {
	today := now.Format(time.DateOnly)
	for year := now.Year(); year <= now.Year()+8; year++ {
		t, ok := day(year, int(month), d)
		if ok && t.Format(time.DateOnly) >= today {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseDate reads a cleaned date back, for showing it.
func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}
