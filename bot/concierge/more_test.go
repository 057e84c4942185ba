package concierge_test

import (
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
)

// Where several can be chosen, the card with all choices is shown once; each press is answered by one line and short answers
// that fit below it (S24). The buttons of the card above still work.
func TestChoices_are_listed_once(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.answers("提案", "企業", "連携の提案", "だんじり食品", "お弁当")
	card := buttons(k.last)
	if len(card) < 13 {
		t.Fatalf("the card has %d buttons", len(card))
	}
	k.press("福祉・見守り")
	oneLine(t, k.last, 13)
	k.reads("今の回答：福祉・見守り")
	k.press("健康・医療")
	oneLine(t, k.last, 13)
	k.reads("今の回答：福祉・見守り、健康・医療")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: card[0].Press})
	k.reads("今の回答：健康・医療")
	k.press("回答を消す")
	k.reads("まちづくり・交通")
	k.press("福祉・見守り")
	k.press("次へ")
	k.reads("ねらい")
}

// A message that was written over several lines on a slide keeps them on its way to the city (K5).
func TestMessage_keeps_pasted_line_ends(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("お弁当")
	k.say("一行目\v二行目\u2028三行目\u200b")
	list, err := k.db.Thread(t.Context(), p.ID, 1)
	if want := "一行目\n二行目\n三行目"; err != nil || len(list) != 1 || list[0].Body != want {
		t.Errorf("kept %+v %v, want %q", list, err, want)
	}
}

// oneLine wants one line of words and at most so many short answers below it.
func oneLine(t *testing.T, m msg.Message, most int) {
	t.Helper()
	_, plain := m.Blocks[0].(msg.Text)
	if len(m.Blocks) != 1 || !plain || len(m.Choices) > most {
		t.Errorf("%d blocks, %d choices below: %s", len(m.Blocks), len(m.Choices), show(m))
	}
}
