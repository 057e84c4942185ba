package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsunagi/bot/calendar"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	tests := []struct {
		name, now string
		open      bool
		next      string
	}{
		{"before hours", "2026-11-20T08:59:59+09:00", false, "2026-11-20T09:00:00+09:00"},
		{"first minute", "2026-11-20T09:00:00+09:00", true, "2026-11-20T09:00:00+09:00"},
		{"last moment", "2026-11-20T17:29:59+09:00", true, "2026-11-20T17:29:59+09:00"},
		{"closing time", "2026-11-20T17:30:00+09:00", false, "2026-11-24T09:00:00+09:00"},
		{"holiday", "2026-11-23T12:00:00+09:00", false, "2026-11-24T09:00:00+09:00"},
		{"closed for New Year", "2026-12-31T12:00:00+09:00", false, "2027-01-04T09:00:00+09:00"},
		{"told in another zone", "2026-11-20T01:00:00Z", true, "2026-11-20T01:00:00Z"},
		{"already tomorrow at the desk", "2026-11-19T23:00:00Z", false, "2026-11-20T00:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := moment(t, tt.now)
			if got := desk.Open(now); got != tt.open {
				t.Errorf("Open(%s) = %v, want %v", tt.now, got, tt.open)
			}
			if got := desk.NextOpening(now); !got.Equal(moment(t, tt.next)) {
				t.Errorf("NextOpening(%s) = %s, want %s", tt.now, got, tt.next)
			}
		})
	}
}

// The next opening is never in the past, is open, and nothing before it was.
func TestNextOpeningProperties(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(0, 24*60-1).Draw(t, "minute")
		now := anyDate().Draw(t, "day").At(calendar.TimeOfDay(minute), desk.Location())
		next := desk.NextOpening(now)
		if next.Before(now) || !desk.Open(next) {
			t.Fatalf("NextOpening(%s) = %s", now, next)
		}
		for at := now; at.Before(next); at = at.Add(15 * time.Minute) {
			if desk.Open(at) {
				t.Fatalf("NextOpening(%s) = %s, though open at %s", now, next, at)
			}
		}
	})
}

func TestDue(t *testing.T) {
	t.Parallel()
	desk := deskOf(t, weekdays())
	// Still Friday in London, already Saturday at the desk.
	due := desk.Due(moment(t, "2026-11-13T16:00:00Z"), 1)
	if want := date(t, "2026-11-16"); due != want {
		t.Errorf("Due = %s, want %s", due, want)
	}
	if got, want := desk.Closing(due), moment(t, "2026-11-16T17:30:00+09:00"); !got.Equal(want) {
		t.Errorf("Closing(%s) = %s, want %s", due, got, want)
	}
}

func TestParseTimeOfDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"00:00", "09:05", "17:30", "23:59", "24:00"} {
		got, err := calendar.ParseTimeOfDay(s)
		if err != nil || got.String() != s {
			t.Errorf("ParseTimeOfDay(%q) = %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "9:00", "24:01", "12:60", "noon", "12:00:00"} {
		if got, err := calendar.ParseTimeOfDay(s); err == nil {
			t.Errorf("ParseTimeOfDay(%q) = %s, want an error", s, got)
		}
	}
	if _, err := calendar.ParseWeekday("monday"); err == nil {
		t.Error("ParseWeekday(monday) should say that it wants mon")
	}
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
