package config

import (
	"testing"
	"time"
)

// TestJapanTime holds what is known without the database of time zones against it.
func TestJapanTime(t *testing.T) {
	t.Parallel()
	database, err := time.LoadLocation(japan)
	if err != nil {
		t.Fatal(err)
	}
	for at := time.Date(1952, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2100; at = at.AddDate(0, 0, 20) {
		got, want := at.In(japanTime()).Format(time.RFC1123Z), at.In(database).Format(time.RFC1123Z)
		if got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}
