package coordinator_test

import (
	"testing"
	"time"

	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// A department's date that passes after the end is marked on no card. Reopening gives the department a new one, and the
// organization a day by which it is answered: neither was late by anybody's fault.
func TestLate_while_it_was_over(t *testing.T) {
	t.Parallel()
	const late = "⚠"
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), h.id(), contact)
		if err != nil {
			return err
		}
		_, err = h.ledger.Withdraw(t.Context(), tx, h.id(), talk.Contact, p.ID)
		return err
	})
	h.now = h.now.Add(14 * 24 * time.Hour)
	h.tx(func(tx *store.Tx) error {
		shown, err := h.ledger.ShowLate(t.Context(), tx, h.id(), p.ID)
		if shown {
			t.Error("shown of what is over")
		}
		return err
	})
	hasNot(t, show(h.card("C0DESK")), late)
	hasNot(t, show(h.card("C0WELFARE")), late)
	h.move(p, proposal.Reopened)
	has(t, show(h.card("C0DESK")), "回答待ち（2026年12月11日(金)まで）", "企業への回答期限 Value:2026年12月18日(金)", "次の期限 Value:2026年12月8日(火)")
	has(t, show(h.card("C0WELFARE")), "回答期限 Value:2026年12月11日(金)")
	hasNot(t, show(h.card("C0DESK"))+show(h.card("C0WELFARE")), late)
	h.now = h.now.Add(30 * 24 * time.Hour)
	h.tx(func(tx *store.Tx) error {
		shown, err := h.ledger.ShowLate(t.Context(), tx, h.id(), p.ID)
		if !shown {
			t.Error("the new date passes unseen")
		}
		return err
	})
	has(t, show(h.card("C0WELFARE")), late)
}
