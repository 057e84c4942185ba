package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

// Looking for what waits costs what waits, not what has ever gone.
func TestHeld_reads_what_is_pending(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := storetest.Open(t, url, store.Options{NewID: uuid.New})
	execute(t, url, `
		INSERT INTO deliveries (id, lane, event, kind, args, matters, state, proposal, not_before, created_at)
		SELECT gen_random_uuid(), 'line/U' || i % 100, 'e', CASE WHEN i % 2 = 0 THEN 'reply' ELSE 'outcome' END,
			jsonb_build_object('message', i::text), true, CASE WHEN i > 9990 THEN 'pending' ELSE 'sent' END, i / 10, now(), now() - interval '1 hour'
		FROM generate_series(1, 10000) i`)
	execute(t, url, `VACUUM ANALYZE deliveries`)
	before := time.Now().Add(-time.Minute)
	untold := func(r *store.Reader) ([]store.Delivery, error) {
		return r.HeldUntold(t.Context(), "reply", "outcome", before, 50)
	}
	held := func(r *store.Reader) ([]store.Delivery, error) { return r.HeldDeliveries(t.Context(), before, 50) }
	for name, c := range map[string]struct {
		ask  func(*store.Reader) ([]store.Delivery, error)
		want int
	}{"untold": {untold, 5}, "held": {held, 10}} {
		found, err := c.ask(&db.Reader)
		if err != nil || len(found) != c.want {
			t.Errorf("%s: got %d, %v, want %d", name, len(found), err, c.want)
		}
		plan, err := db.Explain(t.Context(), func(r *store.Reader) error { _, err := c.ask(r); return err })
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "deliveries_due_idx") {
			t.Error(fmt.Sprint(name, ":\n", plan))
		}
	}
	if _, err := db.Held(t.Context(), 1, "reply"); err == nil {
		t.Error("what has gone counts as waiting")
	}
}
