package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestOpenDraft has two processes open drafts at the same time, some of which are taken back.
func TestOpenDraft(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	taken := errors.New("taken back")
	var mu sync.Mutex
	given, kept := map[bot.DraftID]bool{}, 0
	open := func(db *store.DB, event string, keep bool) error {
		return db.InTx(t.Context(), func(tx *store.Tx) error {
			talk, _, err := tx.Hear(t.Context(), event, "U0")
			if err != nil {
				return err
			}
			id, err := tx.OpenDraft(t.Context(), talk.ID, form.Form{ID: "proposal", Version: "1"}, tx.Now)
			mu.Lock()
			given[id] = true
			mu.Unlock()
			if err == nil && !keep {
				err = taken
			}
			return err
		})
	}
	var all sync.WaitGroup
	for range 2 {
		db := storetest.Open(t, url, store.Options{})
		for n := range 100 {
			all.Go(func() {
				if err := open(db, fmt.Sprint(db.Self(), n), n%5 > 0); err != nil && !errors.Is(err, taken) {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	db := storetest.Open(t, url, store.Options{})
	for id := range given {
		if d, err := db.Draft(t.Context(), id); err == nil && d.State == store.DraftOpen {
			kept++
		}
	}
	if len(given) != 200 || kept != 160 {
		t.Errorf("%d different ids for 200 drafts, of which %d are kept, want 160", len(given), kept)
	}
}
