package coordinator_test

import (
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// left tells the coordinator that somebody may have gone.
func (h *hall) left(user string) error {
	h.t.Helper()
	err := h.c.Left(h.t.Context(), h.id(), user)
	h.deliver()
	return err
}

// news are the messages in the desk's channel that hold these words, in no thread.
func (h *hall) news(words string) []msg.Message {
	var out []msg.Message
	for _, p := range h.posts {
		if p.channel == "C0DESK" && p.thread == "" && strings.Contains(show(p.message), words) {
			out = append(out, p.message)
		}
	}
	return out
}

const vacated = "担当未定になりました"

func TestLeft(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	if _, err := h.press(mori(), "C0DESK", "担当する"); err != nil {
		t.Fatal(err)
	}
	before := h.proposal(p)
	if err := h.left("U0MORI"); err != nil || h.proposal(p).Owner != "U0MORI" {
		t.Errorf("somebody who is still of the desk lost %+v, %v", h.proposal(p), err)
	}
	h.people.gone["U0MORI"] = "unknown"
	if err := h.left("U0MORI"); bot.KindOf(err) != bot.Later || h.proposal(p).Owner != "U0MORI" {
		t.Errorf("while Slack cannot be asked: %v", err)
	}
	h.people.gone["U0MORI"] = bot.Closed
	card := h.card("C0DESK")
	for range 2 { // a repeat changes nothing
		if err := h.left("U0MORI"); err != nil {
			t.Fatal(err)
		}
	}
	if now := h.proposal(p); now.Owner != "" || now.State != proposal.Screening || !now.NextDate.Equal(before.NextDate) {
		t.Errorf("got %+v", now)
	}
	if show(card) == show(h.posts[0].message) {
		t.Error("the card has not changed")
	}
	has(t, show(h.posts[0].message), "未定（「担当する」を押してください）", "システム：森の担当を解除：Slackのアカウントが停止されたため")
	has(t, h.thread("C0DESK"), "システム：森の担当を解除")
	news := h.news(vacated)
	if len(news) != 1 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[0]), "森さんが担当していた1件", "Slackのアカウントが停止されたため", "K2026-0001「だんじり弁当」（だんじり食品）次の期限：2026年11月25日(水)", "/desk assign")
	hasNot(t, show(news[0]), "このほかに")
	take, ok := button(news[0], "K2026-0001を担当する")
	if !ok {
		t.Fatalf("no button in %s", show(news[0]))
	}
	if _, err := h.do(sato(), take.Press); err != nil || h.proposal(p).Owner != "U0SATO" {
		t.Errorf("taking it over: %v", err)
	}
}

func TestLeft_owns_nothing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	for _, who := range []string{"U0MORI", "U0FUKUSHI", "U0GUEST", "U0ROBOT", ""} {
		h.people.gone[who] = bot.Left
		if err := h.left(who); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	if h.proposal(p).Owner != "U0SATO" || len(h.news(vacated)) > 0 {
		t.Errorf("got %+v", h.proposal(p))
	}
}

func TestLeft_says_where_the_rest_is(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for range 12 {
		p := h.submit()
		if _, err := h.do(mori(), msg.Do("proposal.take", "proposal", strings.TrimLeft(p.Number[6:], "0"))); err != nil {
			t.Fatal(err)
		}
	}
	h.people.gone["U0MORI"] = bot.Left
	if err := h.left("U0MORI"); err != nil {
		t.Fatal(err)
	}
	news := h.news(vacated)
	if len(news) != 1 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[0]), "12件", "デスクの職員ではなくなったため", "K2026-0010", "このほかに2件", "/desk list 未担当")
	hasNot(t, show(news[0]), "K2026-0011")
	if b, ok := button(news[0], "担当未定の一覧"); !ok || b.Press.Do != "desk.run" || b.Press.Args.Get("line") != "list unowned" {
		t.Errorf("got %+v", b)
	}
}
