package faults_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

// TestHops: whoever looks for what became of an event finds all of it by its id, a line for each hop: where it came in, and
// each delivery that it led to.
func TestHops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	number := w.person("佐藤").submits(proposalOf(1))
	w.settled()
	submitted := w.rows(`SELECT event FROM deliveries WHERE kind = 'receipt'`)[0]
	w.hops(submitted, "line event said", "delivery sent line receipt", "delivery sent slack card")
	w.colleague(tanaka).presses(deskRoom, number, "担当する")
	w.settled()
	pressed := w.rows(`SELECT event FROM deliveries WHERE kind = 'card' ORDER BY seq DESC LIMIT 1`)[0]
	w.hops(pressed, "slack event press", "delivery sent slack card")
	w.colleague(tanaka).opens(deskRoom, number, "照会する")
	w.colleague(tanaka).fine(slacksim.Values{"departments": {"産業政策課"}})
	w.settled()
	asked := w.rows(`SELECT event FROM deliveries WHERE kind = 'card' ORDER BY seq DESC LIMIT 1`)[0]
	w.hops(asked, "slack event submission", "delivery sent slack card")
	_, err := w.slack.Command(w.ctx, tanaka, deskRoom, "/desk")
	w.must(err)
	w.until("a command has its line in the log", func() (bool, error) {
		return strings.Contains(w.running().said(), `"kind":"command"`), nil
	})
}

// hops waits for lines about an event in the log, and wants no more than seven kinds of them.
func (w *world) hops(event string, want ...string) {
	w.t.Helper()
	for _, hop := range want {
		w.until("event "+event+" has the hop "+hop, func() (bool, error) { return slices.Contains(w.heard(event), hop), nil })
	}
	if got := w.heard(event); len(got) > 7 {
		w.t.Errorf("event %s makes %d hops: %q", event, len(got), got)
	}
}

// heard are the kinds of lines about an event that the program has logged.
func (w *world) heard(event string) (hops []string) {
	for line := range strings.Lines(w.running().said()) {
		var l struct{ Msg, Event, Platform, Kind string }
		if json.Unmarshal([]byte(line), &l) != nil || l.Event != event {
			continue
		}
		hop := strings.Join(strings.Fields(l.Msg+" "+l.Platform+" "+l.Kind), " ")
		if !slices.Contains(hops, hop) {
			hops = append(hops, hop)
		}
	}
	return hops
}
