package store_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestSignatures: of what several replicas have found the newest stays, each kind by itself.
func TestSignatures(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	for _, noted := range []store.Signatures{{Refused: at}, {Verified: at.Add(time.Hour)}, {Verified: at, Refused: at.Add(-time.Hour)}} {
		err := db.InTx(t.Context(), func(tx *store.Tx) error { return tx.NoteSignatures(t.Context(), bot.Slack, noted) })
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Signatures(t.Context(), bot.Slack)
	if err != nil || !got.Verified.Equal(at.Add(time.Hour)) || !got.Refused.Equal(at) {
		t.Errorf("got %+v, %v", got, err)
	}
	if none, err := db.Signatures(t.Context(), bot.LINE); err != nil || !none.Verified.IsZero() || !none.Refused.IsZero() {
		t.Errorf("of a platform that was not heard: got %+v, %v", none, err)
	}
}
