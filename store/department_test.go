package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

func TestDepartments_are_kept(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return begin }})
	keep := func(ds ...bot.Department) (before []bot.Department) {
		t.Helper()
		err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
			before, err = tx.LockDepartments(t.Context())
			tx.KeepDepartments(ds)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return before
	}
	keep(bot.Department{ID: "a", Name: "甲課", Channel: "C1"}, bot.Department{ID: "b", Name: "乙課", Channel: "C2"})
	keep(bot.Department{ID: "b", Name: "丙課", Channel: "C3"}, bot.Department{Name: "デスク", Channel: "C0"})
	want := []bot.Department{{Name: "デスク", Channel: "C0"}, {ID: "a", Name: "甲課", Channel: "C1"}, {ID: "b", Name: "丙課", Channel: "C3"}}
	if diff := cmp.Diff(want, keep()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is asked at the start grows with what is open, not with the archive.
func TestOrphans_read_an_index_and_no_more(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 5000)
	db := storetest.Open(t, url, store.Options{})
	known := []bot.Department{{ID: "dep0", Channel: "C0"}, {ID: "dep1", Channel: "C1"}}
	found, err := db.Orphans(t.Context(), known)
	if err != nil || len(found) == 0 {
		t.Fatalf("got %d, %v", len(found), err)
	}
	for _, f := range found {
		if f.Department == "dep0" || f.Department == "dep1" {
			t.Errorf("got %+v", f)
		}
	}
	for name, ask := range map[string]func(*store.Reader) error{
		"orphans": func(r *store.Reader) error { _, err := r.Orphans(t.Context(), known); return err },
		"cards":   func(r *store.Reader) error { _, err := r.CardsElsewhere(t.Context(), known); return err },
	} {
		plan, err := db.Explain(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "Nested Loop") || !strings.Contains(plan, "proposals_open_idx") || !strings.Contains(plan, "(proposal = p.id)") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

// What a department has not answered is looked for among what is open, on a deep page, too: what has ended without an answer
// grows with the archive.
func TestListAwaited_reads_what_is_open(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 5000)
	db := storetest.Open(t, url, store.Options{})
	list := func(r *store.Reader) ([]bot.Proposal, error) {
		return r.ListAwaited(t.Context(), "dep3", begin.AddDate(1, 0, 0), store.Cursor{ID: 900}, 11)
	}
	found, err := list(&db.Reader)
	if err != nil || len(found) != 11 {
		t.Fatalf("got %d, %v", len(found), err)
	}
	for _, p := range found {
		if p.ID >= 900 || p.ID%13 != 3 || p.NextDate.IsZero() {
			t.Errorf("got %+v", p)
		}
	}
	plan, err := db.Explain(t.Context(), func(r *store.Reader) error { _, err := list(r); return err })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "proposals_open_idx") || !strings.Contains(plan, "(department = 'dep3'") {
		t.Error(plan)
	}
}
