package slack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/handlers/slack/slacksim"
)

func BenchmarkCommand(b *testing.B) {
	sim := slacksim.New(slacksim.Config{BotToken: "x", SigningSecret: secret, Rates: slacksim.Rates{Off: true}})
	sim.AddUser(clerk, "clerk")
	sim.AddPrivateChannel(deskRoom, "desk", clerk)
	sim.AddPrivateChannel(welfareRoom, "welfare")
	sim.AddPrivateChannel(healthRoom, "health")
	server := httptest.NewServer(sim)
	defer server.Close()
	app, sign := served(b, server.URL)
	body := commandBody("list overdue")
	list := msg.Message{Alt: "一覧"}
	for i := range 10 {
		list.Blocks = append(list.Blocks, msg.Card{
			Title: fmt.Sprintf("K2026-%04d 高齢者の見守り", i), State: "確認中",
			Rows:    []msg.Row{{Label: "団体", Value: "株式会社みまもり"}, {Label: "期限", Value: "2026年11月27日(金)"}},
			Buttons: []msg.Button{{Label: "開く", Press: msg.Do("desk.run", "line", "show")}},
		})
	}
	app.Desk = &commands{answer: func(context.Context, desk.Call) (msg.Message, error) { return list, nil }}
	handler := app.Commands()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader(body))
		sign(r, []byte(body))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
			b.Fatalf("got %d", w.Code)
		}
	}
}
