package concierge_test

import (
	"fmt"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// city sends a reply of the desk, or with a reason a decline.
func (k *talk) city(p bot.Proposal, words, reason string) {
	k.t.Helper()
	k.now = k.now.Add(time.Second)
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		seen, err := tx.LastReply(k.t.Context(), p.ID)
		if err != nil && bot.KindOf(err) != bot.NotFound {
			return err
		}
		reply := ledger.Reply{Proposal: p.ID, By: staff(), Body: words, Reason: reason}
		if reason != "" {
			reply.Ends = proposal.Declined
		}
		m, err := l.Write(k.t.Context(), tx, reply)
		if err != nil {
			return err
		}
		_, err = l.Send(k.t.Context(), tx, k.event(), staff(), m.ID, seen.ID)
		return err
	})
}

// inThread compares what stands in the thread of a proposal.
func (k *talk) inThread(p bot.Proposal, want ...string) {
	k.t.Helper()
	if got := k.thread(p); fmt.Sprint(got) != fmt.Sprint(want) {
		k.t.Errorf("in the thread of %s stands %q, want %q", p.Number, got, want)
	}
}

// What the city asks about a proposal that has ended can be answered as it says: in the talk.
func TestEnded(t *testing.T) {
	t.Parallel()
	ends := map[string]func(*talk, bot.Proposal){
		"declined":     func(k *talk, p bot.Proposal) { k.city(p, "今回は見送ります。", "budget") },
		"out of scope": func(k *talk, p bot.Proposal) { k.move(p.ID, proposal.RuledOut, "営業のため") },
		"handed off":   func(k *talk, p bot.Proposal) { k.move(p.ID, proposal.HandedOff, "大阪府") },
	}
	for name, end := range ends {
		t.Run(name+": the answer reaches it, in several messages, a file too", func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			p := k.several(1)[0]
			end(k, p)
			before := len(k.thread(p))
			k.city(p, "ご住所を教えてください。", "")
			k.say("岸和田市岸城町7番1号です。")
			k.reads("お伝えしました")
			k.now = k.now.Add(time.Hour)
			k.say("よろしくお願いいたします。")
			k.reads("お伝えしました")
			k.fetched("地図.pdf")
			k.reads("お預かりしました")
			if got := len(k.thread(p)) - before; got != 4 {
				t.Errorf("in the thread stand %q", k.thread(p))
			}
		})
		t.Run(name+": beside an open one, thanks for it do not slip into the other", func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			end(k, ps[0])
			k.say("ありがとうございました。")
			k.reads("どのご提案・ご相談についてのご連絡ですか")
			k.reads(ps[0].Number)
			k.inThread(ps[1])
			k.say("見守り弁当その1")
			k.reads("お伝えしました")
			k.inThread(ps[1])
			if got := k.thread(ps[0]); len(got) == 0 || got[len(got)-1] != "ありがとうございました。" {
				t.Errorf("in the thread stands %q", got)
			}
		})
	}
	t.Run("once answered, it is not asked about the next day", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		ends["declined"](k, ps[0])
		k.say("ありがとうございました。")
		k.press(ps[0].Number)
		k.now = k.now.Add(25 * time.Hour)
		k.say("水曜日はいかがでしょうか。")
		k.reads("お伝えしました")
		k.inThread(ps[1], "水曜日はいかがでしょうか。")
	})
	t.Run("long after the city's last words it is over", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		ends["declined"](k, p)
		k.now = k.now.Add(31 * 24 * time.Hour)
		k.say("ありがとうございました。")
		k.reads("お届けしていません")
		k.reads("受付番号")
	})
	t.Run("withdrawn, and the city has not written: as before", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.say("取下げ")
		k.say("はい")
		k.say("ありがとうございました。")
		k.reads("お届けしていません")
	})
	t.Run("somebody else's is none of mine", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		ends["declined"](k, p)
		k.user = suzuki
		k.say("ありがとうございました。")
		k.reads("お届けしていません")
		if k.sees("受付番号") {
			t.Error("a number is asked of somebody who has none")
		}
		k.say(p.Number)
		k.reads("見つかりませんでした")
	})
}

// A receipt number alone says what the next words are about, however long ago that ended.
func TestNumber_alone(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"K2026-0001", "ｋ２０２６－０００１"} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.move(ps[0].ID, proposal.RuledOut, "営業のため")
			k.now = k.now.Add(400 * 24 * time.Hour)
			k.say(typed)
			k.reads("見守り弁当その1")
			k.reads("お書きください")
			k.redis.FlushAll()
			k.say("その後、いかがでしょうか。")
			k.reads("お伝えしました")
			k.inThread(ps[0], "お受けできません。", "その後、いかがでしょうか。")
			k.say("水曜日はいかがでしょうか。")
			k.inThread(ps[1], "水曜日はいかがでしょうか。")
		})
	}
	t.Run("a mere number is a message", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.say("1")
		k.inThread(p, "1")
	})
	t.Run("while which one is asked, an ended one counts too", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(3)
		k.move(ps[0].ID, proposal.RuledOut, "営業のため")
		k.now = k.now.Add(400 * 24 * time.Hour)
		k.say("その後、いかがでしょうか。")
		k.reads("どのご提案")
		k.say(ps[0].Number)
		k.inThread(ps[0], "お受けできません。", "その後、いかがでしょうか。")
	})
}

// A number that nobody has and one that somebody else has read the same: neither tells that there is such a proposal.
func TestNumber_of_nobody_alone(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	answer := func(number string) string {
		k.say(number)
		return show(k.last)
	}
	k.user = suzuki
	never := answer(p.Number)
	k.reads("見つかりませんでした")
	k.reads("状況を確認")
	mine := k.several(1)[0]
	k.move(mine.ID, proposal.RuledOut, "営業のため")
	k.now = k.now.Add(400 * 24 * time.Hour)
	for _, number := range []string{p.Number, "K2026-9999", "ｋ２０２６－９９９９"} {
		if got := answer(number); got != never {
			t.Errorf("%s is answered\n%s\nwant\n%s", number, got, never)
		}
	}
	k.answers("提案", "企業", "中断", p.Number)
	k.reads("見つかりませんでした")
	k.press("再開")
}
