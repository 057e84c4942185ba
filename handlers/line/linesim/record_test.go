package linesim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tsunagi/handlers/line/linesim"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	mark := w.Last()
	sent := w.push(p.ID(), hello("<b>")+`, {"type" : "sticker", "packageId":"446","stickerId":"1988"}`, "X-Line-Retry-Key", retryKey).want(t, 200)
	got := w.Since(mark)
	if len(got) != 2 {
		t.Fatalf("record %+v", got)
	}
	for i, e := range got {
		if e.Seq != mark+1+int64(i) || e.Kind != linesim.Seen || e.Person != p.ID() || e.Via != "push" || e.Index != i ||
			e.RetryKey != retryKey || e.RequestID != sent.header.Get("X-Line-Request-Id") || e.MessageID != sent.Errors.Sent[i].ID {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	if string(got[1].Message) != `{"type" : "sticker", "packageId":"446","stickerId":"1988"}` {
		t.Errorf("the message was altered: %s", got[1].Message)
	}
	no := w.push(p.ID(), hello("")).want(t, 400)
	e := w.Since(mark)[2]
	if e.Kind != linesim.Refused || e.Status != 400 || string(e.Answer) != string(no.body) || !strings.Contains(string(e.Message), p.ID()) {
		t.Errorf("refusal %+v", e)
	}
	if _, err := json.Marshal(w.Record()); err != nil {
		t.Errorf("the record is no JSON: %v", err)
	}
}

func TestKeepRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *linesim.Config) { c.KeepRecord = 10 })
	p := w.friend("tanaka")
	for i := range 100 {
		w.push(p.ID(), hello(fmt.Sprint(i))).want(t, 200)
	}
	got, chat := w.Record(), seen(p.Chat())
	if len(got) < 10 || len(got) >= 20 || got[len(got)-1].Seq != w.Last() || chat[len(chat)-1] != "99" {
		t.Errorf("%d entries, the last %+v", len(got), got[len(got)-1])
	}
	if since := w.Since(w.Last() - 3); len(since) != 3 || since[0].Seq != w.Last()-2 {
		t.Errorf("the last three are %+v", since)
	}
	if since := w.Since(w.Last() + 5); len(since) != 0 {
		t.Errorf("from the future: %+v", since)
	}
}

func TestWaitSeesWhatComes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.friend("tanaka")
	found := make(chan linesim.Entry)
	go func() {
		e, err := w.Wait(w.ctx, 0, func(e linesim.Entry) bool { return strings.Contains(string(e.Message), "third") })
		if err != nil {
			t.Error(err)
		}
		found <- e
	}()
	for _, s := range []string{"first", "second", "third"} {
		w.push(p.ID(), hello(s)).want(t, 200)
	}
	if e := <-found; e.Kind != linesim.Seen || e.Seq != w.Last() {
		t.Errorf("found %+v", e)
	}
}

// TestCrowd lets many people talk to a bot that answers each at once, while others read.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const people, talks = 20, 10
	w := newWorld(t, func(c *linesim.Config) { c.Unlimited = true })
	w.bot.answers(func(_ http.ResponseWriter, _ *http.Request, h hook) {
		for _, e := range h.Events {
			if e.ReplyToken != "" {
				w.reply(e.ReplyToken, hello("re "+e.Message.Text))
			}
		}
	})
	w.Misbehave(linesim.Fault{Do: linesim.Duplicate, Times: 5})
	var all sync.WaitGroup
	for i := range people {
		p := w.AddPerson(fmt.Sprint(i), "")
		all.Go(func() {
			for j := range talks {
				if _, err := p.SendText(w.ctx, fmt.Sprint(j)); err != nil {
					t.Error(err)
				}
				p.Buttons()
				w.Since(0)
			}
		})
	}
	all.Wait()
	for i := range people {
		p, _ := w.Person(fmt.Sprint(i))
		if got := seen(p.Chat()); len(got) != talks || got[talks-1] != "re 9" {
			t.Errorf("person %d sees %v", i, got)
		}
	}
	for i, e := range w.Record() {
		if e.Seq != int64(i+1) {
			t.Fatalf("entry %d has number %d", i, e.Seq)
		}
	}
}
