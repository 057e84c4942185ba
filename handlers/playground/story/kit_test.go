package story_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/playground/story"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

// small is a small application that does as it is told: what somebody writes or presses on LINE leads to messages, what
// staff press in Slack leads to calls.
type small struct {
	t     *testing.T
	line  *linesim.Sim
	slack *slacksim.Sim
	stage story.Stage

	mu     sync.Mutex
	heard  []string                         // on LINE: words, or the data of buttons
	answer func(heard string) []any         // messages; nil: none
	acted  func(payload map[string]any) any // what a press or submission is answered with
	status int                              // of webhooks, unless 0
	idles  int
}

func newSmall(t *testing.T) *small {
	t.Helper()
	a := &small{t: t}
	app := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(app.Close)
	a.line = linesim.New(linesim.Config{ChannelSecret: "s", AccessToken: "t", WebhookURL: app.URL + "/line", WebhookTimeout: testwait.Limit})
	t.Cleanup(a.line.Close)
	a.slack = slacksim.New(slacksim.Config{
		BotToken: "xoxb", SigningSecret: "s", CommandsURL: app.URL + "/command", InteractionsURL: app.URL + "/act", BaseURL: "http://slack.test",
		AckTimeout: testwait.Limit,
	})
	t.Cleanup(a.slack.Shutdown)
	for _, p := range cast().People {
		a.line.AddPerson(p.Name, p.Name)
	}
	for _, m := range cast().Staff {
		a.slack.AddUser(m.ID, m.Name)
	}
	a.slack.AddPrivateChannel("C0DESK", "desk", "U1", "U2")
	a.stage = story.Stage{Line: a.line, Slack: a.slack, Patience: 300 * time.Millisecond, Idle: a.idle}
	return a
}

func cast() story.Cast {
	return story.Cast{
		Title: "タイトル", Rooms: map[string]string{"デスク": "C0DESK"},
		People: []story.Person{{Name: "佐藤"}},
		Staff:  []story.Member{{Name: "田中", ID: "U1", Rooms: []string{"デスク"}}, {Name: "中村", ID: "U2", Rooms: []string{"デスク"}}},
		Answers: []story.Answer{
			{Asked: "団体名", Answer: "だんじり食品"}, {Asked: "分野", Answer: "福祉、環境"}, {Asked: "タイトル", Answer: "見守り"},
		},
	}
}

func (a *small) idle(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.idles++
	return nil
}

func (a *small) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	if r.URL.Path == "/line" {
		w.WriteHeader(a.onLine(body))
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		a.t.Error(err)
	}
	payload := map[string]any{"type": "command", "text": form.Get("text")}
	if raw := form.Get("payload"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &payload); err != nil {
			a.t.Error(err)
		}
	}
	if said := a.acted(payload); said != nil {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(said); err != nil {
			a.t.Error(err)
		}
	}
}

func (a *small) onLine(body []byte) int {
	var hook struct {
		Events []struct {
			Type, ReplyToken string
			Message          struct{ Type, Text string }
			Postback         struct{ Data string }
		}
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		a.t.Error(err)
	}
	for _, e := range hook.Events {
		heard := e.Type
		switch e.Type {
		case "message":
			heard = e.Message.Type + ":" + e.Message.Text
		case "postback":
			heard = e.Postback.Data
		}
		a.mu.Lock()
		a.heard = append(a.heard, heard)
		status := a.status
		a.mu.Unlock()
		if status != 0 {
			return status
		}
		if said := a.answer; said != nil && e.ReplyToken != "" {
			if messages := said(heard); len(messages) > 0 {
				a.call(a.line, "/v2/bot/message/reply", "t", map[string]any{"replyToken": e.ReplyToken, "messages": messages})
			}
		}
	}
	return http.StatusOK
}

// becomes changes how webhooks are answered.
func (a *small) becomes(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status = status
}

// call calls a platform as the application.
func (a *small) call(platform http.Handler, path, token string, body any) map[string]any {
	raw, err := json.Marshal(body)
	if err != nil {
		a.t.Error(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	w := httptest.NewRecorder()
	platform.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code >= 300 || out["ok"] == false {
		a.t.Errorf("%s: %d %s", path, w.Code, w.Body)
	}
	return out
}

func (a *small) api(method string, body map[string]any) map[string]any {
	return a.call(a.slack, "/api/"+method, "xoxb", body)
}

func (a *small) words() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.heard...)
}

// play plays a text and gives the fault, if any.
func (a *small) play(text string) error {
	a.t.Helper()
	s, err := story.Parse("test", text)
	if err != nil {
		a.t.Fatal(err)
	}
	p, err := story.NewPlayer(a.stage, cast(), s)
	if err != nil {
		a.t.Fatal(err)
	}
	return p.All(a.t.Context())
}

func (a *small) plays(text string) {
	a.t.Helper()
	if err := a.play(text); err != nil {
		a.t.Fatal(err)
	}
}

// fails wants a fault of the given line that says all this.
func (a *small) fails(text string, wants ...string) {
	a.t.Helper()
	err := a.play(text)
	if err == nil {
		a.t.Fatalf("played to the end:\n%s", text)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			a.t.Errorf("want %q in:\n%v", want, err)
		}
	}
}

// Messages of LINE and blocks of Slack, as short as they can be.

func say(text string) any { return map[string]any{"type": "text", "text": text} }

func button(label string) map[string]any {
	return map[string]any{"type": "button", "action": map[string]any{"type": "postback", "label": label, "data": "press:" + label}}
}

func card(parts ...any) any {
	return map[string]any{"type": "flex", "altText": "alt", "contents": map[string]any{
		"type": "bubble", "body": map[string]any{"type": "box", "layout": "vertical", "contents": parts},
	}}
}

func row(label, value string) any {
	text := func(s string) any { return map[string]any{"type": "text", "text": s} }
	small := map[string]any{
		"type": "box", "layout": "vertical", "contents": []any{text("変更")},
		"action": map[string]any{"type": "postback", "label": "変更", "data": "edit:" + label},
	}
	pair := map[string]any{"type": "box", "layout": "vertical", "contents": []any{text(label), text(value)}}
	return map[string]any{"type": "box", "layout": "horizontal", "contents": []any{pair, small}}
}

func quick(message any, labels ...string) any {
	var items []any
	for _, l := range labels {
		items = append(items, map[string]any{"type": "action", "action": map[string]any{"type": "postback", "label": l, "data": "press:" + l}})
	}
	m := message.(map[string]any)
	m["quickReply"] = map[string]any{"items": items}
	return m
}

func plain(s string) map[string]any { return map[string]any{"type": "plain_text", "text": s} }

func section(s string) any { return map[string]any{"type": "section", "text": plain(s)} }

func actions(elements ...any) any { return map[string]any{"type": "actions", "elements": elements} }

func press(label, value string) any {
	return map[string]any{"type": "button", "action_id": label, "text": plain(label), "value": value}
}
