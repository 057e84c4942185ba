package slack_test

import (
	"testing"
	"time"

	"tsunagi/bot/text"
	"tsunagi/handlers/slack"
	"tsunagi/store"
)

// TestCheckSignature: a wrong signing secret is a fault, one of which nothing is known is open, and a stranger's request
// with a wrong signature proves nothing on a desk that Slack reaches.
func TestCheckSignature(t *testing.T) {
	t.Parallel()
	words, err := text.Load("ja")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		found    store.Signatures
		ok, open bool
	}{
		"nothing has come":      {store.Signatures{}, false, true},
		"only wrong ones":       {store.Signatures{Refused: now}, false, false},
		"wrong since yesterday": {store.Signatures{Verified: now.Add(-25 * time.Hour), Refused: now}, false, false},
		"a stranger's":          {store.Signatures{Verified: now.Add(-time.Hour), Refused: now}, true, false},
		"all right":             {store.Signatures{Verified: now}, true, false},
	} {
		got := slack.CheckSignature(c.found, words, false)
		if len(got) != 1 || got[0].OK != c.ok || got[0].Open != c.open {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if got := slack.CheckSignature(store.Signatures{Refused: now}, words, true); len(got) != 0 {
		t.Errorf("over Socket Mode nothing is signed, and got %+v", got)
	}
}
