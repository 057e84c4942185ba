package playground_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tsunagi/handlers/playground"
	"tsunagi/store/testwait"
)

// desk is a backend that notes what the page asks for, and answers as far as these tests look at answers.
type desk struct {
	feed   *playground.Feed
	view   json.RawMessage
	asked  chan any
	refuse string
	why    string
}

// newDesk begins with the captured state of testdata.
func newDesk(t *testing.T) *desk {
	t.Helper()
	var sections map[string]any
	decode(t, "snapshot.json", &sections)
	d := &desk{feed: playground.NewFeed("run1"), asked: make(chan any, 64)}
	decode(t, "view.json", &d.view)
	put(t, d.feed, sections)
	return d
}

func decode(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) note(wish any) error {
	d.asked <- wish
	if d.refuse != "" {
		return playground.Refuse(d.refuse, d.why)
	}
	return nil
}

func (d *desk) Line(_ context.Context, do playground.LineDo) error   { return d.note(do) }
func (d *desk) Clock(_ context.Context, do playground.ClockDo) error { return d.note(do) }
func (d *desk) Fault(_ context.Context, do playground.FaultDo) error { return d.note(do) }
func (d *desk) Story(_ context.Context, do playground.StoryDo) error { return d.note(do) }

// Slack opens the modal when 照会する is pressed, and shuts it when it is sent or closed.
func (d *desk) Slack(_ context.Context, do playground.SlackDo) error {
	if do.ActionID == "refer" {
		return d.views(do, d.view)
	}
	if do.ViewID == "V1" && (do.Do == "close" || do.Do == "submit") {
		return d.views(do)
	}
	return d.note(do)
}

func (d *desk) views(do playground.SlackDo, stack ...json.RawMessage) error {
	if err := d.note(do); err != nil {
		return err
	}
	return d.feed.Put(map[string]any{playground.SectionViews: map[string]any{do.User: stack}})
}

// next gives the next wish of a kind.
func next[T any](t *testing.T, d *desk) T {
	t.Helper()
	wish := testwait.For(t, "what the page asks for", d.asked)
	got, ok := wish.(T)
	if !ok {
		t.Fatalf("the page asked for %#v, want %T", wish, got)
	}
	return got
}
