package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

func TestWithdraw(t *testing.T) {
	t.Parallel()
	t.Run("by typing alone", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("取下げ")
		k.reads("取り下げるご提案")
		k.say(ps[0].Number)
		k.reads("取り下げますか")
		k.redis.FlushAll()
		k.say("はい")
		k.reads("取り下げました")
		if got := k.mine()[1]; got.State != proposal.Withdrawn {
			t.Errorf("it is %s", got.State)
		}
		if got := k.mine()[0]; got.State != proposal.Received {
			t.Errorf("the other is %s", got.State)
		}
	})
	t.Run("not after all", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("取下げ")
		k.press(ps[0].Number)
		k.say("いいえ")
		k.reads("現在の対応")
		k.say("はい")
		k.reads("どのご提案")
		for _, p := range k.mine() {
			if p.State != proposal.Received {
				t.Errorf("%s is %s", p.Number, p.State)
			}
		}
	})
	t.Run("one among more than a phone shows", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(13)
		k.say("取下げ")
		k.reads("受付番号")
		k.say(ps[0].Number)
		k.reads("取り下げますか")
	})
	t.Run("somebody else's, or none", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(1)
		k.user = "Ubbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
		for _, do := range []string{"withdraw", "withdraw.yes"} {
			for _, p := range []string{"1", "99", "-1", "x", ""} {
				k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do(do, "p", p)})
				k.reads("取り下げられません")
			}
		}
		k.user = sato
		if got := k.mine()[0]; got.ID != ps[0].ID || got.State != proposal.Received {
			t.Errorf("it is %s", got.State)
		}
	})
	t.Run("pressed twice", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.say("取下げ")
		sure := k.last
		k.press("取り下げる")
		k.last = sure
		k.press("取り下げる")
		k.reads("（K2026-0001）は、すでに取り下げられています")
		if k.sees("お電話") {
			t.Errorf("who has withdrawn is told to call: %s", show(k.last))
		}
	})
	t.Run("once the work has begun", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		for _, on := range []proposal.Event{proposal.DialogueOpened, proposal.Prepared, proposal.Started} {
			k.move(p.ID, on, "")
		}
		k.say("取下げ")
		k.reads("お電話")
		k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do("withdraw.yes", "p", "1")})
		k.reads("「実施中」のため、この画面では取り下げられません")
	})
}

// As in a form, what is no answer is asked again; it is no message to the city, and the question is not forgotten.
func TestWithdraw_unclear(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"うーん", "もう少し考えさせてください", "送信", "3", ""} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.say("取下げ")
			k.press("K2026-0001")
			for range 2 {
				k.say(typed)
				k.reads("（K2026-0001）は、取り下げずにお預かりしています")
				k.reads("お届けしていません")
			}
			if got := k.put(ledger.KindUnfiled, ""); len(got) != 0 {
				t.Errorf("the desk is handed %d messages", len(got))
			}
			k.press("取り下げる")
			k.reads("取り下げました")
			k.inThread(ps[0])
		})
	}
	t.Run("a sentence is a message, and withdraws nothing", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.say("取下げ")
		k.say("打合せの日程は水曜日でいかがでしょうか。")
		k.reads("お伝えしました")
		k.say("はい")
		if got := k.mine()[0]; got.State != proposal.Received {
			t.Errorf("it is %s", got.State)
		}
		k.inThread(p, "打合せの日程は水曜日でいかがでしょうか。", "はい")
	})
	t.Run("a word of the menu is one", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.say("取下げ")
		k.say("状況")
		k.reads("現在の対応")
	})
	t.Run("gone meanwhile: said so, and not asked again", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.say("取下げ")
		k.move(p.ID, proposal.RuledOut, "対象外のため")
		k.say("うーん")
		k.reads("取り下げられません")
	})
}

// So it is at the list of what to withdraw, which says how to leave it; with a form under way the words do not become its
// answer.
func TestWithdraw_unclear_which(t *testing.T) {
	t.Parallel()
	for name, before := range map[string][]string{
		"outside a form": nil, "in a form": {"提案", "企業", "連携の提案"}, "in a paused form": {"提案", "企業", "連携の提案", "中断"},
		"where it is to be cancelled": {"提案", "企業", "連携の提案", "やめる"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.answers(append(before, "取下げ")...)
			k.reads("取り下げるご")
			for _, typed := range []string{"うーん", "はい", "あとで考えます。", ""} {
				k.say(typed)
				k.reads("読み取れませんでした")
				k.reads("「いいえ」とお送りください")
				k.reads("取り下げるご")
			}
			k.say("1")
			k.reads("（K2026-0002）を取り下げますか")
			if got := k.put(ledger.KindUnfiled, ""); len(got) != 0 {
				t.Errorf("the desk is handed %d messages", len(got))
			}
			k.inThread(ps[0])
			k.inThread(ps[1])
			if before == nil {
				return
			}
			if got := len(k.draft().Answers); got != 2 {
				t.Errorf("the draft has %d answers, want 2", got)
			}
		})
	}
	t.Run("words of a form under way lead back into it", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.answers("提案", "企業", "連携の提案", "取下げ", "中断")
		k.reads("中断しました")
		k.answers("取下げ", "再開")
		k.reads("団体名を教えてください")
		k.answers("取下げ", "スキップ")
		k.reads("必須")
	})
	t.Run("the number of a line of its summary does not", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.propose("見守り")
		k.answers("取下げ", "3")
		k.reads("取り下げずに")
	})
	t.Run("a sentence is a message", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.answers("取下げ", "打合せの日程は水曜日でいかがでしょうか。")
		k.reads("お伝えしました")
		k.inThread(p, "打合せの日程は水曜日でいかがでしょうか。")
	})
}

// A consultation is called one.
func TestWithdraw_names_what_it_is(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.answers("相談", "岸和田だんじり食品", "佐藤 花子", "子ども食堂について", "どの課に相談すればよいでしょうか。", "送信")
	k.reads("受付番号")
	k.several(1)
	k.say("取下げ")
	k.reads("取り下げるご提案・ご相談をお選びください")
	k.press("K2026-0001")
	k.press("取り下げる")
	k.reads("取り下げました。ご相談いただき")
	k.several(1)
	k.say("取下げ")
	k.reads("取り下げるご提案をお選びください")
}

// Whoever would rather not choose can say so, and is no further asked.
func TestWithdraw_left(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"いいえ", "やめる", "やめます。", "もどる", "取り下げない", "キャンセル"} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.say("取下げ")
			k.say(typed)
			k.reads("取り下げていません")
			k.say("取下げ")
			k.press("K2026-0001")
			k.say(typed)
			k.reads("「見守り弁当その1」（K2026-0001）は取り下げていません。検討は続いています。")
			k.reads("現在の対応")
			k.inThread(ps[0])
			k.say(ps[0].Number)
			k.reads("お書きください")
		})
	}
	t.Run("in the middle of a form its question follows", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(2)
		k.answers("提案", "企業", "取下げ", "もどる")
		k.reads("取り下げていません")
		k.reads("ご用件に最も近い")
	})
}

func TestNumber_of_nobody(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"K2026-0099", "2026-0099", "K2026-0003"} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.user = suzuki
			k.several(1)
			k.user = sato
			k.say("取下げ")
			k.say(typed)
			k.reads("見つかりません")
			k.reads("取り下げるご提案")
			k.say(ps[0].Number)
			k.reads("取り下げますか")
			k.say("いいえ")
			k.say("水曜日はいかがでしょうか。")
			k.say(typed)
			k.reads("見つかりません")
			k.reads("どのご提案")
			k.say(ps[1].Number)
			k.reads("お伝えしました")
			k.inThread(ps[0])
			k.inThread(ps[1], "水曜日はいかがでしょうか。")
		})
	}
}

// Who does not say which one is meant can leave the question; the desk reads the message all the same.
func TestWhich_left(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ps := k.several(2)
	k.answers("水曜日はいかがでしょうか。", "やめる")
	k.reads("デスクが確認します")
	if got := k.put(ledger.KindUnfiled, ""); len(got) != 1 {
		t.Errorf("the desk is handed %d messages, want 1", len(got))
	}
	k.answers(ps[0].Number)
	k.reads("お書きください")
}
