package keeper

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestRelease: what is held shows in check, and is let go or dropped only by whoever says so.
func TestRelease(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := storetest.Open(t, url, store.Options{NewID: uuid.New})
	environ := []string{"DATABASE_URL=" + storetest.Served(t, url)}
	run := func(r Release, answer, want string) {
		t.Helper()
		var out strings.Builder
		r.In, r.Out = strings.NewReader(answer), &out
		if err := r.Run(t.Context(), environ); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("got %q, %v, want %q", out.String(), err, want)
		}
	}
	held := func() bool {
		return !checkHeld(t.Context(), config.Settings{DatabaseURL: config.NewSecret(url)}).OK
	}
	run(Release{Yes: true}, "", "no deliveries are held")
	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.HoldAll(t.Context(), 0, true); err != nil {
			return err
		}
		return tx.Put(store.Delivery{Lane: "line/U1", Kind: "reply"})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"", "n\n", "later\n"} {
		run(Release{}, answer, "all deliveries are held as before")
	}
	if !held() {
		t.Error("check finds nothing")
	}
	run(Release{Before: time.Now().Add(time.Hour).Format(time.RFC3339)}, "y\n", "0 released, 1 dropped")
	if held() {
		t.Error("check still finds what is held")
	}
}
