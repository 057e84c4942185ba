package concierge_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/outbox"
	"tsunagi/bot/watch"
	"tsunagi/store"
)

// days lets days pass, with a look at what was left alone after each.
func (k *talk) days(n int) {
	k.t.Helper()
	w := watch.New(watch.Parts{DB: k.db, Ledger: k.ledger, Desk: k.desk, Log: slog.New(slog.DiscardHandler)})
	for range n {
		k.now = k.now.AddDate(0, 0, 1)
		w.Sweep(k.t.Context())
	}
}

// reminded composes the reminders put so far.
func (k *talk) reminded() (all []outbox.Parcel, faults []error) {
	k.t.Helper()
	for _, d := range k.put(ledger.KindReminder, "") {
		p, err := k.c.Handlings()[d.Kind].Compose(k.t.Context(), &k.db.Reader, d)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, p)
	}
	return all, faults
}

// A draft of Friday, 20 November 2026: its author is reminded on Monday, 14 December, and it is erased after the 21st.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	begun := func(t *testing.T) *talk {
		k := newTalk(t)
		k.answers("提案", "企業", "連携の提案")
		k.reads("団体名を教えてください")
		return k
	}
	t.Run("is reminded of, and the reminder leads back to the question", func(t *testing.T) {
		t.Parallel()
		k := begun(t)
		k.days(24)
		got, _ := k.reminded()
		if len(got) != 1 || got[0].To != k.user || !strings.Contains(got[0].Message.Alt, "2026年12月21日(月)まで") {
			t.Fatalf("reminded by %+v", got)
		}
		k.last = got[0].Message
		k.press("再開")
		k.reads("団体名を教えてください")
		k.days(10)
		k.say("岸和田だんじり食品")
		k.reads("タイトル")
	})
	t.Run("the reminder can give it up", func(t *testing.T) {
		t.Parallel()
		k := begun(t)
		k.days(24)
		got, _ := k.reminded()
		k.last = got[0].Message
		k.press("やめる")
		k.reads("取りやめますか")
		k.press("取りやめる")
		k.reads("取りやめました")
	})
	t.Run("whoever came back before the reminder went does not read it", func(t *testing.T) {
		t.Parallel()
		for _, word := range []string{"岸和田だんじり食品", "やめる"} {
			k := begun(t)
			k.days(24)
			k.say(word)
			if word == "やめる" {
				k.press("取りやめる")
			}
			if got, faults := k.reminded(); len(got) != 0 || len(faults) != 1 {
				t.Errorf("%s: reads %+v", word, got)
			}
		}
	})
	t.Run("is erased, which its author reads once, whatever Redis still has", func(t *testing.T) {
		t.Parallel()
		k := begun(t)
		question := k.last
		k.days(33)
		if n := k.count(`SELECT count(*) FROM answers`); n != 0 {
			t.Errorf("%d answers are left", n)
		}
		k.last = question
		k.press("もどる")
		k.reads("ご提案の下書きは、お預かりする期限を過ぎたため消去しました")
		k.reads("ご用件をお選びください")
		k.say("提案")
		k.reads("(1/")
		if k.sees("消去しました") {
			t.Error("it is said again")
		}
	})
	t.Run("what comes as an answer to it goes into no thread", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.answers("提案", "企業", "連携の提案")
		k.days(33)
		k.say("秘密のアイデア")
		k.reads("消去しました")
		k.reads("どこにもお届けしていません")
		if got := k.thread(p); len(got) != 0 {
			t.Errorf("in the thread stands %q", got)
		}
		k.say("水曜日はいかがでしょうか。")
		k.reads("お伝えしました")
	})
	t.Run("a block in between does not swallow the news", func(t *testing.T) {
		t.Parallel()
		k := begun(t)
		k.days(33)
		k.do(concierge.Event{Kind: concierge.Blocked})
		k.now = k.now.Add(time.Hour)
		k.do(concierge.Event{Kind: concierge.Followed})
		k.reads("消去しました")
		k.reads("こんにちは")
		if got := k.count(`SELECT count(*) FROM drafts WHERE state = $1`, string(store.DraftExpired)); got != 1 {
			t.Errorf("%d drafts have expired", got)
		}
	})
}
