package coordinator_test

import (
	"testing"
	"time"

	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// A department's date that passes after the end is marked on no card, and counts as seen to. Reopening draws both cards, so that
// the mark is there when the answer is owed again.
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
	has(t, show(h.card("C0DESK")), late+" 回答待ち")
	has(t, show(h.card("C0WELFARE")), late)
}
