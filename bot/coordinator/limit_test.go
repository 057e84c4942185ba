package coordinator_test

import (
	"strings"
	"testing"
	"time"

	"tsunagi/store"
)

// The desk reads who has sent as much as is taken, and until when, and nothing of what was sent.
func TestLimit(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	until := time.Date(2026, 11, 20, 11, 0, 0, 0, h.desk.Location)
	for i, limit := range []string{"hour_messages", "day_messages", "day_files", "day_bytes", "day_new", "open_cases"} {
		h.tx(func(tx *store.Tx) error {
			talk, _, err := tx.Hear(t.Context(), h.id(), contact)
			if err != nil {
				return err
			}
			talk.Organization, talk.Name = "だんじり食品", "佐藤 花子"
			tx.SaveTalk(talk)
			return h.ledger.Reached(tx, h.id(), talk.ID, limit, 20+i, until)
		})
		got := show(h.card("C0DESK"))
		has(t, got, "佐藤 花子さん", "上限（")
		if strings.Contains(got, "{who") || strings.Contains(got, "{at") {
			t.Errorf("the desk reads %s", got)
		}
	}
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), h.id(), "U"+strings.Repeat("9", 32))
		if err != nil {
			return err
		}
		return h.ledger.Reached(tx, h.id(), talk.ID, "day_files", 50, until)
	})
	has(t, show(h.card("C0DESK")), "まだお名前を伺っていない方", "11月20日(金) 11:00まで")
}
