package coordinator_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/msg"
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

// A proposal of somebody who has blocked the account may end or move on, and whoever does so reads that nothing arrives.
func TestPreviews_of_what_does_not_arrive(t *testing.T) {
	t.Parallel()
	const says = "ブロックしているため、今はお知らせも本文も届きません"
	h := newHall(t)
	h.submit()
	for _, blocked := range []bool{false, true} {
		h.blocks(blocked)
		check := func(what string, s *msg.Screen) *msg.Screen {
			t.Helper()
			if got := strings.Contains(show(msg.Message{Blocks: s.Blocks}), says); got != blocked {
				t.Errorf("%s: says so %v, want %v", what, got, blocked)
			}
			return s
		}
		dialog := check("a no", h.opens(sato(), "C0DESK", "見送る"))
		check("its preview", h.leadsOn(sato(), dialog, "reason", "cost", "body", "見送ります。"))
		sure := check("a notice", h.leadsOn(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "dialogue_opened"))
		if told := strings.Contains(show(msg.Message{Blocks: sure.Blocks}), "次のお知らせが届きます"); told == blocked {
			t.Errorf("blocked %v, and promised that it arrives: %v", blocked, told)
		}
	}
}

// What was set aside can be given up, once somebody has told the organization by other means.
func TestDrop(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	one := store.Delivery{ID: uuid.New(), Lane: store.LineLane(contact), Kind: "reply", Proposal: p.ID, Args: map[string]string{}}
	h.tx(func(tx *store.Tx) error { return tx.Put(one) })
	h.tx(func(tx *store.Tx) error {
		tx.RecordOutcome(store.Outcome{ID: one.ID, State: store.Dead, Fault: "delivery.blocked"})
		return nil
	})
	press := msg.Do("delivery.drop", "delivery", one.ID.String(), "proposal", "1", "r", "1").Shown(h.now)
	if _, err := h.do(welfare(), press); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("a department gets %v", err)
	}
	if r, err := h.do(sato(), press); err != nil || r.Say.Key != "coordinator.dropped" {
		t.Errorf("got %+v, %v", r, err)
	}
	if left, err := h.db.DeadDeliveries(t.Context(), 0, 10); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
