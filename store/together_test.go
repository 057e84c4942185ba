package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

// Two rounds that meet the same strangers at once, each in its own order, do not wait for each other for ever.
func TestHearTogether_of_the_same_strangers(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := storetest.Open(t, url, store.Options{NewID: uuid.New})
	met := func(users ...string) chan error {
		done := make(chan error, 1)
		var sounds []store.Sound
		for _, user := range users {
			sounds = append(sounds, store.Sound{Event: "E-" + users[0] + user, LineUser: user})
		}
		go func() {
			done <- db.InTx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.HearTogether(t.Context(), sounds)
				return err
			})
		}()
		return done
	}
	var rounds []chan error
	if err := db.InTx(t.Context(), func(tx *store.Tx) error {
		if _, _, err := tx.Hear(t.Context(), "E0", "U2"); err != nil {
			return err
		}
		for i, order := range [][]string{{"U1", "U2", "U3"}, {"U3", "U2", "U1"}} {
			rounds = append(rounds, met(order...))
			waiters(t, url, i+1)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, round := range rounds {
		if err := <-round; err != nil {
			t.Errorf("round %d: %v", i+1, err)
		}
	}
}

// waiters returns once so many transactions wait for a lock.
func waiters(t *testing.T, url string, want int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for waiting := 0; waiting < want; {
		err := conn.QueryRow(t.Context(), `
			SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}
