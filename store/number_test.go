package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestNextNumber has two processes submit several proposals in each transaction at the same time, some of which are
// taken back, over the turn of a fiscal year.
func TestNextNumber(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	contact := meet(t, storetest.Open(t, url, store.Options{}))
	taken := errors.New("taken back")
	submit := func(db *store.DB, count, year int, keep bool) error {
		return db.InTx(t.Context(), func(tx *store.Tx) error {
			for range count {
				seq, id, err := tx.NextNumber(t.Context(), year)
				if err != nil {
					return err
				}
				p := bot.Proposal{
					ID: id, Kind: "proposal", Number: fmt.Sprint(year, "-", seq), Contact: contact, State: proposal.Received, NextDate: tx.Now,
				}
				if err := tx.AddProposal(store.NewProposal{Proposal: p, FiscalYear: year, Seq: seq}, true); err != nil {
					return err
				}
			}
			if !keep {
				return taken
			}
			return nil
		})
	}
	var all sync.WaitGroup
	for range 2 {
		db := storetest.Open(t, url, store.Options{})
		for n := range 20 {
			all.Go(func() {
				if err := submit(db, 1+n*2, 2026+n%2, n%5 > 0); err != nil && !errors.Is(err, taken) {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	db := storetest.Open(t, url, store.Options{})
	const want = 336
	for _, year := range []int{2026, 2027} {
		for seq := 1; seq <= want; seq++ {
			if _, err := db.ProposalByNumber(t.Context(), fmt.Sprint(year, "-", seq)); err != nil {
				t.Fatalf("number %d of %d: %v, want all up to %d", seq, year, err, want)
			}
		}
		if _, err := db.ProposalByNumber(t.Context(), fmt.Sprint(year, "-", want+1)); err == nil {
			t.Errorf("more than %d numbers of %d", want, year)
		}
	}
}

func meet(t *testing.T, db *store.DB) (id bot.ContactID) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), "E0", "U0")
		id = talk.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
