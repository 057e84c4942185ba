package coordinator_test

import (
	"testing"

	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// blocks notes that the organization has blocked the account, or no longer does.
func (h *hall) blocks(is bool) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(h.t.Context(), h.id(), contact)
		if err != nil {
			return err
		}
		talk.Blocked = is
		tx.SaveTalk(talk)
		return nil
	})
}

// The desk knows that words cannot arrive before anybody writes them; departments need not.
func TestCard_of_an_organization_that_has_blocked_us(t *testing.T) {
	t.Parallel()
	const says = "ブロック中"
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	hasNot(t, show(h.card("C0DESK")), says)
	h.blocks(true)
	h.tx(func(tx *store.Tx) error { // as when a notice has gone, and nobody reads it
		return h.ledger.Undelivered(t.Context(), tx, store.Delivery{Proposal: p.ID, Event: "e"}, "delivery.blocked")
	})
	has(t, show(h.card("C0DESK")), says)
	h.move(p, proposal.DialogueOpened)
	has(t, show(h.card("C0DESK")), says)
	hasNot(t, show(h.card("C0WELFARE")), says)
	h.blocks(false)
	h.move(p, proposal.Prepared)
	hasNot(t, show(h.card("C0DESK")), says)
}
