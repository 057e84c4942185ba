package keeper

import (
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestMigrate_for_a_user: who serves may read and write the desk's rows, and can neither change a table nor what has happened.
func TestMigrate_for_a_user(t *testing.T) {
	t.Parallel()
	owner := storetest.EmptyURL(t)
	served := storetest.Served(t, owner)
	err := Migrate(t.Context(), []string{"DATABASE_URL=" + served}, "", io.Discard)
	if err == nil || !strings.Contains(err.Error(), "run tsunagi migrate --user") {
		t.Errorf("without tables it says %v, want what to do", err)
	}
	var out strings.Builder
	who, err := url.Parse(served)
	if err == nil {
		err = Migrate(t.Context(), []string{"DATABASE_URL=" + owner}, who.User.Username(), &out)
	}
	if err != nil || !strings.Contains(out.String(), "may serve the desk") {
		t.Fatalf("got %q, %v", out.String(), err)
	}
	conn, err := pgx.Connect(t.Context(), served)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for sql, may := range map[string]bool{
		"UPDATE contacts SET heard_at = now()": true, "SELECT FROM history": true, "SELECT FROM goose_db_version": true,
		"UPDATE history SET actor = 'U1'": false, "DELETE FROM history": false, "DELETE FROM proposals": false,
		"DELETE FROM inbox": false, "CREATE TABLE own ()": false, "DELETE FROM goose_db_version": false,
	} {
		if _, err := conn.Exec(t.Context(), sql); (err == nil) != may {
			t.Errorf("%s: %v, want allowed %t", sql, err, may)
		}
	}
	if err := Migrate(t.Context(), []string{"DATABASE_URL=" + served}, "", io.Discard); err != nil {
		t.Errorf("with nothing to do it fails: %v", err)
	}
	// Postgres only warns whoever grants what is not theirs.
	err = Migrate(t.Context(), []string{"DATABASE_URL=" + served}, who.User.Username(), io.Discard)
	if !errors.Is(err, store.ErrNotOwner) {
		t.Errorf("granted by somebody who owns nothing: got %v", err)
	}
}
