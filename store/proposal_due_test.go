package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// What time looks for each minute, and counts each day, costs what is due and what is open, never what the archive holds.
func TestDueProposals_read_an_index_and_no_more(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 5000)
	db := storetest.Open(t, url, store.Options{})
	today, after := begin.AddDate(0, 0, 200), store.Cursor{Date: begin.AddDate(0, 0, 90), ID: 2500}
	for index, ask := range map[string]func(*store.Reader) error{
		"proposals_held_idx": func(r *store.Reader) error { _, err := r.FirstHoldOver(t.Context(), today, after); return err },
		"proposals_late_idx": func(r *store.Reader) error { _, err := r.FirstOverdue(t.Context(), today, after); return err },
		"referrals_late_idx": func(r *store.Reader) error { _, err := r.FirstLate(t.Context(), today, after); return err },
		"proposals_held_idx ": func(r *store.Reader) error {
			_, err := r.HoldsOver(t.Context(), today)
			return err
		},
		"history_resumed_idx": func(r *store.Reader) error { _, err := r.ResumedSince(t.Context(), begin, 5); return err },
		"digests_pkey":        func(r *store.Reader) error { _, err := r.HasDigest(t.Context(), begin); return err },
		"proposals_state_idx": func(r *store.Reader) error { _, err := r.ListAdrift(t.Context(), store.Cursor{}, 11); return err },
		"deliveries_dead_idx": func(r *store.Reader) error { _, err := r.Tally(t.Context(), today, today); return err },
	} {
		plan, err := db.Explain(t.Context(), ask)
		if err != nil && bot.KindOf(err) != bot.NotFound {
			t.Fatal(err)
		}
		if !strings.Contains(plan, strings.TrimSpace(index)) || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Backward") {
			t.Errorf("%s:\n%s", index, plan)
		}
	}
}

// claimed walks through all that is due, each in a transaction of its own.
func claimed(t *testing.T, db *store.DB, claim func(*store.Tx, store.Cursor) (store.Cursor, error)) (got []bot.ProposalID) {
	t.Helper()
	for at := (store.Cursor{}); ; {
		err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
			at, err = claim(tx, at)
			return err
		})
		if bot.KindOf(err) == bot.NotFound {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, at.ID)
	}
}

func TestClaimOverdue(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 2000)
	db := storetest.Open(t, url, store.Options{Now: func() time.Time { return begin }})
	today := begin.AddDate(0, 0, 30)
	late := func(tx *store.Tx, after store.Cursor) (store.Cursor, error) {
		return tx.ClaimOverdue(t.Context(), today, after)
	}
	want, err := db.ListOverdue(t.Context(), store.Cursor{Date: today}, store.Cursor{}, 2000)
	if err != nil {
		t.Fatal(err)
	}
	got := claimed(t, db, late)
	if len(got) != len(want) || len(got) < 10 || got[0] != want[0].ID {
		t.Fatalf("got %d, want the %d that are overdue", len(got), len(want))
	}
	for range 2 {
		first := 0
		for _, id := range got {
			err := db.InTx(t.Context(), func(tx *store.Tx) error {
				shown, err := tx.ShowLate(t.Context(), id)
				if shown {
					first++
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if rest := claimed(t, db, late); len(rest) > 0 || (first != 0 && first != len(got)) {
			t.Errorf("%d are due once more, %d were shown", len(rest), first)
		}
	}
}

// Proposals from before the earliest date counted get it with the update.
func TestMigration_of_next_dates(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 100)
	execute(t, url, `
		UPDATE proposals SET next_date = '2026-06-01' WHERE open;
		UPDATE referrals SET verdict = 'join' WHERE proposal % 3 = 0;
		UPDATE referrals SET orphaned_at = now() WHERE proposal % 3 = 1`)
	migration, err := os.ReadFile("migrations/0007_late_departments.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, update, _ := strings.Cut(string(migration), "\nUPDATE")
	execute(t, url, "UPDATE"+update)
	db := storetest.Open(t, url, store.Options{})
	open, err := db.ListOpen(t.Context(), store.Cursor{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for _, p := range open {
		want := "2026-06-01"
		if p.State == proposal.Coordinating && p.ID%3 == 2 {
			want, drawn = "2026-05-01", drawn+1
		}
		if got := p.NextDate.Format(time.DateOnly); got != want {
			t.Errorf("%d in %s: next date %s, want %s", p.ID, p.State, got, want)
		}
	}
	if drawn == 0 {
		t.Error("no proposal has a department that owes its answer")
	}
}

// What is not in sight is found: an open proposal that no card stands for or is on its way to, and one that is not counted
// as open.
func TestListAdrift(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 100)
	db := storetest.Open(t, url, store.Options{Now: func() time.Time { return begin }})
	execute(t, url, `INSERT INTO cards (proposal, channel, ts) SELECT id, 'C0', id FROM proposals WHERE open`)
	count := func() (ids []bot.ProposalID) {
		t.Helper()
		found, err := db.ListAdrift(t.Context(), store.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		d, err := db.Tally(t.Context(), begin, begin)
		if err != nil || d.Adrift != len(found) {
			t.Errorf("%d counted, %v, %d listed", d.Adrift, err, len(found))
		}
		for _, p := range found {
			ids = append(ids, p.ID)
		}
		return ids
	}
	if got := count(); len(got) > 0 {
		t.Errorf("adrift: %v", got)
	}
	execute(t, url, `
		DELETE FROM cards WHERE proposal IN (SELECT id FROM proposals WHERE open ORDER BY id LIMIT 2);
		UPDATE proposals SET open = false WHERE id = (SELECT max(id) FROM proposals WHERE open);
		INSERT INTO deliveries (id, lane, event, kind, args, matters, proposal, not_before, created_at)
			SELECT gen_random_uuid(), 'slack/C0/1', 'e', 'card', '{}', true, min(id), now(), now() FROM proposals WHERE open`)
	if got := count(); len(got) != 2 || got[0] < got[1] {
		t.Errorf("adrift: %v, want the one that is not counted and the one whose card is not on its way", got)
	}
}

// Of several that make the digest of a day, one is first.
func TestKeepDigest(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return begin }})
	keep := func(d store.Digest) (first bool) {
		t.Helper()
		if err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
			first, err = tx.KeepDigest(t.Context(), d)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return first
	}
	want := store.Digest{Day: begin, Open: 1, Overdue: 2, Unowned: 3, Resumed: 4, Dead: 5, Adrift: 6}
	if !keep(want) || keep(store.Digest{Day: begin}) || !keep(store.Digest{Day: begin.AddDate(0, 0, 1)}) {
		t.Error("a day has one digest")
	}
	if got, err := db.Digest(t.Context(), begin); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func BenchmarkDueProposals(b *testing.B) {
	url := storetest.URL(b)
	fill(b, url, 1_000_000)
	db := storetest.Open(b, url, store.Options{})
	today := begin.AddDate(0, 0, 200)
	for name, ask := range map[string]func() error{
		"hold over":  func() error { _, err := db.FirstHoldOver(b.Context(), today, store.Cursor{}); return err },
		"overdue":    func() error { _, err := db.FirstOverdue(b.Context(), today, store.Cursor{}); return err },
		"none due":   func() error { _, err := db.FirstOverdue(b.Context(), begin, store.Cursor{}); return err },
		"tally":      func() error { _, err := db.Tally(b.Context(), today, today); return err },
		"has digest": func() error { _, err := db.HasDigest(b.Context(), today); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil && bot.KindOf(err) != bot.NotFound {
					b.Fatal(err)
				}
			}
		})
	}
}
