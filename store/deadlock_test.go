package store_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/bot"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// Two transactions wait for each other, and Postgres ends ours: it is run again, and nobody hears of it (row 20).
func TestInTx_deadlock(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := storetest.Open(t, url, store.Options{NewID: uuid.New})
	meets := func(event, user string) {
		check(t, db.InTx(t.Context(), func(tx *store.Tx) error { _, _, err := tx.Hear(t.Context(), event, user); return err }))
	}
	meets("E1", "U1")
	meets("E2", "U2")
	conn := connect(t, url)
	_, err := conn.Exec(t.Context(), `SET deadlock_timeout = '1h'`) // it never looks, so it is ours that is ended
	check(t, err)
	other, err := conn.Begin(t.Context())
	check(t, err)
	_, err = other.Exec(t.Context(), `SELECT FROM contacts WHERE line_user = 'U2' FOR UPDATE`)
	check(t, err)
	runs, holds, gone, ended := 0, make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- db.InTx(t.Context(), func(tx *store.Tx) error {
			if runs++; runs > 1 {
				<-gone // lest it takes the lock again before the other one has it
			}
			if _, _, err := tx.Hear(t.Context(), "E3", "U1"); err != nil {
				return err
			}
			if runs == 1 {
				close(holds)
			}
			_, _, err := tx.Hear(t.Context(), "E4", "U2")
			return err
		})
	}()
	<-holds
	_, err = other.Exec(t.Context(), `SELECT FROM contacts WHERE line_user = 'U1' FOR UPDATE`)
	check(t, err)
	check(t, other.Commit(t.Context()))
	close(gone)
	if err := <-ended; err != nil || runs != 2 {
		t.Errorf("after %d runs: %v, want two, and no fault", runs, err)
	}
}

// A deadlock that comes again each time, and what Postgres says of itself, are for later; what it says of what it was given
// is a fault of ours.
func TestInTx_passing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for code, want := range map[string]struct {
		kind bot.ErrorKind
		runs int
	}{
		"40P01": {bot.Later, 3}, "40001": {bot.Later, 3}, "53100": {bot.Later, 1}, "53200": {bot.Later, 1}, "57P01": {bot.Later, 1},
		"23505": {bot.Internal, 1}, "22001": {bot.Internal, 1},
	} {
		runs := 0
		err := db.InTx(t.Context(), func(*store.Tx) error {
			runs++
			return &pgconn.PgError{Code: code}
		})
		var fault *pgconn.PgError
		if bot.KindOf(err) != want.kind || runs != want.runs || !errors.As(err, &fault) {
			t.Errorf("%s: %v after %d runs, want %s after %d", code, err, runs, want.kind, want.runs)
		}
	}
	err := db.InTx(t.Context(), func(*store.Tx) error {
		return errors.Join(bot.Refuse(bot.Conflict, "error.conflict"), &pgconn.PgError{Code: "53100"})
	})
	if bot.KindOf(err) != bot.Conflict {
		t.Errorf("a refusal became %v", err)
	}
}
