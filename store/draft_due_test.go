package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// fillDrafts puts n drafts of as many people, one an hour up to now: four of five have ended, each of the others is due a
// thousand hours after it began.
func fillDrafts(t testing.TB, url string, n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), `
		INSERT INTO contacts (line_user, heard_at, created_at) SELECT 'U' || i, now(), now() FROM generate_series(1, $1::int) i`, n)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), `
		INSERT INTO drafts (contact, form, version, state, created_at, touched_at, due)
		SELECT id, 'proposal', '1', CASE WHEN id % 5 > 0 THEN 'submitted' WHEN id % 2 = 0 THEN 'open' ELSE 'paused' END, at, at,
			at + interval '1000 hours'
		FROM contacts, LATERAL (SELECT $2::timestamptz - ($1::int - id) * interval '1 hour' AS at) begun ORDER BY id`, n, begin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = conn.Exec(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

func TestClaimDueDraft_reads_an_index_and_no_more(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fillDrafts(t, url, 20_000)
	db := storetest.Open(t, url, store.Options{})
	for name, after := range map[string]store.DuePlace{"first": {}, "middle": {At: begin.Add(-5000 * time.Hour), ID: 15_000}} {
		plan, err := db.Explain(t.Context(), func(r *store.Reader) error {
			_, err := r.FirstDue(t.Context(), after, begin)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, "drafts_due_idx") || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

func TestClaimDueDraft(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fillDrafts(t, url, 1100)
	db := storetest.Open(t, url, store.Options{Now: func() time.Time { return begin }})
	var got []bot.DraftID
	for at := (store.DuePlace{}); ; {
		var d store.DueDraft
		err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
			d, err = tx.ClaimDueDraft(t.Context(), at)
			return err
		})
		if bot.KindOf(err) == bot.NotFound {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got, at = append(got, d.ID), d.Place
	}
	if len(got) != 20 || got[0] != 5 || got[19] != 100 {
		t.Errorf("got %v, want each fifth to 100", got)
	}
}

func BenchmarkClaimDueDraft(b *testing.B) {
	url := storetest.URL(b)
	fillDrafts(b, url, 1_000_000)
	db := storetest.Open(b, url, store.Options{})
	for name, now := range map[string]time.Time{"all due": begin, "none due": begin.AddDate(-150, 0, 0)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := db.FirstDue(b.Context(), store.DuePlace{}, now); err != nil && bot.KindOf(err) != bot.NotFound {
					b.Fatal(err)
				}
			}
		})
	}
}
