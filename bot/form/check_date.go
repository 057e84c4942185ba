package form

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tsunagi/bot/text"
)

// checkDate cleans to 2026-12-01. It reads 2026/12/1, 2026年12月1日, 令和8年12月1日, R8.12.1, 20261201, 1 Dec 2026, and
// without a year the next such day from now. A weekday beside it must be the right one.
func checkDate(field Field, typed string, now time.Time) (reading, []text.Line) {
	s, weekday := withoutWeekday(unwrap(norm.NFKC.String(seen(typed))))
	t, known := englishDate(s, now)
	if !known {
		var refusal []text.Line
		if t, refusal = japaneseDate(field, s, now); len(refusal) > 0 {
			return reading{}, refusal
		}
	}
	if weekday >= 0 && t.Weekday() != weekday {
		return reading{}, []text.Line{text.Say("form.wrong.weekday", "date", t)}
	}
	return reading{text: t.Format(time.DateOnly)}, nil
}

// noWeekday stands for a date without one.
const noWeekday time.Weekday = -1

// withoutWeekday takes a weekday from the end, in parentheses or not, with the word for a holiday or not; or an English one
// from either end.
func withoutWeekday(s string) (rest string, day time.Weekday) {
	if words := strings.Fields(s); len(words) > 1 {
		if d, ok := englishWeekday(words[0]); ok {
			return strings.Join(words[1:], " "), d
		}
		if d, ok := englishWeekday(words[len(words)-1]); ok {
			return strings.Join(words[:len(words)-1], " "), d
		}
	}
	bare := strings.TrimSuffix(strings.TrimSpace(s), ")")
	closed := bare != strings.TrimSpace(s)
	if cut, ok := cutAfter(bare, "holiday"); ok {
		bare = strings.TrimRight(cut, nakaguro+touten+",./")
	}
	bare, named := cutWeekdayMark(bare)
	if !closed && !named {
		return s, noWeekday
	}
	for i, mark := range []rune(weekdays) {
		if cut, ok := strings.CutSuffix(bare, string(mark)); ok {
			cut, opened := strings.CutSuffix(strings.TrimSpace(cut), "(")
			if opened == closed {
				return strings.TrimSpace(cut), time.Weekday(i)
			}
		}
	}
	return s, noWeekday
}

// cutWeekdayMark takes 曜日 or 曜 from the end.
func cutWeekdayMark(s string) (rest string, ok bool) {
	if rest, ok = strings.CutSuffix(s, markWeekday+markDay); ok {
		return rest, true
	}
	return strings.CutSuffix(s, markWeekday)
}

// englishWeekday reads Tue, Tuesday, (Tue).
func englishWeekday(word string) (time.Weekday, bool) {
	word = strings.ToLower(strings.Trim(word, "(),."))
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); word == name || word == name[:3] {
			return d, true
		}
	}
	return noWeekday, false
}

// englishDate reads what Go's layouts know; month names count in any case.
func englishDate(typed string, now time.Time) (time.Time, bool) {
	if !strings.ContainsFunc(typed, isLatin) {
		return time.Time{}, false
	}
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

// japaneseDate reads numbers with 年, 月, 日 or one kind of mark between them.
func japaneseDate(field Field, s string, now time.Time) (time.Time, []text.Line) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	e, s := readEra(ofYear(s, now))
	parts := dateParts(s)
	switch {
	case len(parts) == 3:
		return fullDate(field, e, parts)
	case len(parts) == 2 && e.first == 0 && !now.IsZero():
		t, ok := next(time.Month(parts[0]), parts[1], now)
		if !ok {
			return t, because("form.wrong.no_such_day", field)
		}
		return t, nil
	}
	return time.Time{}, wrong(field)
}

// ofYear writes out the year of 来年4月1日 and 今年4月1日.
func ofYear(s string, now time.Time) string {
	for i, list := range []string{"this-year", "next-year"} {
		if rest, ok := cutBefore(s, list); ok && !now.IsZero() {
			return strconv.Itoa(now.Year()+i) + markYear + rest
		}
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
			if year, first := strings.CutPrefix(rest, markFirst); first {
				rest = "1" + year
			}
			return e.era, rest
		}
	}
	return era{}, s
}

// dateParts reads the numbers of a date: year, month, day, or month, day.
func dateParts(s string) []int {
	if len(s) == 8 && run(s) == 8 {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	s, oneMark := marked(s)
	var parts []int
	for _, part := range strings.Split(s, "-") {
		n, ok := datePart(part)
		if !ok || !oneMark {
			return nil
		}
		parts = append(parts, n)
	}
	return parts
}

// marked makes all marks between the numbers of a date the same, and reports whether they were: 2026-12/1 is a slip. Behind
// 年 any may follow.
func marked(s string) (string, bool) {
	s = dashed(s)
	year, rest, _ := strings.Cut(s, markYear)
	if rest == "" {
		year, rest = "", s
	} else {
		year += "-"
	}
	rest = strings.TrimSuffix(strings.Replace(rest, markMonth, "-", 1), markDay)
	kinds := 0
	for _, mark := range []string{"-", "/", "."} {
		if strings.Contains(rest, mark) {
			kinds++
		}
	}
	return year + strings.NewReplacer("/", "-", ".", "-").Replace(rest), kinds == 1
}

// datePart reads a year, month or day in figures or in kanji.
func datePart(s string) (int, bool) {
	value, rest, ok := readAmount(s)
	if !ok || rest != "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsPunct(r) }) || !value.IsInt() || !value.Num().IsInt64() {
		return 0, false
	}
	return int(value.Num().Int64()), true
}

func fullDate(field Field, e era, parts []int) (time.Time, []text.Line) {
	year := parts[0]
	if e.first != 0 {
		year += e.first - 1
	}
	if !plausible(year) {
		return time.Time{}, wrong(field)
	}
	t, ok := day(year, parts[1], parts[2])
	iso := t.Format(time.DateOnly)
	if !ok || e.first != 0 && (iso < e.from || iso > e.to) {
		return time.Time{}, because("form.wrong.no_such_day", field)
	}
	return t, nil
}

// plausible keeps out years that are slips of the finger, among them two-digit ones, which could be of an era.
func plausible(year int) bool { return year >= 1900 && year < 2200 }

// day makes a date, unless the calendar has none such.
func day(year, month, d int) (time.Time, bool) {
	if month < 1 || month > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
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
