package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
)

// An answer to 状況 is the same whoever has it to send: the process that was asked, or another that composes it from the
// facts. So is what is said above it, and what was typed and belongs nowhere yet.
func TestStatus_composed_anew(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*talk){
		"alone":      func(*talk) {},
		"in a form":  func(k *talk) { k.answers("提案", "企業", "連携の提案") },
		"with words": func(k *talk) { k.to("お名前"); k.before(10*second, "夕方にも回れます。") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(2)
			before(k)
			k.say("状況")
			k.reads("K2026-0001")
			first := show(k.last)
			k.compose(k.newest(concierge.KindPrompt))
			if again := show(k.last); again != first {
				t.Errorf("composed anew:\n%s\nwant\n%s", again, first)
			}
		})
	}
}
