package concierge_test

import (
	"slices"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
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

// redrawn wants the desk's cards of these proposals, and no others, to be drawn anew since the last look.
func (k *talk) redrawn(what string, want ...bot.Proposal) {
	k.t.Helper()
	var numbers []string
	for _, d := range k.put(ledger.KindCard, "") {
		numbers = append(numbers, d.Args["proposal"])
	}
	var ids []string
	for _, p := range want {
		ids = append(ids, formatID(int64(p.ID)))
	}
	if !slices.Equal(numbers, ids) {
		k.t.Errorf("%s: drawn anew %v, want %v", what, numbers, ids)
	}
	k.forget()
}

// Whoever opens the card next must not write what cannot arrive, whatever else happens to the proposal.
func TestBlocked_is_on_the_cards_at_once(t *testing.T) {
	t.Parallel()
	t.Run("of open proposals, when it changes", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(3)
		k.refer(ps[2].ID, "welfare")
		k.move(ps[1].ID, proposal.RuledOut, "対象外のため")
		k.user = suzuki
		k.several(1)
		k.user = sato
		k.do(concierge.Event{Kind: concierge.Blocked})
		if got := k.put(ledger.KindCard, "welfare"); len(got) != 0 {
			t.Errorf("the department's card is drawn %d times for what it does not show", len(got))
		}
		k.redrawn("blocked", ps[2], ps[0])
		k.do(concierge.Event{Kind: concierge.Blocked})
		k.redrawn("blocked again")
		k.unsend("777")
		k.redrawn("a message taken back meanwhile")
		k.do(concierge.Event{Kind: concierge.Followed, At: k.now.Add(-time.Minute), Redelivered: true})
		k.redrawn("a follow from before it")
		k.do(concierge.Event{Kind: concierge.Followed})
		k.redrawn("back", ps[2], ps[0])
		k.do(concierge.Event{Kind: concierge.Followed})
		k.redrawn("back again")
		k.do(concierge.Event{Kind: concierge.Blocked})
		k.forget()
		k.say("状況") // its follow never came
		k.redrawn("heard of", ps[2], ps[0])
	})
	t.Run("of the newest, where there are very many", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(23)
		k.do(concierge.Event{Kind: concierge.Blocked})
		slices.Reverse(ps)
		k.redrawn("blocked", ps[:20]...)
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

// Words to somebody who has blocked the account are set aside instead of counting as sent, so that they are among what was not
// delivered, and go when they can be read.
func TestReply_to_somebody_who_has_blocked_us(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	d := k.replied(p, "見送ります。")
	k.do(concierge.Event{Kind: concierge.Blocked})
	handling := k.c.Handlings()[ledger.KindReply]
	if _, err := handling.Compose(t.Context(), &k.db.Reader, d); bot.KindOf(err) != bot.Conflict || bot.SayOf(err).Key != "delivery.blocked" {
		t.Errorf("got %v", err)
	}
	k.do(concierge.Event{Kind: concierge.Followed})
	if _, err := handling.Compose(t.Context(), &k.db.Reader, d); err != nil {
		t.Errorf("once unblocked: %v", err)
	}
}
