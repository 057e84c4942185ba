package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
)

// The words of the main choices are wishes in the middle of a form, too, as their buttons are; they become no answers.
func TestWishes_within_a_form(t *testing.T) {
	t.Parallel()
	stands := map[string]func(*talk){
		"at a text":      func(k *talk) { k.answers("提案", "企業", "連携の提案") },
		"at a choice":    func(k *talk) { k.answers("提案") },
		"at the summary": func(k *talk) { k.propose("見守り") },
		"really cancel?": func(k *talk) { k.answers("提案", "企業", "連携の提案") },
		"at the name": func(k *talk) {
			k.propose("見守り")
			k.back("ご担当者のお名前")
		},
	}
	wants := map[string]string{
		"提案する": "途中です", "提案": "途中です", "Propose": "途中です", "相談する": "途中です", "相談": "途中です", "consult": "途中です",
		"状況": "見守り弁当その1", "status": "見守り弁当その1", "取下げ": "取り下げますか", "取り下げる": "取り下げますか", "withdraw": "取り下げますか",
	}
	back := map[string]string{"途中です": "再開", "取り下げますか": "いいえ"}
	for name, stand := range stands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(1)
			stand(k)
			before := k.draft().Answers
			for typed, want := range wants {
				if name == "really cancel?" {
					k.say("やめる")
				}
				k.say(typed)
				k.reads(want)
				if got := k.draft().Answers; len(got) != len(before) || got["contact_name"].Text != before["contact_name"].Text {
					t.Errorf("after %s answers are %+v, were %+v", typed, got, before)
				}
				if word := back[want]; word != "" {
					k.say(word)
				}
				if name == "really cancel?" {
					k.say("続ける")
				}
			}
		})
	}
	t.Run("one of the question's choices is a choice", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "提案")
		k.reads("団体名を教えてください")
	})
	t.Run("go on, then, by the word alone", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "連携の提案", "相談する", "はい")
		k.reads("団体名を教えてください")
	})
}

// Help pressed in the menu helps with the question, as typed.
func TestHelp_pressed(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.answers("提案", "企業", "連携の提案", "ヘルプ")
	typed := show(k.last)
	k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do("menu.help")})
	k.reads("団体名を教えてください")
	if got := show(k.last); got != typed {
		t.Errorf("pressed it reads\n%s\ntyped\n%s", got, typed)
	}
	k.say("メニュー")
	k.reads("団体名を教えてください")
	k.say("中断")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do("menu.help")})
	k.reads("このトークでは")
}
