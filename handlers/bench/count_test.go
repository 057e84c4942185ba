package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// fickle is a bot that verifies with the SDK, and does with each event what the test says.
type fickle struct {
	t    *testing.T
	api  *messaging_api.MessagingApiAPI
	seen atomic.Int64
	do   func(n int64, reply func(token string) error, token string) (status int)
}

func (f *fickle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parsed, err := webhook.ParseRequest(channelSecret, r)
	if err != nil || len(parsed.Events) != 1 {
		f.t.Errorf("the SDK reads %v, %v", parsed, err)
		return
	}
	reply := func(token string) error {
		_, err := f.api.ReplyMessage(&messaging_api.ReplyMessageRequest{
			ReplyToken: token, Messages: []messaging_api.MessageInterface{messaging_api.TextMessage{Text: "ok"}},
		})
		return err
	}
	w.WriteHeader(f.do(f.seen.Add(1), reply, readSDK(parsed.Events[0]).token))
}

// newLoadFor makes a platform, a bot and a load between them.
func newLoadFor(t *testing.T, do func(n int64, reply func(string) error, token string) int) *load {
	t.Helper()
	line, err := newPlatform()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(line.close)
	api, err := messaging_api.NewMessagingApiAPI(accessToken, messaging_api.WithEndpoint(line.url))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&fickle{t: t, api: api, do: do})
	t.Cleanup(server.Close)
	return &load{line: line, addr: strings.TrimPrefix(server.URL, "http://"), phase: 7, talk: steps()[:shortTalk], late: 200 * time.Millisecond}
}

// answers replies once to everything.
func answers(t *testing.T) func(int64, func(string) error, string) int {
	return func(_ int64, reply func(string) error, token string) int {
		if err := reply(token); err != nil {
			t.Error(err)
		}
		return 200
	}
}

func TestCounting(t *testing.T) {
	t.Parallel()
	const people = 5
	events := people * shortTalk
	t.Run("a bot that answers everything once is found faultless", func(t *testing.T) {
		t.Parallel()
		got, err := newLoadFor(t, answers(t)).once(t.Context(), people)
		if err != nil || got.events != events || got.faults() != "none" || len(got.answered) != events || len(got.acked) != events {
			t.Errorf("got %d events, %s, %v, want %d without fault", got.events, got.faults(), err, events)
		}
	})
	t.Run("an answer given twice is found", func(t *testing.T) {
		t.Parallel()
		got, _ := newLoadFor(t, func(n int64, reply func(string) error, token string) int {
			_ = reply(token)
			if n == 3 && reply(token) == nil {
				t.Error("a reply token works twice")
			}
			return 200
		}).once(t.Context(), people)
		if got.doubled != 1 || got.lost != 0 {
			t.Errorf("got %s, want one answered twice", got.faults())
		}
	})
	t.Run("an answer that never comes is found", func(t *testing.T) {
		t.Parallel()
		got, _ := newLoadFor(t, func(n int64, reply func(string) error, token string) int {
			if n != 3 {
				_ = reply(token)
			}
			return 200
		}).once(t.Context(), people)
		if got.lost != 1 || got.refused != 0 || got.events >= events {
			t.Errorf("got %d events, %s, want one without answer, and its talk ended", got.events, got.faults())
		}
	})
	t.Run("a refusal is found", func(t *testing.T) {
		t.Parallel()
		got, _ := newLoadFor(t, func(n int64, reply func(string) error, token string) int {
			if n == 3 {
				return 503
			}
			_ = reply(token)
			return 200
		}).once(t.Context(), people)
		if got.refused != 1 || got.lost != 1 {
			t.Errorf("got %s, want one refused", got.faults())
		}
	})
	t.Run("in the open loop too", func(t *testing.T) {
		t.Parallel()
		got, err := newLoadFor(t, func(n int64, reply func(string) error, token string) int {
			if n == 5 {
				return 200
			}
			_ = reply(token)
			if n == 9 {
				_ = reply(token)
			}
			return 200
		}).open(t.Context(), 500, 200*time.Millisecond)
		if err != nil || got.events != 100 || got.lost != 1 || got.doubled != 1 || got.refused != 0 {
			t.Errorf("got %d events, %s, %v, want 100 with one lost and one doubled", got.events, got.faults(), err)
		}
	})
}

func TestPlatform(t *testing.T) {
	t.Parallel()
	p := &platform{}
	tl := newTally(3, 10)
	p.current.Store(tl)
	_, n, _ := tl.event(newPerson("U1"))
	call := func(path, token, body string) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		return w.Code
	}
	good := fmt.Sprintf(`{"replyToken":"%s","messages":[]}`, tl.token(n))
	for _, c := range []struct {
		name, path, token, body string
		want                    int
	}{
		{"without the access token", "/v2/bot/message/reply", "", good, 401},
		{"a token of nobody", "/v2/bot/message/reply", accessToken, `{"replyToken":"` + newTally(4, 1).token(0) + `"}`, 400},
		{"a token not given yet", "/v2/bot/message/reply", accessToken, `{"replyToken":"` + tl.token(n+1) + `"}`, 400},
		{"a good one", "/v2/bot/message/reply", accessToken, good, 200},
		{"the same once more", "/v2/bot/message/reply", accessToken, good, 400},
		{"a push", "/v2/bot/message/push", accessToken, `{"to":"U1","messages":[]}`, 200},
		{"what LINE does not have", "/v2/bot/nothing", accessToken, `{}`, 404},
	} {
		if got := call(c.path, c.token, c.body); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
	if got := tl.sum(); got.doubled != 1 || got.pushes != 1 || p.strays.Load() != 2 {
		t.Errorf("got %s and %d strays, want one doubled, one pushed, two strays", got.faults(), p.strays.Load())
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	l := newLoadFor(t, answers(t))
	tl := newTally(l.phase, 100)
	var p phone
	for i, s := range steps() {
		var got struct{ Events []map[string]any }
		if err := json.Unmarshal(s.line(&p.body, tl, int64(i), user(l.phase, 1), 1), &got); err != nil || len(got.Events) != 1 {
			t.Fatalf("step %d is no event: %v", i, err)
		}
	}
	if all := steps(); len(all) != sending+1 || answersIn(all) != 12 {
		t.Errorf("%d steps with %d answers, want %d with 12", len(all), answersIn(all), sending+1)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := &report{out: io.Discard}
	r.table("Head", []string{"a", "b"}, [][]string{{"one", against(true, "≤ 1")}, {"二", against(false, "≤ 1")}})
	want := "\n## Head\n\n| a   | b     |\n| --- | ----- |\n| one | ≤ 1 ✓ |\n| 二   | ≤ 1 ✗ |\n"
	if got := r.text.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if got := median([]float64{3, 1, 2}); got != 2 {
		t.Errorf("median %v, want 2", got)
	}
	sorted := []time.Duration{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if got := []time.Duration{at(sorted, 0), at(sorted, .5), at(sorted, .99), at(sorted, 1), at(nil, .5)}; !slices.Equal(got, []time.Duration{1, 6, 10, 10, 0}) {
		t.Errorf("quantiles %v", got)
	}
}
