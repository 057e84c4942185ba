package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/store"
)

// unsend takes back the message sent n events ago.
func (k *talk) unsend(message string) {
	k.t.Helper()
	k.do(concierge.Event{Kind: concierge.Unsent, Message: message})
}

func TestUnsend(t *testing.T) {
	t.Parallel()
	t.Run("an answer of a draft is asked again before submission", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.say("企業")
		k.say("連携の提案")
		k.say("岸和田だんじり食品")
		k.unsend(k.sent)
		k.say("状況")
		for k.n < 100 && !k.sees("団体名を教えてください") {
			k.say("もどる")
		}
		k.reads("団体名を教えてください")
		if k.sees("岸和田だんじり食品") {
			t.Errorf("still there: %s", show(k.last))
		}
	})
	t.Run("a submitted answer is hidden from staff", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("だんじり弁当で見守り")
		message := k.messageOf("配食のときに高齢の方へ声をかけます。")
		k.say("送信")
		k.unsend(message)
		for _, q := range k.particulars() {
			if q.Field == "idea" && (!q.Unsent || q.Shown != "" || q.Answer.Text != "") {
				t.Errorf("got %+v, want it erased", q)
			}
			if q.Field != "idea" && q.Unsent {
				t.Errorf("%s was taken back too", q.Field)
			}
		}
	})
	t.Run("a name taken back does not stand on later messages", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("だんじり弁当で見守り")
		k.say("送信")
		k.unsend(k.messageOf("岸和田だんじり食品"))
		k.unsend(k.messageOf("佐藤 花子"))
		talk, err := k.db.TalkOf(t.Context(), k.user)
		if err != nil || talk.Organization != store.Erased || talk.Name != store.Erased {
			t.Errorf("got %q of %q, %v, want both erased", talk.Name, talk.Organization, err)
		}
	})
	t.Run("a name given again since stays", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("だんじり弁当で見守り")
		first := k.messageOf("岸和田だんじり食品")
		k.say("送信")
		k.say("提案")
		for _, a := range []string{"企業", "連携の提案", "だんじり食品", "夜の見守り", "福祉・見守り", "次へ", "地域課題の解決", "次へ",
			"夜も声をかけます。", "なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example", "スキップ", "送信"} {
			k.say(a)
		}
		k.unsend(first)
		talk, err := k.db.TalkOf(t.Context(), k.user)
		if err != nil || talk.Organization != "だんじり食品" {
			t.Errorf("got %q, %v, want the name given last", talk.Organization, err)
		}
	})
	t.Run("somebody else's message id takes nothing back", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("だんじり弁当で見守り")
		k.say("送信")
		k.unsend("999999")
		for _, q := range k.particulars() {
			if q.Unsent {
				t.Errorf("%s was taken back", q.Field)
			}
		}
	})
}
