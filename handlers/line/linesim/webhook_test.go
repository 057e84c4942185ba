package linesim_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/line/linesim"
)

// TestSignature is the vector of https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/.
func TestSignature(t *testing.T) {
	t.Parallel()
	body := []byte(`{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}`)
	if got, want := linesim.Sign(secret, body), "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendText(w.ctx, "こんにちは <b>"))
	h := w.bot.hooks[1]
	if h.signature != linesim.Sign(secret, h.body) {
		t.Errorf("signature %q does not fit the body", h.signature)
	}
	e := w.bot.last(t)
	if h.Dest != w.BotUserID() || e.Type != "message" || e.Mode != "active" || e.Message.Text != "こんにちは <b>" || e.Source.UserID != p.ID() {
		t.Errorf("webhook %s", h.body)
	}
	if e.Timestamp != w.clock.Now().UnixMilli() || !regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`).MatchString(e.WebhookEventID) {
		t.Errorf("timestamp %d, id %s", e.Timestamp, e.WebhookEventID)
	}
	if r.EventID != e.WebhookEventID || r.MessageID != e.Message.ID || r.ReplyToken != e.ReplyToken || r.Status != 200 || e.ReplyToken == "" {
		t.Errorf("receipt %+v for event %+v", r, e)
	}
}

func TestPeopleAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.AddPerson("tanaka", "田中")
	type step struct {
		name   string
		act    func() (linesim.Receipt, error)
		kind   string
		answer bool // has a reply token
	}
	steps := []step{
		{"follow", func() (linesim.Receipt, error) { return p.Follow(w.ctx) }, "follow", true},
		{"text", func() (linesim.Receipt, error) { return p.SendText(w.ctx, "a") }, "message", true},
		{"tap", func() (linesim.Receipt, error) { return p.TapMessageAction(w.ctx, "a") }, "message", true},
		{"sticker", func() (linesim.Receipt, error) { return p.SendSticker(w.ctx, "446", "1988") }, "message", true},
		{"location", func() (linesim.Receipt, error) {
			return p.SendLocation(w.ctx, "市役所", "岸和田市", 34.46, 135.37)
		}, "message", true},
		{"image", func() (linesim.Receipt, error) { return p.SendImage(w.ctx, "image/png", []byte("png")) }, "message", true},
		{"video", func() (linesim.Receipt, error) { return p.SendVideo(w.ctx, []byte("mp4"), time.Second) }, "message", true},
		{"audio", func() (linesim.Receipt, error) { return p.SendAudio(w.ctx, []byte("m4a"), time.Second) }, "message", true},
		{"file", func() (linesim.Receipt, error) {
			return p.SendFile(w.ctx, "企画書.pdf", "application/pdf", []byte("%PDF"))
		}, "message", true},
		{"postback", func() (linesim.Receipt, error) { return p.PressPostback(w.ctx, "a=1", "はい", nil) }, "postback", true},
		{"join", func() (linesim.Receipt, error) { return p.JoinGroup(w.ctx, "club") }, "join", true},
		{"group text", func() (linesim.Receipt, error) { return p.In("club").SendText(w.ctx, "a") }, "message", true},
		{"expel", func() (linesim.Receipt, error) { return p.ExpelFromGroup(w.ctx, "club") }, "leave", false},
		{"block", func() (linesim.Receipt, error) { return p.Block(w.ctx) }, "unfollow", false},
		{"unblock", func() (linesim.Receipt, error) { return p.Follow(w.ctx) }, "follow", true},
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			w.ok(s.act())
			if e := w.bot.last(t); e.Type != s.kind || (e.ReplyToken != "") != s.answer {
				t.Errorf("event %+v", e)
			}
		})
	}
	if !w.bot.last(t).Follow.IsUnblocked {
		t.Error("the second follow does not say that it unblocks")
	}
}

func TestBlockedPersonCannotWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.ok(p.Block(w.ctx))
	if _, err := p.SendText(w.ctx, "a"); err == nil {
		t.Error("a person who has blocked the account could write")
	}
}

func TestUnsend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendFile(w.ctx, "a.pdf", "application/pdf", []byte("%PDF")))
	w.ok(p.Unsend(w.ctx, r.MessageID))
	if e := w.bot.last(t); e.Type != "unsend" || e.Unsend.MessageID != r.MessageID || e.ReplyToken != "" {
		t.Errorf("event %+v", e)
	}
	if c := p.Chat(); len(c) != 1 || !c[0].Unsent || c[0].Message != nil {
		t.Errorf("the phone still shows %+v", c)
	}
	w.call("GET", "/v2/bot/message/"+r.MessageID+"/content", "").want(t, 410)
	if _, err := p.Unsend(w.ctx, r.MessageID); err == nil {
		t.Error("a message could be unsent twice")
	}
}

func TestSendRawEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.ok(p.Send(w.ctx,
		json.RawMessage(`{"type":"beacon","beacon":{"hwid":"a","type":"enter"}}`),
		json.RawMessage(`{"type":"somethingNew","webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","mode":"standby"}`)))
	got := w.bot.hooks[1].Events
	if len(got) != 2 || got[0].ReplyToken == "" || got[1].WebhookEventID != "01FZ74A0TDDPYRVKNK77XKC3ZR" || got[1].Mode != "standby" || got[1].ReplyToken != "" {
		t.Errorf("events %+v", got)
	}
	if status, err := w.SendBody(w.ctx, []byte(`{"events":[null]}`)); status != 200 || err != nil {
		t.Errorf("a body as it is: %d, %v", status, err)
	}
}

func TestStandby(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.Standby(true)
	w.ok(p.SendText(w.ctx, "a"))
	if e := w.bot.last(t); e.Mode != "standby" || e.ReplyToken != "" {
		t.Errorf("event %+v", e)
	}
}

func TestRedelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.bot.answers(func(w http.ResponseWriter, _ *http.Request, _ hook) { w.WriteHeader(503) })
	r, err := p.SendText(w.ctx, `"isRedelivery":false`)
	if err != nil || r.Status != 503 || r.Delivered() || w.Undelivered() != 1 {
		t.Fatalf("receipt %+v, %v, undelivered %d", r, err, w.Undelivered())
	}
	w.clock.Add(10 * time.Minute)
	if again := w.Redeliver(w.ctx); len(again) != 1 || again[0].Status != 503 || w.Undelivered() != 1 {
		t.Fatalf("redelivered %+v", again)
	}
	w.bot.answers(nil)
	if again := w.Redeliver(w.ctx); len(again) != 1 || !again[0].Delivered() || w.Undelivered() != 0 {
		t.Fatalf("redelivered %+v", again)
	}
	all := w.bot.events()
	first, last := all[1], all[3]
	if first.DeliveryContext.IsRedelivery || !last.DeliveryContext.IsRedelivery {
		t.Error("isRedelivery is wrong")
	}
	last.DeliveryContext = first.DeliveryContext
	if diff := cmp.Diff(first, last); diff != "" {
		t.Errorf("the redelivered event differs: %s", diff)
	}
}

func TestTimeoutCountsAsUndelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) { c.WebhookTimeout = 20 * time.Millisecond })
	w.bot.answers(func(_ http.ResponseWriter, r *http.Request, _ hook) { <-r.Context().Done() })
	r, err := w.AddPerson("tanaka", "").SendText(w.ctx, "a")
	if err != nil || r.Status != 0 || r.Reason == "" || w.Undelivered() != 1 {
		t.Errorf("receipt %+v, %v, undelivered %d", r, err, w.Undelivered())
	}
}

func TestBackgroundRedelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) { c.RedeliverAfter = time.Millisecond })
	w.Misbehave(linesim.Fault{Do: linesim.Drop})
	r, _ := w.AddPerson("tanaka", "").SendText(w.ctx, "a")
	e, err := w.Wait(w.ctx, 0, func(e linesim.Entry) bool { return e.Kind == linesim.Webhook && e.Again })
	if err != nil || e.EventID != r.EventID || e.Status != 200 || w.Undelivered() != 0 {
		t.Errorf("entry %+v, %v", e, err)
	}
}

func texts(events []event) string {
	var out []string
	for _, e := range events {
		out = append(out, e.Message.Text)
	}
	return strings.Join(out, " ")
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		do   linesim.Deed
		want string // what arrives of "1 2", then after redelivery
	}{
		{"duplicate", linesim.Duplicate, "1 1 2"},
		{"reorder", linesim.Reorder, "2 1"},
		{"drop", linesim.Drop, "2 1"},
		{"lost answer", linesim.LoseAnswer, "1 2 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p, q := w.AddPerson("tanaka", ""), w.AddPerson("sato", "")
			w.Misbehave(linesim.Fault{Do: c.do, Person: p.ID()})
			for i, who := range []linesim.Person{p, q} {
				if _, err := who.SendText(w.ctx, string(rune('1'+i))); err != nil {
					t.Fatal(err)
				}
			}
			w.Redeliver(w.ctx)
			got := w.bot.events()
			if texts(got) != c.want {
				t.Errorf("arrived %q, want %q", texts(got), c.want)
			}
			last := got[len(got)-1]
			if again := c.do == linesim.Drop || c.do == linesim.LoseAnswer; last.DeliveryContext.IsRedelivery != again {
				t.Errorf("isRedelivery %v, want %v", !again, again)
			}
			if c.do != linesim.Reorder && w.Undelivered() != 0 {
				t.Errorf("%d events undelivered", w.Undelivered())
			}
		})
	}
}

func TestWebhookIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.friend("tanaka")
	got := w.Record()
	kinds := []linesim.Kind{}
	for _, e := range got {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []linesim.Kind{linesim.Followed, linesim.Webhook}) || got[0].EventID != got[1].EventID || got[1].Status != 200 {
		t.Errorf("record %+v", got)
	}
}
