package handlers_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestHops: whoever looks for what became of an event finds all of it by its id, a line for each hop: where it came in, and
// each delivery that it led to.
func TestHops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	number := w.person("佐藤").submits(proposalOf(1))
	w.settled()
	submitted := w.rows(`SELECT event FROM deliveries WHERE kind = 'receipt'`)[0]
	w.hops(submitted, "line event", "delivery sent line receipt", "delivery sent slack card")
	w.colleague(tanaka).presses(deskRoom, number, "担当する")
	w.settled()
	pressed := w.rows(`SELECT event FROM deliveries WHERE kind = 'card' ORDER BY seq DESC LIMIT 1`)[0]
	w.hops(pressed, "slack event", "delivery sent slack card")
}

// hops wants lines about an event in the log, and no more than seven kinds of them.
func (w *world) hops(event string, want ...string) {
	w.t.Helper()
	var got []string
	for line := range strings.Lines(w.running().said()) {
		var l struct{ Msg, Event, Platform, Kind string }
		if json.Unmarshal([]byte(line), &l) != nil || l.Event != event {
			continue
		}
		what := l.Msg
		if l.Platform != "" {
			what = strings.Join([]string{l.Msg, l.Platform, l.Kind}, " ")
		}
		if !slices.Contains(got, what) {
			got = append(got, what)
		}
	}
	for _, hop := range want {
		if !slices.Contains(got, hop) {
			w.t.Errorf("of event %s the log has %q, want %q", event, got, hop)
		}
	}
	if len(got) > 7 {
		w.t.Errorf("event %s makes %d hops: %q", event, len(got), got)
	}
}
