package line_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/door"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
)

// quietDesk takes everything, and complains of what must not come in.
type quietDesk struct{ t testing.TB }

func (d quietDesk) Handle(_ context.Context, e concierge.Event) error {
	if len(e.User) != 33 || e.ID == "" || e.Kind == "" || e.At.IsZero() {
		d.t.Errorf("came in: %+v", e)
	}
	return nil
}

func newHook(t testing.TB, d line.Concierge) *line.Webhook {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	client, err := line.New(line.Options{Token: config.NewSecret(token), Words: catalogue(t, "ja"), Log: quiet, APIURL: "http://127.0.0.1:1", DataURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return line.NewWebhook(line.WebhookOptions{
		Client: client, Concierge: d, Door: door.New(door.Options{Now: time.Now, Log: quiet}), Secret: config.NewSecret(secret), Log: quiet,
	})
}

func signedRequest(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/line/webhook", strings.NewReader(string(body)))
	r.Header.Set("X-Line-Signature", linesim.Sign(secret, body))
	return r
}

func FuzzWebhook(f *testing.F) {
	hook := newHook(f, quietDesk{f})
	user := linesim.UserID("alice")
	for _, seed := range []string{
		`{"destination":"U","events":[]}`, `null`, `[[[`, `{"events":[null,{}]}`,
		`{"events":[{"type":"message","webhookEventId":"01A","timestamp":1,"source":{"type":"user","userId":"` + user + `"},"message":{"id":"1","type":"text","text":"\ud800"}}]}`,
		`{"events":[{"type":"postback","webhookEventId":"01A","source":{"type":"user","userId":"` + user + `"},"postback":{"data":"do=x&a=%00","params":{"date":"2026-01-01"}}}]}`,
		`{"events":[{"type":"message","webhookEventId":"01A","source":{"type":"user","userId":"` + user + `"},"message":{"id":"1","type":"file","fileName":"..","fileSize":1e99}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, signedRequest(body))
		valid := json.Valid(body)
		if w.Code != 200 && w.Code != 400 || !valid && w.Code != 400 {
			t.Errorf("status %d, valid %t", w.Code, valid)
		}
	})
}

// FuzzRender renders any text in one place after the other, and has LINE judge it. What is long, or in all places at once,
// takes a hundred times as long; it is FuzzRenderLong's.
func FuzzRender(f *testing.F) {
	fuzzRender(f, 120, 3, func(all []msg.Block, n int) []msg.Block { return all[n%len(all):][:1] })
}

// FuzzRenderLong renders what fills messages, and more of them than may go at once.
func FuzzRenderLong(f *testing.F) {
	fuzzRender(f, 1<<15, 200, func(all []msg.Block, _ int) []msg.Block { return all })
}

func fuzzRender(f *testing.F, bytes, presses int, places func([]msg.Block, int) []msg.Block) {
	words := catalogue(f, "ja")
	sim := linesim.New(linesim.Config{ChannelSecret: secret, AccessToken: token, Unlimited: true, KeepRecord: 1})
	f.Add("題", "本文", "釦", uint16(1), uint16(3))
	f.Add("<&>\x00\xff\u202e", strings.Repeat("👨‍👩‍👧", 40), "\n", uint16(400), uint16(14))
	f.Add("", "e\u0301", "a", uint16(9000), uint16(50))
	f.Fuzz(func(t *testing.T, title, body, label string, times, n uint16) {
		title, label, body = title[:min(len(title), bytes)], label[:min(len(label), bytes/2)], body[:min(len(body), bytes)]
		long := strings.Repeat(body, min(int(times), bytes/max(len(body), 1)))
		if strings.TrimSpace(long) == "" {
			long = "本文"
		}
		list := buttons(int(n)%(presses+1), label)
		judged(t, sim, words, msg.Message{Alt: title, Choices: list, Blocks: places([]msg.Block{
			msg.Text{Body: long}, msg.Quote{Author: title, Body: body},
			msg.Card{Title: title, Body: long, State: label, Rows: []msg.Row{{Label: label, Value: long, Edit: &msg.Button{Label: label + "!", Press: press(1)}}}, Notes: []string{title}, Buttons: list},
		}, int(n))})
	})
}

// judged renders a message and has LINE say whether it would take it.
func judged(t *testing.T, sim *linesim.Sim, words *text.Catalogue, m msg.Message) {
	t.Helper()
	out, err := line.Messages(words, m)
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	if len(out) < 1 || len(out) > 5 {
		t.Fatalf("%d messages", len(out))
	}
	raw := `{"messages":[` + string(slices.Concat(joinRaw(out)...)) + `]}`
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/v2/bot/message/validate/reply", strings.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if sim.ServeHTTP(w, r); w.Code != 200 {
		t.Fatalf("refused: %s", w.Body)
	}
}

func joinRaw(list [][]byte) [][]byte {
	var out [][]byte
	for i, raw := range list {
		if i > 0 {
			out = append(out, []byte(","))
		}
		out = append(out, raw)
	}
	return out
}

func FuzzSplit(f *testing.F) {
	f.Add("あ👨‍👩‍👧\ne\u0301", uint8(4))
	f.Fuzz(func(t *testing.T, s string, size uint8) {
		size = max(size, 4)
		parts := line.Split(s, int(size))
		if strings.Join(parts, "") != s {
			t.Errorf("%q in parts is %q", s, parts)
		}
		for _, p := range parts {
			if p == "" || len(utf16.Encode([]rune(p))) > int(size) {
				t.Errorf("a part of %q has not 1 to %d units: %q", s, size, p)
			}
		}
	})
}
