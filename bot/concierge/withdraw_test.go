package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
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
		k.press("K2026")
		sure := k.last
		k.press("取り下げる")
		k.last = sure
		k.press("取り下げる")
		k.reads("取り下げられません")
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
		k.reads("取り下げられません")
	})
}
