package coordinator_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Nobody has to open a thread to see that an organization waits for an answer, to what, and until when.
func TestCard_says_that_the_organization_wrote(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "水曜に伺います。"))
	hasNot(t, show(h.card("C0DESK")), "未返信", "企業への回答期限")

	h.now = h.now.Add(20 * 24 * time.Hour) // Thursday 10 December
	h.hear(p, "何時ですか")
	h.now = h.now.Add(time.Hour)
	h.hear(p, strings.Repeat("長", 99)+"\nい文")
	card := show(h.card("C0DESK"))
	has(t, card, "Rows:[{Label:📩 団体から連絡あり（12月10日(木) 11:00）・未返信 Value:「"+strings.Repeat("長", 99)+" …」（続きはやりとりに）",
		"{Label:企業への回答期限 Value:2026年12月24日(木)")
	if n := strings.Count(card, "提案者：団体から連絡"); n != 1 {
		t.Errorf("the history says %d times that it wrote:\n%s", n, card)
	}
	if first := buttons(h.card("C0DESK"))[0]; first.Label != "企業に返信" {
		t.Errorf("the first button is %q", first.Label)
	}
	hasNot(t, show(h.card("C0WELFARE")), "未返信")

	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "10時です。"))
	hasNot(t, show(h.card("C0DESK")), "未返信", "企業への回答期限")
}

func TestCard_of_an_organization_that_sent_a_file(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "")
	has(t, show(h.card("C0DESK")), "未返信 Value:資料（やりとりに）")
}

// What stands in a thread notifies nobody by itself: the owner is called, in the desk's own thread alone.
func TestMessages_call_the_owner(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "まだ担当がいません")
	h.refers("welfare")
	m := h.hear(p, "<@U0MORI> をお願いします")
	calls := map[string]string{}
	has(t, show(h.card("C0DESK")), "<@U0MORI> をお願いします")
	for _, post := range h.posts {
		if post.message.Calls != "" {
			calls[post.channel] += post.message.Calls
		}
	}
	if len(calls) != 1 || calls["C0DESK"] != sato().ID {
		t.Errorf("calls %v", calls)
	}
	h.tx(func(tx *store.Tx) error {
		taken, err := tx.Unsend(t.Context(), m.LineMessage)
		if err != nil {
			return err
		}
		return h.ledger.Unsent(t.Context(), tx, "unsent", taken[0])
	})
	hasNot(t, show(h.card("C0DESK")), "U0MORI")
	for _, post := range h.posts {
		if post.message.Calls != "" && strings.Contains(show(post.message), "取り消し") {
			t.Errorf("one that was taken back still calls: %s", show(post.message))
		}
	}
}

// The answer that is promised outside office hours has its date, in every state but on hold, whose date is the hold's own.
func TestNextDate_of_an_organization_that_wrote(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "ありがとうございます。"))
	h.move(p, proposal.DialogueOpened)
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "prepared"))
	due := func(want string) {
		t.Helper()
		if got := h.proposal(p).NextDate.Format(time.DateOnly); got != want {
			t.Errorf("next date is %s, want %s", got, want)
		}
	}
	due("2026-12-07")
	h.now = h.now.Add(24 * time.Hour)
	h.hear(p, "いつからですか")
	due("2026-12-07") // never later than what was due before
	h.now = h.now.Add(14 * 24 * time.Hour)
	h.move(p, proposal.Returned)
	due("2026-12-07") // ten working days from now would be later than the promise
	h.move(p, proposal.Held)
	due("2026-12-25")
	h.hear(p, "まだですか")
	due("2026-12-25")
	h.move(p, proposal.Resumed)
	due("2026-12-07")
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "来月からです。"))
	due("2026-12-18")
}

// What a department sees anyway is no choice, however a profile marks it.
func TestRefer_clears_only_what_is_hidden(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	for _, in := range h.opens(sato(), "C0DESK", "照会する").Inputs {
		if in.ID != "cleared" {
			continue
		}
		for _, o := range in.Options {
			if o.ID == "contact_name" {
				t.Errorf("%s is to be cleared, and is always seen", o.Label)
			}
		}
	}
}
