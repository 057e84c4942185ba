package calendar_test

import (
	"testing"

	"tsunagi/bot/calendar"
)

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := calendar.New(weekdays()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAddWorkingDays(b *testing.B) {
	desk := deskOf(b, weekdays())
	from := date(b, "2026-11-20")
	for b.Loop() {
		desk.AddWorkingDays(from, 10)
	}
}
