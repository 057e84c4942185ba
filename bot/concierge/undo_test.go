package concierge_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// withdraws submits a proposal that a department is asked about, and takes it back.
func (k *talk) withdraws() bot.Proposal {
	k.t.Helper()
	p := k.several(1)[0]
	k.refer(p.ID, "welfare")
	k.say("取下げ")
	if k.sees("お選びください") {
		k.say(p.Number)
	}
	k.say("はい")
	k.reads("取り下げました")
	return p
}

func (k *talk) standsAt(p bot.Proposal, want proposal.State) {
	k.t.Helper()
	now, err := k.db.Proposal(k.t.Context(), p.ID)
	if err != nil || now.State != want {
		k.t.Errorf("%s is %s (%v), want %s", p.Number, now.State, err, want)
	}
}

// By the button under the withdrawal: what was promised stays promised.
func TestUndo(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.withdraws()
	k.reads("11月21日(土) 10:00までは元に戻せます")
	k.now = k.now.Add(23 * time.Hour)
	k.press("取下げを元に戻す")
	k.reads("元に戻しました。検討を続けます。")
	k.reads("回答予定日は2026年12月7日(月)のままです。")
	k.standsAt(p, proposal.Coordinating)
	undone := k.newest(concierge.KindUndone)
	first := show(k.last)
	k.compose(undone)
	if got := show(k.last); got != first || !undone.Matters {
		t.Errorf("once more it reads\n%s\nwant\n%s", got, first)
	}
	k.say("状況")
	k.reads("庁内照会中")
}

// A card of a withdrawn proposal says so, and how it can be undone; so does an old button of its form.
func TestUndo_from_any_card(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.propose("見守り弁当")
	submit := k.button("form", func(p msg.Press) bool { return p.Args.Get("v") == "submit" })
	k.say("送信")
	p := k.mine()[0]
	k.answers("取下げ", "はい")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: submit})
	k.reads("「取下げ」です")
	if k.sees("受け付け") {
		t.Errorf("it is called received: %s", show(k.last))
	}
	k.say("状況")
	k.press("取下げを元に戻す")
	k.standsAt(p, proposal.Received)
}

// In words, which are read for the last withdrawal first.
func TestUndo_typed(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"間違い", "取下げは間違いでした。", "やっぱり取下げは間違いでした", "戻したい", "元に戻してください", "取消", "すみません、取り下げを取り消したいです",
		"先ほどの取り下げは誤って押してしまいました", "取り下げをやめたいです", "もとに戻せますか？", "間違えて押しました", "ﾏﾁｶﾞｲです", "取下げをなかったことにしたい",
	} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(1)
			p := k.withdraws()
			k.say(typed)
			k.reads("の取下げを元に戻しますか")
			k.standsAt(p, proposal.Withdrawn)
			k.say("はい")
			k.reads("元に戻しました")
		})
	}
	t.Run("and left withdrawn", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.withdraws()
		k.answers("間違い", "いいえ")
		k.reads("取り下げたままにします")
		k.standsAt(p, proposal.Withdrawn)
	})
	t.Run("a message with more in it is a message", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		other := k.several(1)[0]
		k.several(1)
		k.answers("取下げ", "K2026-0002", "はい")
		k.say("資料の3ページに間違いがありました。")
		k.reads("お伝えしました")
		k.inThread(other, "資料の3ページに間違いがありました。")
	})
	t.Run("in a form an answer is an answer", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.withdraws()
		k.answers("提案", "企業", "連携の提案", "戻したい")
		if got := k.draft().Answers["organization"].Text; got != "戻したい" {
			t.Errorf("the answer is %q", got)
		}
		k.say("取下げは間違いでした")
		k.reads("元に戻しますか")
		k.press("元に戻す")
		k.standsAt(p, proposal.Coordinating)
	})
}

// After a day it is the desk's: the person reads what can be done.
func TestUndo_over(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.withdraws()
	undo := k.button("withdraw.undo", func(msg.Press) bool { return true })
	k.now = k.now.Add(25 * time.Hour)
	for _, event := range []concierge.Event{
		{Kind: concierge.Pressed, Press: undo}, {Kind: concierge.Said, Text: "取下げは間違いでした"},
	} {
		k.do(event)
		k.reads("元に戻せる期間を過ぎました")
		k.standsAt(p, proposal.Withdrawn)
	}
	k.press("再検討を希望する")
	k.say("予算のめどが立ちましたので、もう一度お願いします。")
	k.reads("お伝えしました")
	k.inThread(p, "予算のめどが立ちましたので、もう一度お願いします。")
}

// A button of an earlier withdrawal asks first; of one that the desk has reopened it says where it stands.
func TestUndo_of_an_earlier_withdrawal(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.withdraws()
	first := k.button("withdraw.undo", func(msg.Press) bool { return true })
	k.press("取下げを元に戻す")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: first})
	k.reads("何も変えていません")
	k.reads("「庁内照会中」です")
	k.answers("取下げ", "はい")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: first})
	k.reads("元に戻しますか")
	k.standsAt(p, proposal.Withdrawn)
	k.move(p.ID, proposal.Reopened, "")
	k.press("元に戻す")
	k.reads("「確認中」です")
	k.user = suzuki
	k.do(concierge.Event{Kind: concierge.Pressed, Press: first})
	k.standsAt(p, proposal.Screening)
}

// The wish to withdraw in a sentence of its own, and its no.
func TestWithdraw_in_a_sentence(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"取り下げたい", "提案を取り下げたいのですが", "すみません、取下げをお願いします。", "この提案は取り下げます"} {
		k := newTalk(t)
		k.several(1)
		k.say(typed)
		k.reads("を取り下げますか")
	}
	for _, typed := range []string{"やっぱりやめる", "やっぱりやめておきます。", "取り下げません", "このまま進めてください"} {
		k := newTalk(t)
		p := k.several(1)[0]
		k.answers("取下げ", typed)
		k.reads("は取り下げていません。検討は続いています。")
		k.standsAt(p, proposal.Received)
		k.inThread(p)
	}
	for _, typed := range []string{"取り下げないでください", "取下げの手続きを教えてください"} {
		k := newTalk(t)
		p := k.several(1)[0]
		k.say(typed)
		k.reads("お伝えしました")
		k.standsAt(p, proposal.Received)
	}
}

// By LINE's time of the press: one that was under way for long, and finds everything as it was shown, counts.
func TestWithdraw_pressed_in_time(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	k.say("取下げ")
	press, shown := k.button("withdraw.yes", func(msg.Press) bool { return true }), k.now
	k.now = k.now.Add(3 * time.Hour)
	k.do(concierge.Event{Kind: concierge.Pressed, Press: press, At: shown.Add(5 * time.Minute), Redelivered: true})
	k.standsAt(p, proposal.Withdrawn)
}

// An answer by which the profile turns somebody away erases the draft, so it counts from the newest screen alone.
func TestTurned_away_from_an_old_screen(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.say("提案")
	old := k.button("form", func(p msg.Press) bool { return p.Args.Get("c") == "individual" })
	k.answers("企業", "もどる")
	before := k.facts()
	k.do(concierge.Event{Kind: concierge.Pressed, Press: old})
	k.reads("何も変えていません")
	k.reads("はじめに、ご提案者について")
	if k.facts() != before {
		t.Errorf("it has changed something")
	}
	k.press("個人")
	k.reads("広聴窓口")
}

// Whoever writes about what is withdrawn reads that it is, and that the words have come.
func TestWithdrawn_and_written_about(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.withdraws()
	k.answers(p.Number, "来週あらためてご連絡します。")
	k.reads("すでに取り下げられています")
	k.reads("までは元に戻せます")
	k.reads("お伝えしました")
	k.inThread(p, "来週あらためてご連絡します。")
}

// A person can be asked in the middle of a form, which waits.
func TestConsult_within_a_form(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	k.answers("提案", "企業", "連携の提案", "取下げ", "迷っています")
	k.press("担当に相談する")
	k.reads("中断しました")
	k.say("どうしたらよいでしょうか。")
	k.reads("お伝えしました")
	k.inThread(p, "どうしたらよいでしょうか。")
	k.say("再開")
	k.reads("団体名を教えてください")
}

// A word that cannot be undone counts for as long as a button: later it brings the question again, and then it counts.
func TestTyped_to_a_confirmation_that_is_over(t *testing.T) {
	t.Parallel()
	for word, lead := range map[string]func(k *talk){
		"送信":     func(k *talk) { k.propose("見守り弁当") },
		"やめる":    func(k *talk) { k.answers("提案", "企業", "連携の提案", "やめる") },
		"取り下げる":  func(k *talk) { k.answers("取下げ", "K2026-0001") },
		"新しく始める": func(k *talk) { k.answers("提案", "企業", "連携の提案", "相談する") },
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(2)
			lead(k)
			k.now = k.now.Add(16 * time.Minute)
			before := k.facts()
			k.say(word)
			k.reads("何も変えていません")
			if k.facts() != before {
				t.Errorf("it has changed something:\n%s", show(k.last))
			}
			if word == "取り下げる" {
				k.press("取り下げの確認へ")
			}
			k.say(word)
			if k.facts() == before {
				t.Errorf("it never counts:\n%s", show(k.last))
			}
		})
	}
}
