package concierge_test

import (
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// late is words that LINE brings again after newer ones.
func (k *talk) late(words string, at time.Time) {
	k.t.Helper()
	k.do(concierge.Event{Kind: concierge.Said, Text: words, At: at, Redelivered: true})
}

// An answer that LINE could not bring in time may be protected. Whatever has become of its form, it is no message for the
// threads of another proposal.
func TestLate_answers_reach_no_thread(t *testing.T) {
	t.Parallel()
	for name, since := range map[string]func(*talk){
		"submitted": func(k *talk) { k.say("送信") },
		"paused":    func(k *talk) { k.say("中断") },
		"cancelled": func(k *talk) { k.say("やめる"); k.say("はい") },
		"begun anew": func(k *talk) {
			k.do(concierge.Event{Kind: concierge.Pressed, Press: propose()})
			k.say("新しく始める")
			k.say("中断")
		},
		"turned away":   func(k *talk) { k.say("1"); k.say("個人") },
		"still on":      func(*talk) {},
		"blocked since": func(k *talk) { k.do(concierge.Event{Kind: concierge.Blocked}) },
	} {
		for _, file := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				k := newTalk(t)
				p := k.several(1)[0]
				k.propose("見守り")
				at := k.now.Add(-5 * time.Second)
				since(k)
				k.forget()
				if file {
					k.do(concierge.Event{
						Kind: concierge.SentFile, At: at, Redelivered: true, File: concierge.Attachment{Name: "a.pdf", Size: 1, Kind: "file"},
					})
				} else {
					k.late("ひみつの配食ルート", at)
				}
				if !k.answered() {
					t.Error("not answered")
				}
				for _, one := range k.mine() {
					if got := k.thread(one); len(got) != 0 {
						t.Errorf("in the thread of %s stands %q", p.Number, got)
					}
				}
				if got := len(k.put(ledger.KindMessage, "")); got != 0 {
					t.Errorf("the desk is handed %d messages", got)
				}
			})
		}
	}
}

func TestLate_message_before_any_form_is_carried(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	at := k.now.Add(time.Second)
	k.do(concierge.Event{Kind: concierge.SentOther, At: at.Add(time.Minute)})
	k.late("水曜日はいかがでしょうか。", at)
	k.reads("お伝えしました")
	if got := k.thread(p); len(got) != 1 {
		t.Errorf("in the thread stands %q", got)
	}
}

func TestRedelivered(t *testing.T) {
	t.Parallel()
	t.Run("at first sight it counts", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.do(concierge.Event{Kind: concierge.Said, Text: "企業", Redelivered: true})
		k.reads("ご用件に最も近い")
	})
	t.Run("five times it counts once", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		for range 5 {
			k.do(concierge.Event{ID: "same", Kind: concierge.Said, Message: "5", Text: "水曜日はいかがでしょうか。", Redelivered: true})
		}
		if got := k.thread(p); len(got) != 1 {
			t.Errorf("in the thread stands %q", got)
		}
		if got := len(k.put(ledger.KindMessage, "")); got != 1 {
			t.Errorf("the desk is handed %d messages", got)
		}
	})
	t.Run("a late wish to begin, to withdraw or a late yes starts nothing", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		at := k.now
		k.say("取下げ")
		k.late("提案する", at)
		k.late("はい", at)
		for _, p := range k.mine() {
			if p.State != "received" {
				t.Errorf("%s is %s", p.Number, p.State)
			}
		}
		talk, err := k.db.TalkOf(t.Context(), k.user)
		if err != nil || talk.Draft != 0 {
			t.Errorf("draft %d, %v", talk.Draft, err)
		}
	})
	t.Run("the person's newest time stands", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		var heard store.Talk
		heard, err := k.db.TalkOf(t.Context(), k.user)
		if err != nil {
			t.Fatal(err)
		}
		k.late("企業", k.now.Add(-time.Hour))
		now, err := k.db.TalkOf(t.Context(), k.user)
		if err != nil || !now.HeardAt.Equal(heard.HeardAt) {
			t.Errorf("heard at %s, want %s (%v)", now.HeardAt, heard.HeardAt, err)
		}
	})
}
