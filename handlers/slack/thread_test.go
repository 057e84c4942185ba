package slack_test

import (
	"errors"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/handlers/slack"
	"tsunagi/handlers/slack/slacksim"
)

// posted counts the messages that have appeared since.
func (w *world) posted(since int) (n int) {
	for _, e := range w.sim.Since(since) {
		if e.Kind == slacksim.Posted {
			n++
		}
	}
	return n
}

// asked counts the calls of a method since.
func (w *world) asked(method string, since int) (n int) {
	for _, e := range w.sim.Since(since) {
		if e.Kind == slacksim.Called && e.Method == method {
			n++
		}
	}
	return n
}

// What answers a message that somebody has deleted is not posted, whether Slack would refuse it or put it into the channel.
func TestSend_under_a_deleted_message(t *testing.T) {
	t.Parallel()
	for name, loses := range map[string]bool{"refused": false, "lost": true} {
		for what, file := range map[string]*outbox.File{"words": nil, "a file": document("a.pdf", []byte("%PDF-1.7"))} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, func(c *slacksim.Config) { c.LoseThreads = loses })
				p := parcel(welfareRoom, plain("続き"))
				p.Thread, p.File = w.card(welfareRoom), file
				w.must(w.sim.DeleteMessage(w.ctx(), welfareRoom, p.Thread))
				w.clock.Add(slack.HistoryLag)
				seq := w.sim.Seq()
				_, err := w.sender.Send(w.ctx(), p)
				if !errors.Is(err, outbox.ErrThreadGone) {
					t.Errorf("got %v", err)
				}
				if n := w.posted(seq); n != 0 {
					t.Errorf("%d messages", n)
				}
			})
		}
	}
}

// A message that is not to be seen may be too young for the history; when Slack cannot be asked, nothing is posted, but for want of the
// scope to ask.
func TestSend_under_what_cannot_be_seen(t *testing.T) {
	t.Parallel()
	t.Run("yet", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("続き"))
		p.Thread = w.card(welfareRoom)
		w.sim.SetHistoryLag(5 * time.Second)
		_, err := w.sender.Send(w.ctx(), p)
		var e *bot.Error
		if !errors.As(err, &e) || e.Kind != bot.Later || !e.Sure || errors.Is(err, outbox.ErrThreadGone) {
			t.Fatalf("got %v", err)
		}
		w.clock.Add(6 * time.Second)
		if _, err := w.sender.Send(w.ctx(), p); err != nil {
			t.Error(err)
		}
	})
	t.Run("for want of an answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("続き"))
		p.Thread = w.card(welfareRoom)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.replies"})
		seq := w.sim.Seq()
		_, err := w.sender.Send(w.ctx(), p)
		var e *bot.Error
		if !errors.As(err, &e) || e.Kind != bot.Later || !e.Sure || w.posted(seq) != 0 {
			t.Errorf("got %v, %d messages", err, w.posted(seq))
		}
	})
	t.Run("for want of the scope", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := parcel(welfareRoom, plain("続き"))
		p.Thread = w.card(welfareRoom)
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "conversations.replies", Error: "missing_scope"})
		if _, err := w.sender.Send(w.ctx(), p); err != nil {
			t.Error(err)
		}
	})
}

// What follows a change of its card needs no look; what follows that, does.
func TestSend_looks_once(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.card(welfareRoom)
	card := parcel(welfareRoom, plain("新しい状態"))
	card.Update = root
	seq := w.sim.Seq()
	_, err := w.sender.Send(w.ctx(), card)
	w.must(err)
	for i, want := range []int{0, 1, 2} {
		p := parcel(welfareRoom, plain("続き"))
		p.Thread = root
		_, err := w.sender.Send(w.ctx(), p)
		w.must(err)
		if n := w.asked("conversations.replies", seq); n != want {
			t.Errorf("after message %d: %d looks, want %d", i+1, n, want)
		}
	}
}
