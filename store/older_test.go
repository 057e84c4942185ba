package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

// A replica of an older version goes on while newer ones migrate, and may start again beside them (row 21): to
// it a step that it does not know is none of its own.
func TestMigrate_beside_an_older_program(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := storetest.Open(t, url, store.Options{NewID: uuid.New, MaxConns: 1}) // with statements that it has prepared before
	works := func(when string) {
		err := db.InTx(t.Context(), func(tx *store.Tx) error {
			heard, err := tx.HearTogether(t.Context(), []store.Sound{{Event: when, LineUser: "U1"}, {Event: when + " too", LineUser: "U-" + when}})
			if err == nil && len(heard) != 2 {
				err = fmt.Errorf("heard %d of two", len(heard))
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	works("before")
	execute(t, url, `ALTER TABLE contacts ADD COLUMN of_tomorrow text; ALTER TABLE deliveries ADD COLUMN of_tomorrow text;
		INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	works("after")
	// What runs goes on; what starts again is refused, for it could not know what it writes over.
	if n, err := store.Migrate(t.Context(), url); n != 0 || !errors.Is(err, store.ErrNewer) {
		t.Errorf("starting again ran %d steps, %v, want none, and why", n, err)
	}
	if _, err := store.Migrated(t.Context(), url); !errors.Is(err, store.ErrNewer) {
		t.Errorf("of the schema it says %v", err)
	}
}
