package linesim_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"tsunagi/handlers/line/linesim"
)

// FuzzValidate sends anything as messages: there is an answer each time, in LINE's form, and never to bad JSON a good one.
func FuzzValidate(f *testing.F) {
	sim := linesim.New(linesim.Config{ChannelSecret: "s", AccessToken: token, Unlimited: true, KeepRecord: 10})
	for _, s := range []string{
		hello("a"), quick(1), confirm("a", 2), columns(column(`"text":"a"`, 1)), imagemap("a", 1), flex(bubble(words(""))), flex(swipe(bubble(""))),
		textV2("{k0}", substitutes(1)), emojis(2), picker("date", `,"min":"2017-06-18"`), `null`, `[]`, `{"type":1}`, `{"type":"flex","altText":"a","contents":[]}`,
	} {
		f.Add(`{"messages":[` + s + `]}`)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/v2/bot/message/validate/push", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, r)
		var no struct{ Message string }
		if err := json.Unmarshal(w.Body.Bytes(), &no); err != nil {
			t.Fatalf("answer %q: %v", w.Body, err)
		}
		if (w.Code != 200 || !json.Valid([]byte(body))) && (w.Code != 400 || no.Message == "") {
			t.Fatalf("status %d, %q", w.Code, no.Message)
		}
	})
}
