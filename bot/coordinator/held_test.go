package coordinator_test

import (
	"testing"
	"time"

	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// Words that were confirmed and wait to go stand so on card and thread, until they have gone.
func TestReply_that_waits(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	preview := h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "水曜に伺います。")
	h.closes(sato(), preview)
	message := preview.Then.Args.Get("message")
	waits, err := h.db.Held(t.Context(), p.ID, ledger.KindReply)
	if err != nil {
		t.Fatal(err)
	}
	hasNot(t, show(h.deskCard()), "送信待ち")
	h.now = h.now.Add(2 * time.Minute)
	for range 2 {
		h.tx(func(tx *store.Tx) error {
			_, err := h.ledger.ShowHeld(t.Context(), tx, h.id(), waits)
			return err
		})
	}
	has(t, show(h.deskCard()), "⏳ 送信待ち Value:11月20日(金) 10:00の文面は、まだ企業に届いていません")
	has(t, h.thread("C0DESK"), "⏳ 送信待ち 11月20日(金) 10:02（佐藤）：まだ企業に届いていません", "水曜に伺います。")
	h.tx(func(tx *store.Tx) error {
		tx.RecordOutcome(store.Outcome{ID: waits.ID, State: store.Sent})
		return nil
	})
	h.tx(func(tx *store.Tx) error { return h.ledger.Sent(t.Context(), tx, h.id(), p.ID, message, "") })
	hasNot(t, show(h.deskCard()), "送信待ち")
	has(t, h.thread("C0DESK"), "✅ 送信済み 11月20日(金) 10:02（佐藤）")
}
