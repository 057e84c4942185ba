package coordinator_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// waiver is the button that says that no reply is needed, on the desk's card.
func (h *hall) waiver() msg.Press {
	h.t.Helper()
	b, ok := button(h.deskCard(), "返信不要")
	if !ok {
		h.t.Fatalf("no such button on\n%s", show(h.deskCard()))
	}
	return b.Press
}

func TestWaive(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "水曜に伺います。"))
	if _, ok := button(h.deskCard(), "返信不要"); ok {
		t.Error("a button for what is answered")
	}
	h.now = h.now.Add(time.Hour)
	h.hear(p, "ありがとうございます。")
	if all := labels(h.deskCard()); all[0] != "企業に返信" || all[1] != "返信不要" {
		t.Errorf("the buttons are %q", all)
	}
	if _, ok := button(h.card("C0WELFARE"), "返信不要"); ok {
		t.Error("a department has the button")
	}
	press := h.waiver()
	once := coordinator.Press{ID: "once", Actor: mori(), Press: press}
	for range 2 {
		if r, err := h.c.Press(t.Context(), once); err != nil || !r.Say.Empty() {
			t.Errorf("got %+v, %v", r, err)
		}
		h.deliver()
	}
	hasNot(t, show(h.deskCard()), "未返信", "企業への回答期限", "[返信不要]")
	if n := strings.Count(h.thread("C0DESK"), "11月20日(金) 11:00 森：返信不要}"); n != 1 {
		t.Errorf("the thread says %d times who did it:\n%s", n, h.thread("C0DESK"))
	}
	hasNot(t, h.thread("C0WELFARE"), "返信不要")
	has(t, show(h.deskCard()), "森：返信不要")
	if _, err := h.do(sato(), press); bot.SayOf(err).Key != "ledger.waived_before" {
		t.Errorf("who comes second gets %v", err)
	}
	if len(h.line) != 1 {
		t.Errorf("the organization was sent %q", h.line)
	}
	h.hear(p, "ところで、何時ですか。")
	has(t, show(h.deskCard()), "未返信 Value:「ところで、何時ですか。」")
}

// A press on a card that has been overtaken by another message settles what its presser saw, and says that there is more.
func TestWaive_of_an_older_card(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "ありがとうございます。")
	older := h.waiver()
	h.now = h.now.Add(time.Hour)
	h.hear(p, "何時ですか")
	r, err := h.do(sato(), older)
	if err != nil || r.Say.Key != "coordinator.waived_some" || r.Say.Args["number"] != p.Number {
		t.Errorf("got %+v, %v", r, err)
	}
	has(t, show(h.deskCard()), "未返信 Value:「何時ですか」", "企業への回答期限")
	has(t, h.thread("C0DESK"), "佐藤：返信不要（その後の連絡は未返信です）")
	if r, err := h.do(sato(), h.waiver()); err != nil || !r.Say.Empty() {
		t.Errorf("got %+v, %v", r, err)
	}
	hasNot(t, show(h.deskCard()), "未返信 Value")
}

// Thanks for a no need no reply either, and wake nothing up.
func TestWaive_after_the_end(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "見送る"), "reason", "cost", "body", "見送ります。"))
	h.now = h.now.Add(time.Hour)
	h.hear(p, "ご検討ありがとうございました。")
	if all := labels(h.deskCard()); len(all) != 4 || all[0] != "企業に返信" || all[1] != "返信不要" {
		t.Errorf("the buttons are %q", all)
	}
	if _, err := h.do(sato(), h.waiver()); err != nil {
		t.Error(err)
	}
	if now := h.proposal(p); now.State != proposal.Declined {
		t.Errorf("it is %s", now.State)
	}
	if all := labels(h.deskCard()); len(all) != 3 || all[0] != "企業に返信" {
		t.Errorf("the buttons are %q", all)
	}
}

// A card whose history is longer than what it reads still carries the newest line.
func TestWaive_after_a_long_history(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "ありがとうございます。")
	for i := range 40 {
		h.tx(func(tx *store.Tx) error {
			_, err := h.ledger.Assign(t.Context(), tx, h.id(), p.ID, sato(), []string{sato().ID, mori().ID}[i%2])
			return err
		})
	}
	if _, err := h.do(sato(), h.waiver()); err != nil {
		t.Error(err)
	}
	hasNot(t, show(h.deskCard()), "未返信")
}
