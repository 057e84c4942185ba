package linesim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// answering is a bot in the same process: no sockets, so that the simulator alone is measured.
type answering struct {
	sim  *linesim.Sim
	body func(token string) string
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(b), `"replyToken":"`)
	token, _, _ := strings.Cut(rest, `"`)
	req := httptest.NewRequest("POST", "/v2/bot/message/reply", strings.NewReader(a.body(token)))
	req.Header["Authorization"], req.Header["Content-Type"] = []string{"Bearer token"}, []string{"application/json"}
	w := httptest.NewRecorder()
	a.sim.ServeHTTP(w, req)
	if w.Code != 200 {
		return nil, fmt.Errorf("reply: %s", w.Body)
	}
	return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
}

func benchmark(b *testing.B, message string) {
	bot := &answering{body: func(token string) string { return `{"replyToken":"` + token + `","messages":[` + message + `]}` }}
	bot.sim = linesim.New(linesim.Config{ChannelSecret: "s", AccessToken: "token", WebhookURL: "http://bot/", Unlimited: true, KeepRecord: 1000, HTTPClient: &http.Client{Transport: bot}})
	p := bot.sim.AddPerson("tanaka", "")
	b.ReportAllocs()
	for b.Loop() {
		if r, err := p.SendText(b.Context(), "hello"); err != nil || !r.Delivered() {
			b.Fatal(r, err)
		}
	}
}

// BenchmarkTalk is one event sent, signed, and answered with a plain text.
func BenchmarkTalk(b *testing.B) { benchmark(b, hello("こんにちは")) }

// BenchmarkTalkFlex is the same with a card and quick replies.
func BenchmarkTalkFlex(b *testing.B) {
	benchmark(b, flex(bubble(words(`,"wrap":true`)+","+list(6, button(act("はい")))))+","+quick(13))
}
