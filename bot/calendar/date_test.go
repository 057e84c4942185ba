package calendar_test

import (
	"testing"

	"pgregory.net/rapid"

	"tsunagi/bot/calendar"
)

func TestDateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day, n := anyDate().Draw(t, "day"), rapid.IntRange(-4000, 4000).Draw(t, "n")
		text, err := day.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back calendar.Date
		if err := back.UnmarshalText(text); err != nil || back != day {
			t.Fatalf("%s read back as %s, %v", text, back, err)
		}
		other := day.AddDays(n)
		if got := other.DaysSince(day); got != n {
			t.Fatalf("%s.DaysSince(%s) = %d, want %d", other, day, got, n)
		}
		if other.After(day) != (n > 0) || other.Before(day) != (n < 0) || (other == day) != (n == 0) {
			t.Fatalf("%s and %s compare wrongly", day, other)
		}
	})
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-02-29", "2026-2-1", "01-02", "2026-01-01T00:00:00Z"} {
		if got, err := calendar.ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %s, want an error", s, got)
		}
	}
	var none calendar.Date
	if err := none.UnmarshalText(nil); err != nil || !none.IsZero() {
		t.Errorf("no text should be no date, got %s, %v", none, err)
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		closed  string
		in, out []string
	}{
		{"12-29..01-03", []string{"2026-12-29", "2026-12-31", "2027-01-03"}, []string{"2026-12-28", "2027-01-04"}},
		{"08-13..08-15", []string{"2026-08-13", "2030-08-15"}, []string{"2026-08-12", "2026-08-16"}},
		{"02-29", []string{"2028-02-29"}, []string{"2027-02-28", "2027-03-01"}},
		{"2026-10-01", []string{"2026-10-01"}, []string{"2027-10-01", "2026-10-02"}},
		{"2026-12-28..2027-01-05", []string{"2026-12-28", "2027-01-05"}, []string{"2027-12-28", "2026-01-05"}},
	}
	for _, tt := range tests {
		r := mustRange(tt.closed)
		if r.String() != tt.closed {
			t.Errorf("%q is written as %q", tt.closed, r)
		}
		for _, s := range tt.in {
			if !r.Contains(date(t, s)) {
				t.Errorf("%s should contain %s", r, s)
			}
		}
		for _, s := range tt.out {
			if r.Contains(date(t, s)) {
				t.Errorf("%s should not contain %s", r, s)
			}
		}
	}
	for _, s := range []string{"", "13-01", "12-29..", "12-29..2027-01-03", "2027-01-05..2026-12-28", "1999-01-01", "02-30"} {
		if got, err := calendar.ParseRange(s); err == nil {
			t.Errorf("ParseRange(%q) = %s, want an error", s, got)
		}
	}
}

func TestFiscalYear(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	for day, want := range map[string]int{"2026-03-31": 2025, "2026-04-01": 2026, "2026-12-31": 2026, "2027-03-31": 2026} {
		if got := desk.FiscalYear(date(t, day)); got != want {
			t.Errorf("FiscalYear(%s) = %d, want %d", day, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		day := anyDate().Draw(t, "day")
		first, last := desk.FiscalSpan(desk.FiscalYear(day))
		if day.Before(first) || day.After(last) || desk.FiscalYear(last.AddDays(1)) != desk.FiscalYear(first)+1 {
			t.Fatalf("%s is not within its fiscal year %s to %s", day, first, last)
		}
	})
}

func TestEraOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		day  string
		want calendar.Era
		year int
	}{
		{"2026-11-21", calendar.Era{Key: "reiwa", Name: "令和"}, 8},
		{"2019-05-01", calendar.Era{Key: "reiwa", Name: "令和"}, 1},
		{"2019-04-30", calendar.Era{Key: "heisei", Name: "平成"}, 31},
		{"1989-01-07", calendar.Era{Key: "showa", Name: "昭和"}, 64},
		{"1912-07-29", calendar.Era{Key: "meiji", Name: "明治"}, 45},
	}
	for _, tt := range tests {
		era, year, err := calendar.EraOf(date(t, tt.day))
		if err != nil || era != tt.want || year != tt.year {
			t.Errorf("EraOf(%s) = %v %d, %v; want %v %d", tt.day, era, year, err, tt.want, tt.year)
		}
	}
	if era, year, err := calendar.EraOf(date(t, "1860-01-01")); err == nil {
		t.Errorf("EraOf(1860) = %v %d, want an error", era, year)
	}
}
