package store_test

import (
	"slices"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// walk lists all owners of open proposals.
func walk(t *testing.T, r *store.Reader) (out []string) {
	t.Helper()
	for owner := ""; ; {
		next, err := r.NextOwner(t.Context(), owner)
		if bot.KindOf(err) == bot.NotFound {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out, owner = append(out, next), next
	}
}

func TestNextOwner(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	fill(t, url, 5000)
	db := storetest.Open(t, url, store.Options{})
	owners := walk(t, &db.Reader)
	if len(owners) < 10 || !slices.IsSorted(owners) {
		t.Errorf("got %v", owners)
	}
	owned, err := db.OwnedBy(t.Context(), owners[3])
	if err != nil || len(owned) == 0 {
		t.Errorf("got %v, %v", owned, err)
	}
	for name, ask := range map[string]func(*store.Reader) error{
		"next": func(r *store.Reader) error { _, err := r.NextOwner(t.Context(), "U7"); return err },
		"all":  func(r *store.Reader) error { _, err := r.OwnedBy(t.Context(), "U7"); return err },
	} {
		plan, err := db.Explain(t.Context(), func(r *store.Reader) error { return ask(r) })
		if err != nil && bot.KindOf(err) != bot.NotFound {
			t.Fatal(err)
		}
		if !strings.Contains(plan, "proposals_owner_idx") || strings.Contains(plan, "Seq Scan") || (name == "next" && strings.Contains(plan, "Sort")) {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
