package concierge_test

import (
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/store"
)

func (k *talk) blocked() bool {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), k.user)
	if err != nil {
		k.t.Fatal(err)
	}
	return talk.Blocked
}

func TestBlocked(t *testing.T) {
	t.Parallel()
	t.Run("in the middle, and back at the same question", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.say("企業")
		k.do(concierge.Event{Kind: concierge.Blocked})
		if !k.blocked() || k.answered() {
			t.Errorf("blocked %v, answered %v; want it noted in silence", k.blocked(), k.answered())
		}
		k.redis.FlushAll()
		k.do(concierge.Event{Kind: concierge.Followed})
		k.reads("前回の続きから再開できます")
		if k.blocked() {
			t.Error("still noted as blocked")
		}
		k.press("再開")
		k.reads("ご用件に最も近いもの")
	})
	t.Run("long ago, as a redelivery tells: the person is here since", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.do(concierge.Event{Kind: concierge.Followed})
		k.do(concierge.Event{Kind: concierge.Blocked, At: k.now.Add(-time.Minute), Redelivered: true})
		if k.blocked() {
			t.Error("noted as blocked, though the person came back since")
		}
	})
	t.Run("a message from before the block comes again: still blocked", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		at := k.now.Add(time.Millisecond)
		k.do(concierge.Event{Kind: concierge.Blocked})
		k.do(concierge.Event{Kind: concierge.Said, Text: "企業", At: at, Redelivered: true})
		if !k.blocked() {
			t.Error("noted as reachable, though the block is newer")
		}
	})
	t.Run("a message taken back while blocked: still blocked", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.say("企業")
		k.do(concierge.Event{Kind: concierge.Blocked})
		k.unsend(k.sent)
		if !k.blocked() {
			t.Error("noted as reachable")
		}
	})
	t.Run("a follow that comes late does not stop the form", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		at := k.now
		k.say("提案")
		k.do(concierge.Event{Kind: concierge.Followed, At: at, Redelivered: true})
		k.reads("ご提案者について")
		k.say("企業")
		k.reads("ご用件に最も近いもの")
	})
}

func TestOvertaken_by_its_own_taking_back(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.say("提案")
	k.say("企業")
	k.say("連携の提案")
	k.unsend("777")
	k.do(concierge.Event{Kind: concierge.Said, Text: "まちがえた名前", Message: "777"})
	k.reads("団体名を教えてください")
	k.say("岸和田だんじり食品")
	k.reads("ご提案のタイトル")
	talk, err := k.db.TalkOf(t.Context(), k.user)
	if err != nil {
		t.Fatal(err)
	}
	d, err := k.db.Draft(t.Context(), talk.Draft)
	if err != nil || d.Answers["organization"].Text != "岸和田だんじり食品" {
		t.Errorf("kept %+v, %v", d.Answers["organization"], err)
	}
}

func TestGivenUp_is_erased(t *testing.T) {
	t.Parallel()
	for name, giveUp := range map[string]func(*talk){
		"cancelled": func(k *talk) { k.say("やめる"); k.say("はい") },
		"begun anew": func(k *talk) {
			k.do(concierge.Event{Kind: concierge.Pressed, Press: propose()})
			k.press("新しく始める")
		},
		"turned away, as an individual":  func(k *talk) { k.back("ご提案者について"); k.say("個人") },
		"turned away, from the question": func(k *talk) { k.back("ご用件に最も近い"); k.say("商品・サービスの営業") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.say("提案")
			k.say("企業")
			k.say("連携の提案")
			k.say("岸和田だんじり食品")
			talk, err := k.db.TalkOf(t.Context(), k.user)
			if err != nil {
				t.Fatal(err)
			}
			giveUp(k)
			d, err := k.db.Draft(t.Context(), talk.Draft)
			if err != nil || len(d.Answers) != 0 || d.State == store.DraftOpen {
				t.Errorf("of the draft is left: %s %+v, %v", d.State, d.Answers, err)
			}
		})
	}
}
