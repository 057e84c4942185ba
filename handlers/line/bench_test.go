package line_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/handlers/line"
	"tsunagi/handlers/line/linesim"
)

type deaf struct{}

func (deaf) Handle(context.Context, concierge.Event) error { return nil }

// BenchmarkWebhook is the way in without what follows: signature, JSON, events.
func BenchmarkWebhook(b *testing.B) {
	hook := newHook(b, deaf{})
	body := fmt.Appendf(nil, `{"destination":%q,"events":[{"type":"message","message":{"type":"text","id":"468789577898262530","quoteToken":"q3Plxr4AgKd","markAsReadToken":"30yhdy232","text":"子どもの居場所づくりを、店舗の空き時間でお手伝いしたいと考えています。"},"webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{"isRedelivery":false},"timestamp":1692251666727,"source":{"type":"user","userId":%q},"replyToken":"nHuyWiB7yP5Zw52FIkcQobQuGDXCTA","mode":"active"}]}`,
		linesim.UserID("bot"), linesim.UserID("alice"))
	signature := linesim.Sign(secret, body)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/line/webhook", bytes.NewReader(body))
		r.Header.Set("X-Line-Signature", signature)
		w := httptest.NewRecorder()
		if hook.ServeHTTP(w, r); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkRender is what makes a usual talk: a question with choices, and the card of all answers.
func BenchmarkRender(b *testing.B) {
	words := catalogue(b, "ja")
	question := card(msg.Card{Title: "分野を選んでください", Buttons: buttons(8, "福祉・健康")})
	question.Blocks = append([]msg.Block{msg.Text{Body: "(3/9) どの分野のご提案ですか。"}}, question.Blocks...)
	question.Choices = buttons(5, "もどる")
	for name, m := range map[string]msg.Message{"question": question, "summary": card(msg.Card{Title: "内容の確認", Rows: rows(12), Buttons: buttons(1, "送信")})} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := line.Messages(words, m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
