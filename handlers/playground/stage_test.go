package playground

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tsunagi/config"
)

// TestCast_at_work: on the first two days of the stories staff are at work; the first one lasts until the second day.
func TestCast_at_work(t *testing.T) {
	t.Parallel()
	profile, err := config.LoadProfile("kishiwada", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	desk := profile.Desk()
	cast, err := loadCast("kishiwada", &desk)
	if err != nil {
		t.Fatal(err)
	}
	begins, err := time.Parse(time.RFC3339, cast.Begins)
	if err != nil {
		t.Fatal(err)
	}
	for day := range 2 {
		if at := begins.AddDate(0, 0, day); !desk.Calendar.Open(at) {
			t.Errorf("at %s the desk is closed", at)
		}
	}
}

// TestStories_order is about what people read in the list of stories: the tenth does not come second.
func TestStories_order(t *testing.T) {
	t.Parallel()
	profile, err := config.LoadProfile("kishiwada", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	desk := profile.Desk()
	cast, err := loadCast("kishiwada", &desk)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Stories(cast)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, cast.Stories) {
		t.Errorf("got %v, want %v", ids, cast.Stories)
	}
	for _, s := range all {
		if first := s.Sentences()[0]; s.After != nil && (!strings.Contains(first, s.After.Title) || strings.Contains(first, s.After.ID)) {
			t.Errorf("story %s continues what it calls %q", s.ID, first)
		}
	}
}
