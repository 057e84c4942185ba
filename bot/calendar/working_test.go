package calendar_test

import (
	"testing"

	"pgregory.net/rapid"

	"tsunagi/bot/calendar"
)

func TestAddWorkingDays(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	tests := []struct {
		name, from string
		n          int
		want       string
	}{
		{"same week", "2026-11-16", 2, "2026-11-18"},
		{"over a weekend", "2026-11-20", 1, "2026-11-24"}, // Monday is Labor Thanksgiving Day
		{"from a Saturday", "2026-11-14", 2, "2026-11-17"},
		{"golden week with substitute", "2026-05-01", 1, "2026-05-07"},
		{"day between holidays", "2026-09-18", 1, "2026-09-24"},
		{"substitute in spring", "2027-03-19", 1, "2027-03-23"},
		{"over New Year", "2026-12-28", 1, "2027-01-04"},
		{"none from a working day", "2026-11-20", 0, "2026-11-20"},
		{"none from a holiday", "2026-11-21", 0, "2026-11-24"},
		{"back over New Year", "2027-01-04", -1, "2026-12-28"},
		{"back from a Saturday", "2026-11-21", -1, "2026-11-20"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := desk.AddWorkingDays(date(t, tt.from), tt.n); got != date(t, tt.want) {
				t.Errorf("AddWorkingDays(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
			}
		})
	}
}

// However a desk keeps its days: n working days later is a working day, n of them lie between, and the way back leads
// to where it began.
func TestAddWorkingDaysProperties(t *testing.T) {
	t.Parallel()
	desks := []calendar.Desk{deskOf(t, weekdays()), oddDesk(t)}
	rapid.Check(t, func(t *rapid.T) {
		desk := rapid.SampledFrom(desks).Draw(t, "desk")
		from := anyDate().Draw(t, "from")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := desk.AddWorkingDays(from, n)
		if !desk.IsWorkingDay(to) {
			t.Fatalf("%s, %d working days after %s, is none", to, n, from)
		}
		if got := desk.WorkingDays(from, to); got != n {
			t.Fatalf("WorkingDays(%s, %s) = %d, want %d", from, to, got, n)
		}
		if got := desk.WorkingDays(to, from); got != -n {
			t.Fatalf("WorkingDays(%s, %s) = %d, want %d", to, from, got, -n)
		}
		start := desk.AddWorkingDays(from, 0)
		if start == from && desk.AddWorkingDays(to, -n) != from {
			t.Fatalf("%d working days before %s is %s, want %s", n, to, desk.AddWorkingDays(to, -n), from)
		}
		if start.Before(from) || desk.WorkingDays(from, start) > 1 {
			t.Fatalf("AddWorkingDays(%s, 0) = %s skips a working day", from, start)
		}
	})
}

// oddDesk works on Sundays and Wednesdays, and shuts in August and for one audit.
func oddDesk(t testing.TB) calendar.Desk {
	t.Helper()
	rules := weekdays()
	rules.Days = rules.Days[:0]
	for _, s := range []string{"sun", "wed"} {
		day, err := calendar.ParseWeekday(s)
		if err != nil {
			t.Fatal(err)
		}
		rules.Days = append(rules.Days, day)
	}
	rules.Closed = []calendar.Range{mustRange("08-01..08-31"), mustRange("2027-02-01..2027-03-05"), mustRange("02-29")}
	return deskOf(t, rules)
}

func anyDate() *rapid.Generator[calendar.Date] {
	return rapid.Map(rapid.IntRange(0, 80*365), func(n int) calendar.Date {
		return calendar.Date{Year: 2017, Month: 1, Day: 1}.AddDays(n)
	})
}
