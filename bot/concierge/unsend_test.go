package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
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
