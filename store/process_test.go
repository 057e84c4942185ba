package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestBury: what a process holds stays its own while its connection lasts, however silent it is; when that has ended,
// everybody may claim it, knowing that it may have been sent until then.
func TestBury(t *testing.T) {
	t.Parallel()
	url, now := storetest.URL(t), time.Unix(1_800_000_000, 0)
	clock := func() time.Time { return now }
	one := storetest.Open(t, url, store.Options{Now: clock, NewID: uuid.New})
	two := storetest.Open(t, url, store.Options{Now: clock, NewID: uuid.New})
	ctx, kill := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- one.ListenDeliveries(ctx, func(store.Lane) {}) }()
	lives(t, url, 1)
	if err := one.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.Put(store.Delivery{Lane: "line/U1", Kind: "say", Event: "E1"}, store.Delivery{Lane: "line/U2", Kind: "say", Event: "E2"})
	}); err != nil {
		t.Fatal(err)
	}
	for i := range int64(3) {
		if _, err := one.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		others, err := two.Beat(t.Context())
		if err != nil || len(others) != 1 || others[0] != (store.Beat{Process: one.Self(), Count: i + 1}) {
			t.Errorf("others are %v, %v", others, err)
		}
	}
	if bury(t, two, one.Self()) || len(claim(t, two)) != 0 {
		t.Error("a silent one was taken for dead")
	}
	kill()
	<-ended
	lives(t, url, 0)
	if !bury(t, two, one.Self()) {
		t.Error("a dead one was not buried")
	}
	claimed := claim(t, two)
	if len(claimed) != 2 || !claimed[0].Again || !claimed[0].TriedUntil.Equal(now) {
		t.Errorf("claimed %+v", claimed)
	}
	if others, err := two.Beat(t.Context()); err != nil || len(others) != 0 {
		t.Errorf("still there: %v, %v", others, err)
	}
}

func bury(t *testing.T, db *store.DB, process uuid.UUID) (gone bool) {
	t.Helper()
	if err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
		gone, err = tx.Bury(t.Context(), process)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return gone
}

func claim(t *testing.T, db *store.DB) []store.Delivery {
	t.Helper()
	claimed, err := db.ClaimDeliveries(t.Context(), store.Claim{Lanes: 10, PerLane: 10, Platforms: []bot.Platform{bot.LINE}})
	if err != nil {
		t.Fatal(err)
	}
	return claimed
}

// lives returns once so many processes hold the connection that shows that they live.
func lives(t *testing.T, url string, want int) {
	t.Helper()
	conn := connect(t, url)
	for have := -1; have != want; {
		err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&have)
		if err != nil {
			t.Fatal(err)
		}
	}
}
