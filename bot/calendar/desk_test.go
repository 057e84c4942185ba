package calendar_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/bot/calendar"
)

func TestNew(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*calendar.Rules)
		want   string // part of the fault; empty for none
	}{
		"good":               {func(*calendar.Rules) {}, ""},
		"until midnight":     {func(r *calendar.Rules) { r.To = calendar.EndOfDay }, ""},
		"no weekday":         {func(r *calendar.Rules) { r.Days = nil }, "no working weekday"},
		"odd weekday":        {func(r *calendar.Rules) { r.Days = []time.Weekday{8} }, "no weekday"},
		"hours turned round": {func(r *calendar.Rules) { r.From, r.To = r.To, r.From }, "17:30 to 09:00"},
		"no month":           {func(r *calendar.Rules) { r.FiscalStart = 13 }, "13 is no month"},
		"no time zone":       {func(r *calendar.Rules) { r.Location = nil }, "timezone"},
		"closed all year":    {closing("01-01..12-31"), "no working day is left"},
		"closed one year":    {closing("2030-01-01..2031-12-31"), "no working day is left in 2030"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := weekdays()
			tt.change(&rules)
			_, err := calendar.New(rules)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New() error = %v, want %q", err, tt.want)
			}
		})
	}
	t.Run("all faults at once", func(t *testing.T) {
		t.Parallel()
		_, err := calendar.New(calendar.Rules{})
		for _, want := range []string{"days", "hours", "fiscal", "timezone"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("New(Rules{}) error = %v, want it to name %s", err, want)
			}
		}
	})
}

func TestDeskZeroKeepsNoHours(t *testing.T) {
	t.Parallel()
	var desk calendar.Desk
	sunday := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	if !desk.Open(sunday) || desk.AddWorkingDays(desk.Today(sunday), 2) != date(t, "2026-11-24") {
		t.Errorf("the zero Desk should be open always and count every day")
	}
	if got := desk.FiscalYear(date(t, "2026-01-01")); got != 2026 {
		t.Errorf("FiscalYear = %d, want 2026", got)
	}
}

// weekdays are the rules of the example profile in design.md.
func weekdays() calendar.Rules {
	return calendar.Rules{
		Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		From: 9 * 60, To: 17*60 + 30, FiscalStart: time.April, Location: time.FixedZone("JST", 9*60*60),
		Closed: []calendar.Range{mustRange("12-29..01-03")},
	}
}

func closing(s string) func(*calendar.Rules) {
	return func(r *calendar.Rules) { r.Closed = append(r.Closed, mustRange(s)) }
}

func mustRange(s string) calendar.Range {
	r, err := calendar.ParseRange(s)
	if err != nil {
		panic(err)
	}
	return r
}

func deskOf(t testing.TB, rules calendar.Rules) calendar.Desk {
	t.Helper()
	desk, err := calendar.New(rules)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return desk
}

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
