package coordinator_test

import (
	"strings"
	"testing"

	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// What went wrong without a proposal names none.
func TestAlarm_without_a_proposal(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.tx(func(tx *store.Tx) error {
		return tx.Put(ledger.Alarm(h.desk, store.Delivery{Event: h.id()}, "delivery.set_aside"))
	})
	got := show(h.card("C0DESK"))
	has(t, got, "処理できない受信が一件ありました")
	if strings.Contains(got, "（）") || strings.Contains(got, "配信できなかった") {
		t.Errorf("the desk reads %s", got)
	}
	if buttons := h.card("C0DESK").Choices; len(buttons) != 0 {
		t.Errorf("there is nothing to send again, yet there is %+v", []msg.Button(buttons))
	}
}

// What was held at a start is sent again from its list, which the words alone do not lead to.
func TestAlarm_of_what_was_held_leads_to_its_list(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.tx(func(tx *store.Tx) error { return h.ledger.Warn(t.Context(), tx, text.Say("delivery.held", "count", 3)) })
	got := h.card("C0DESK")
	has(t, show(got), "古い配信のため止めています")
	if len(got.Choices) != 1 || got.Choices[0].Press.Args.Get("line") != "dead" {
		t.Errorf("the desk has %+v, want a button to the list", got.Choices)
	}
}
