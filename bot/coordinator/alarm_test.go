package coordinator_test

import (
	"strings"
	"testing"

	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
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
