package linesim_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/handlers/line/linesim"
)

func TestReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendText(w.ctx, "a"))
	w.reply(r.ReplyToken, hello("")).want(t, 400, "The request body has 1 error(s)") // does not use the token up
	sent := w.reply(r.ReplyToken, hello("一")+","+hello("二")).want(t, 200)
	if len(sent.Errors.Sent) != 2 || sent.Errors.Sent[0].ID == "" || sent.Errors.Sent[0].QuoteToken == "" {
		t.Errorf("answer %s", sent.body)
	}
	w.reply(r.ReplyToken, hello("三")).want(t, 400, "Invalid reply token")
	w.reply("made-up", hello("三")).want(t, 400, "Invalid reply token")
	if got := strings.Join(seen(p.Chat()), " "); got != "一 二" {
		t.Errorf("the phone shows %q", got)
	}
	if w.Usage() != 0 {
		t.Error("a reply was counted")
	}
}

func TestReplyTakesNoRetryKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.ok(w.friend("tanaka").SendText(w.ctx, "a"))
	w.reply(r.ReplyToken, hello("a"), "X-Line-Retry-Key", "123e4567-e89b-12d3-a456-426614174000").want(t, 400)
	w.reply(r.ReplyToken, hello("a")).want(t, 200)
}

// TestReplyWindow is https://developers.line.biz/en/reference/messaging-api/#send-reply-message.
func TestReplyWindow(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		first, then time.Duration // from the event to the redelivery, 0 for none; from there to the reply
		status      int
	}{
		{"one minute", 0, time.Minute, 200},
		{"over a minute", 0, time.Minute + time.Millisecond, 400},
		{"redelivered", 5 * time.Minute, time.Minute, 200},
		{"redelivered, over a minute", 5 * time.Minute, time.Minute + time.Millisecond, 400},
		{"redelivered, twenty minutes", 19*time.Minute + 30*time.Second, 30 * time.Second, 200},
		{"redelivered, over twenty minutes", 19*time.Minute + 30*time.Second, 31 * time.Second, 400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.friend("tanaka")
			if c.first > 0 {
				w.Misbehave(linesim.Fault{Do: linesim.LoseAnswer})
			}
			r, err := p.SendText(w.ctx, "a")
			if err != nil {
				t.Fatal(err)
			}
			if c.first > 0 {
				w.clock.Add(c.first)
				w.Redeliver(w.ctx)
			}
			w.clock.Add(c.then)
			w.reply(r.ReplyToken, hello("a")).want(t, c.status)
		})
	}
}

func TestUsedTokenStaysUsedAfterRedelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	w.Misbehave(linesim.Fault{Do: linesim.LoseAnswer})
	r, _ := p.SendText(w.ctx, "a")
	w.reply(r.ReplyToken, hello("a")).want(t, 200)
	w.Redeliver(w.ctx)
	w.reply(r.ReplyToken, hello("a")).want(t, 400, "Invalid reply token")
}

func TestDroppedEventGrantsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Misbehave(linesim.Fault{Do: linesim.Drop})
	r, _ := w.AddPerson("tanaka", "").SendText(w.ctx, "a")
	w.reply(r.ReplyToken, hello("a")).want(t, 400, "Invalid reply token")
}

func TestReplyToBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	r := w.ok(p.SendText(w.ctx, "a"))
	w.ok(p.Block(w.ctx))
	w.reply(r.ReplyToken, hello("a")).want(t, 200)
	if len(seen(p.Chat())) != 0 || len(ofKind(w.Record(), linesim.NotShown)) != 1 {
		t.Error("a reply reached somebody who has blocked the account")
	}
}

func TestQuoteToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, q := w.friend("tanaka"), w.friend("sato")
	w.ok(p.SendText(w.ctx, "a"))
	quote := `{"type":"text","text":"a","quoteToken":"` + w.bot.last(t).Message.QuoteToken + `"}`
	w.push(p.ID(), quote).want(t, 200)
	w.push(p.ID(), quote).want(t, 200) // as often as one likes
	w.push(q.ID(), quote).want(t, 400)
}

func TestQuickReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	quick := func(data string) string {
		return `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","action":{"type":"postback","label":"` + data + `","data":"` + data + `"}}]}}`
	}
	shown := func() (out []string) {
		for _, b := range p.Buttons() {
			if b.Where == "quickReply" {
				out = append(out, b.Data)
			}
		}
		return out
	}
	w.push(p.ID(), quick("one")+","+quick("two")).want(t, 200)
	if got := shown(); len(got) != 1 || got[0] != "two" {
		t.Fatalf("quick replies %v, want those of the last message", got)
	}
	if _, err := p.Tap(w.ctx, "one"); err == nil {
		t.Error("a quick reply that is gone could be tapped")
	}
	w.ok(p.Tap(w.ctx, "two"))
	if got := shown(); got != nil || w.bot.last(t).Postback.Data != "two" {
		t.Errorf("after tapping: quick replies %v, event %+v", got, w.bot.last(t))
	}
	w.push(p.ID(), quick("three")).want(t, 200)
	w.ok(p.SendText(w.ctx, "typed"))
	if got := shown(); got != nil {
		t.Errorf("after typing: quick replies %v", got)
	}
}
