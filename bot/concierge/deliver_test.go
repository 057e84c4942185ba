package concierge_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// compose shows a delivery as it is composed from the facts alone, as after a restart.
func (k *talk) compose(d store.Delivery) {
	k.t.Helper()
	parcel, err := k.c.Handlings()[d.Kind].Compose(k.t.Context(), &k.db.Reader, d)
	if err != nil {
		k.t.Fatalf("compose %s: %v", d.Kind, err)
	}
	k.last = parcel.Message
}

// settle records how a delivery went.
func (k *talk) settle(d store.Delivery, fault error) {
	k.t.Helper()
	err := k.db.InTx(k.t.Context(), func(tx *store.Tx) error {
		return k.c.Handlings()[d.Kind].Settle(k.t.Context(), tx, d, outbox.Receipt{}, fault)
	})
	if err != nil {
		k.t.Fatalf("settle %s: %v", d.Kind, err)
	}
}

// replied lets the desk reply, and gives the delivery.
func (k *talk) replied(p bot.Proposal, words string) store.Delivery {
	k.t.Helper()
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		m, err := l.Write(k.t.Context(), tx, ledger.Reply{Proposal: p.ID, By: staff(), Body: words})
		if err != nil {
			return err
		}
		_, err = l.Send(k.t.Context(), tx, k.event(), staff(), m.ID, 0)
		return err
	})
	all := k.put(ledger.KindReply, "")
	return all[len(all)-1]
}

// What was answered before a restart reads the same after it: all that matters is composed from the facts.
func TestDeliveries_survive_a_restart(t *testing.T) {
	t.Parallel()
	t.Run("receipt, and taking back", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.submitted("見守り")
		first := k.last
		k.compose(k.put(concierge.KindReceipt, "")[0])
		if show(first) != show(k.last) {
			t.Errorf("got\n%s\nwant\n%s", show(k.last), show(first))
		}
		k.say("取下げ")
		k.press("取り下げる")
		first = k.last
		k.compose(k.put(concierge.KindGone, "")[0])
		if show(first) != show(k.last) {
			t.Errorf("got\n%s\nwant\n%s", show(k.last), show(first))
		}
	})
	t.Run("a no of the profile's rules", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.say("個人")
		first := k.last
		k.reads("広聴窓口")
		got := k.put(concierge.KindRefused, "")
		if len(got) != 1 || !got[0].Matters {
			t.Fatalf("put %+v, want one that matters", got)
		}
		k.compose(got[0])
		if show(first) != show(k.last) {
			t.Errorf("got\n%s\nwant\n%s", show(k.last), show(first))
		}
	})
	t.Run("the current question", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.say("企業")
		first := k.last
		all := k.put(concierge.KindPrompt, "")
		k.compose(all[len(all)-1])
		if show(first) != show(k.last) {
			t.Errorf("got\n%s\nwant\n%s", show(k.last), show(first))
		}
	})
}

// newest is the newest delivery of a kind.
func (k *talk) newest(kind string) store.Delivery {
	k.t.Helper()
	all := k.put(kind, "")
	if len(all) == 0 {
		k.t.Fatalf("no %s was put", kind)
	}
	return all[len(all)-1]
}

// After a fault of LINE a person reads what was answered, and not only the menu: else they send it again.
func TestAnswers_survive_a_fault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		proposals int
		kind      string
		does      func(*talk)
		reads     string
	}{
		"a message": {1, concierge.KindArrived, func(k *talk) { k.say("障害中の連絡1") }, "お伝えしました"},
		"a message at night": {1, concierge.KindArrived, func(k *talk) {
			k.now = time.Date(2026, 11, 20, 21, 0, 0, 0, k.desk.Location)
			k.say("障害中の連絡1")
		}, "2026年12月7日(月)までにお答えします"},
		"a file":              {1, concierge.KindArrived, func(k *talk) { k.file("地図.pdf") }, "お預かりしました"},
		"filed by its sender": {2, concierge.KindArrived, func(k *talk) { k.say("水曜日は"); k.press("K2026-0001") }, "お伝えしました"},
		"a file filed":        {2, concierge.KindArrived, func(k *talk) { k.file("地図.pdf"); k.press("K2026-0001") }, "ファイルをお預かりしました"},
		"words and a file filed": {2, concierge.KindArrived, func(k *talk) {
			k.file("地図.pdf")
			k.say("水曜日は")
			k.press("K2026-0001")
		}, "担当にお伝えしました。ファイルは、中身を確認してから"},
		"which one is meant":      {2, concierge.KindPrompt, func(k *talk) { k.say("水曜日は") }, "どのご提案"},
		"and of many":             {13, concierge.KindPrompt, func(k *talk) { k.say("水曜日は") }, "ここにないもの"},
		"not said which":          {2, concierge.KindPrompt, func(k *talk) { k.answers("水曜日は", "やめる") }, "デスクが確認します"},
		"about":                   {2, concierge.KindPrompt, func(k *talk) { k.say("K2026-0001") }, "についてのご連絡を"},
		"what to withdraw":        {2, concierge.KindPrompt, func(k *talk) { k.say("取下げ") }, "取り下げるご"},
		"whether to withdraw":     {2, concierge.KindPrompt, func(k *talk) { k.say("取下げ"); k.press("K2026-0001") }, "取り下げますか"},
		"not withdrawn":           {2, concierge.KindPrompt, func(k *talk) { k.answers("取下げ", "いいえ") }, "取り下げていません"},
		"whether to begin anew":   {0, concierge.KindPrompt, func(k *talk) { k.answers("提案", "企業", "相談") }, "途中です"},
		"no such place":           {2, concierge.KindPrompt, func(k *talk) { k.answers("取下げ", "9") }, "9番はありません。上からの番号は1〜2です"},
		"not among the choices":   {0, concierge.KindPrompt, func(k *talk) { k.answers("提案", "ひみつ") }, "見つかりませんでした"},
		"too long":                {0, concierge.KindPrompt, func(k *talk) { k.answers("提案", "企業", "連携の提案", strings.Repeat("あ", 2000)) }, "1,920文字超えています"},
		"nobody there":            {0, concierge.KindPrompt, func(k *talk) { k.say("お元気ですか") }, "お届けしていません"},
		"a sticker":               {0, concierge.KindPrompt, func(k *talk) { k.do(concierge.Event{Kind: concierge.SentOther}) }, "スタンプ"},
		"a question, and sticker": {0, concierge.KindPrompt, func(k *talk) { k.say("提案"); k.do(concierge.Event{Kind: concierge.SentOther}) }, "スタンプ"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(c.proposals)
			c.does(k)
			k.reads(c.reads)
			first := k.last
			k.now = k.now.AddDate(0, 0, 7)
			d := k.newest(c.kind)
			k.compose(d)
			if show(first) != show(k.last) || first.Alt != k.last.Alt {
				t.Errorf("got\n%s\nwant\n%s", show(k.last), show(first))
			}
			if k.kind != c.kind || d.Matters != (c.kind == concierge.KindArrived) {
				t.Errorf("put %+v of kind %s, want %s", d, k.kind, c.kind)
			}
		})
	}
}

// What a person wrote stands in no delivery: a second copy would stay in logs and backups (ADR 5).
func TestAnswers_hold_no_content(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.several(2)
	k.answers("ひみつの連絡", "K2026-0001", "提案", "企業", "連携の提案", "ひみつの団体", "取下げ", "K2026-0099", "もどる")
	k.file("ひみつの地図.pdf")
	k.answers("取下げ", "K2026-0099")
	k.compose(k.newest(concierge.KindPrompt))
	k.reads("取り下げるご")
	if k.sees("⟨") || k.sees("見つかりません") {
		t.Errorf("said again with a hole:\n%s", show(k.last))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, d := range k.posted {
		for name, value := range d.Args {
			if strings.Contains(value, "ひみつ") || strings.Contains(value, "0099") {
				t.Errorf("%s carries %s %q", d.Kind, name, value)
			}
		}
	}
}

// What should have reached a person and did not is known at the desk.
func TestDeliveries_that_fail_are_told(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	k.move(p.ID, proposal.DialogueOpened, "")
	quota := bot.Refuse(bot.Forbidden, "delivery.quota")
	for _, kind := range []string{concierge.KindReceipt, ledger.KindState} {
		k.settle(k.put(kind, "")[0], quota)
		all := k.put(ledger.KindAlarm, "")
		if len(all) == 0 {
			t.Errorf("of a %s that failed the desk is not told", kind)
			continue
		}
		if got := all[len(all)-1]; got.Args["fault"] != "delivery.quota" || got.Proposal != p.ID {
			t.Errorf("of a %s the desk is told %+v", kind, got)
		}
	}
	k.settle(k.put(ledger.KindState, "")[0], errors.New("boom"))
	all := k.put(ledger.KindAlarm, "")
	if got := all[len(all)-1].Args["fault"]; got != "delivery.failed" {
		t.Errorf("for an unknown fault the desk reads %s", got)
	}
	k.forget()
	k.settle(store.Delivery{Lane: store.LineLane(k.user), Kind: ledger.KindState, Proposal: p.ID}, nil)
	k.do(concierge.Event{Kind: concierge.Blocked})
	k.settle(store.Delivery{Lane: store.LineLane(k.user), Kind: ledger.KindState, Proposal: p.ID}, nil)
	if got := k.put(ledger.KindAlarm, ""); len(got) != 1 || got[0].Args["fault"] != "delivery.blocked" {
		t.Errorf("of a state told to somebody who has blocked us the desk is told %+v", got)
	}
}

// What is written in the middle of a form is an answer to its question. Who reads a reply then is told how to answer it.
func TestReply_in_the_middle_of_a_form(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	d := k.replied(p, "水曜日にお会いできますか。")
	k.compose(d)
	k.reads("水曜日にお会いできますか。")
	k.reads("このトークにそのままお書きください")
	k.say("提案")
	k.say("企業")
	k.compose(d)
	k.reads("「中断」を押してから")
	k.press("中断")
	k.say("はい、お願いします。")
	k.reads("お伝えしました")
	if got := k.thread(p); len(got) != 2 {
		t.Errorf("in the thread stands %q", got)
	}
	k.say("再開")
	k.reads("ご用件に最も近い")
}

// What was not confirmed in the preview never goes, whatever delivery names it.
func TestReply_that_nobody_confirmed(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		_, err := l.Write(t.Context(), tx, ledger.Reply{Proposal: p.ID, By: staff(), Body: "下書き"})
		return err
	})
	d := store.Delivery{Lane: store.LineLane(k.user), Kind: ledger.KindReply, Args: map[string]string{"proposal": "1", "message": "1"}}
	if _, err := k.c.Handlings()[d.Kind].Compose(t.Context(), &k.db.Reader, d); bot.KindOf(err) != bot.NotFound {
		t.Errorf("composed: %v", err)
	}
}

// A hold names its date, and an end has another door; why the staff did it stays inside.
func TestState_is_told_with_what_follows(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		_, err := l.Move(t.Context(), tx, ledger.Change{
			Event: k.event(), Proposal: p.ID, On: proposal.Held, By: staff(), Why: "予算の都合", Until: calendar.Date{Year: 2027, Month: 1, Day: 15},
		})
		return err
	})
	k.compose(k.put(ledger.KindState, "")[0])
	k.reads("保留")
	k.reads("2027年1月15日(金)")
	k.move(p.ID, proposal.RuledOut, "前に断った相手のため")
	k.compose(k.put(ledger.KindReply, "")[0])
	k.reads("お受けできません。")
	k.reads("別のご提案やご相談は、いつでもお受けします")
	for _, inside := range []string{"予算の都合", "前に断った"} {
		if k.sees(inside) {
			t.Errorf("the organization reads %q", inside)
		}
	}
}

// The desk reads on its card what the receipt has promised, until there is an answer.
func TestPromise_stands_on_the_card(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	const promised = "{Label:企業への回答期限 Value:2026年12月7日(月)"
	holds(t, k.card(p.ID, ""), promised, true)
	k.refer(p.ID, "welfare")
	holds(t, k.card(p.ID, ""), promised, true)
	holds(t, k.card(p.ID, "welfare"), "企業への回答期限", false)
	k.replied(p, "お話をうかがいます。")
	holds(t, k.card(p.ID, ""), "企業への回答期限", false)
}
