package slacksim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tsunagi/handlers/slack/slacksim"
)

// BenchmarkPost is one chat.postMessage of a card with five blocks, without the network.
func BenchmarkPost(b *testing.B) {
	sim := slacksim.New(slacksim.Config{BotToken: "t", Rates: slacksim.Rates{Off: true}, KeepRecord: 1000})
	b.Cleanup(sim.Shutdown)
	sim.AddChannel("C0DESK", "desk")
	body := `{"channel":"C0DESK","text":"card","blocks":[{"type":"header","text":{"type":"plain_text","text":"a"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*title*"}},{"type":"section","fields":[{"type":"mrkdwn","text":"a"},{"type":"mrkdwn","text":"b"}]},
		{"type":"actions","elements":[{"type":"button","action_id":"x","text":{"type":"plain_text","text":"x"},"value":"1"}]},{"type":"divider"}]}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/api/chat.postMessage", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer t")
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `"ok":true`) {
			b.Fatal(w.Body.String())
		}
	}
}
