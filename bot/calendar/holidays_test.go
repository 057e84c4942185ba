package calendar_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/calendar"
)

// TestIsHoliday/official holds the list against what the government published, year by year, and the years it claims
// to have verified against the years published.
func TestIsHoliday(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	t.Run("official", func(t *testing.T) {
		t.Parallel()
		last := 0
		for year, want := range official(t) {
			if diff := cmp.Diff(want, holidaysOf(desk, year)); diff != "" {
				t.Errorf("holidays of %d (-official +ours):\n%s", year, diff)
			}
			last = max(last, year)
		}
		verified, err := calendar.VerifiedThrough()
		if err != nil || verified != last {
			t.Errorf("VerifiedThrough() = %d, %v; testdata/official.txt ends in %d", verified, err, last)
		}
	})
	// The law as it stands since 2022 gives every later year, so also the coming one.
	t.Run("law", func(t *testing.T) {
		t.Parallel()
		for year := 2022; year <= 2099; year++ {
			if diff := cmp.Diff(byLaw(year), holidaysOf(desk, year)); diff != "" {
				t.Errorf("holidays of %d (-law +ours):\n%s", year, diff)
			}
		}
	})
	t.Run("equinoxes_as_forecast_to_2050", func(t *testing.T) {
		t.Parallel()
		for year := 2022; year <= 2050; year++ {
			if spring, autumn := equinoxes(year); !desk.IsHoliday(spring) || !desk.IsHoliday(autumn) {
				t.Errorf("%d: equinoxes %s and %s are not both holidays", year, spring, autumn)
			}
		}
	})
}

func official(t *testing.T) map[int][]calendar.Date {
	t.Helper()
	text, err := os.ReadFile("testdata/official.txt")
	if err != nil {
		t.Fatal(err)
	}
	years := map[int][]calendar.Date{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		year, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatalf("official.txt: %v", err)
		}
		for _, day := range fields[1:] {
			years[year] = append(years[year], date(t, fields[0]+"-"+day))
		}
	}
	return years
}

func holidaysOf(desk calendar.Desk, year int) (days []calendar.Date) {
	for day := (calendar.Date{Year: year, Month: 1, Day: 1}); day.Year == year; day = day.AddDays(1) {
		if desk.IsHoliday(day) {
			days = append(days, day)
		}
	}
	return days
}

// byLaw is the Act on National Holidays since 2022, written down from its text: article 2 names the days, article 3
// adds the next free day after one on a Sunday, and any day between two.
func byLaw(year int) []calendar.Date {
	on := func(m time.Month, d int) calendar.Date { return calendar.Date{Year: year, Month: m, Day: d} }
	monday := func(m time.Month, nth int) calendar.Date {
		first := on(m, 1)
		return first.AddDays((8-int(first.Weekday()))%7 + 7*(nth-1))
	}
	spring, autumn := equinoxes(year)
	named := []calendar.Date{
		on(1, 1), monday(1, 2), on(2, 11), on(2, 23), spring, on(4, 29), on(5, 3), on(5, 4), on(5, 5), monday(7, 3),
		on(8, 11), monday(9, 3), autumn, monday(10, 2), on(11, 3), on(11, 23),
	}
	off := slices.Clone(named)
	for _, day := range named {
		if day.Weekday() == time.Sunday {
			for slices.Contains(named, day) {
				day = day.AddDays(1)
			}
			off = append(off, day)
		}
		if between := day.AddDays(1); slices.Contains(named, between.AddDays(1)) && slices.Contains(named, day) {
			off = append(off, between)
		}
	}
	slices.SortFunc(off, calendar.Date.Compare)
	return slices.Compact(off)
}

// equinoxes are the forecast of the National Astronomical Observatory to 2050, and its usual approximation after that.
func equinoxes(year int) (spring, autumn calendar.Date) {
	spring, autumn = calendar.Date{Year: year, Month: 3, Day: 20}, calendar.Date{Year: year, Month: 9, Day: 23}
	if year > 2050 {
		years := float64(year - 1980)
		spring.Day = int(20.8431+0.242194*years) - (year-1980)/4
		autumn.Day = int(23.2488+0.242194*years) - (year-1980)/4
		return spring, autumn
	}
	if slices.Contains([]int{2022, 2023, 2027, 2031, 2035, 2039, 2043, 2047}, year) {
		spring.Day = 21
	}
	if slices.Contains([]int{2024, 2028, 2032, 2036, 2040, 2044, 2045, 2048, 2049}, year) {
		autumn.Day = 22
	}
	return spring, autumn
}
