package storetest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tsunagi/store"
	"tsunagi/store/embedded"
	"tsunagi/store/storetest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	t.Run("has the whole schema", func(t *testing.T) {
		t.Parallel()
		if whole, err := store.Migrated(t.Context(), storetest.URL(t)); err != nil || !whole {
			t.Errorf("Migrated says %v, %v, want true", whole, err)
		}
	})
	t.Run("empty has none of it", func(t *testing.T) {
		t.Parallel()
		if whole, err := store.Migrated(t.Context(), storetest.EmptyURL(t)); err != nil || whole {
			t.Errorf("Migrated says %v, %v, want false", whole, err)
		}
	})
	for _, name := range []string{"one", "two", "three"} {
		t.Run("is for one test alone, "+name, func(t *testing.T) {
			t.Parallel()
			_, err := connect(t, storetest.URL(t)).Exec(t.Context(), "CREATE TABLE mine (n int)")
			check(t, err)
		})
	}
}

func TestURLGoes(t *testing.T) {
	t.Parallel()
	var url string
	outer := t
	t.Run("test", func(t *testing.T) {
		url = storetest.URL(t)
		connect(outer, url) // still open when the database is dropped
	})
	_, err := pgx.Connect(t.Context(), url)
	var fault *pgconn.PgError
	if !errors.As(err, &fault) || fault.Code != "3D000" {
		t.Errorf("after the test: %v, want that there is no such database", err)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	check(t, storetest.New(t).Ping(t.Context()))
}

func TestBroken(t *testing.T) {
	t.Parallel()
	db := storetest.Broken(t)
	for range 3 { // past the connections of the pool, then new ones
		if err := db.Ping(t.Context()); err == nil {
			t.Fatal("a broken database answered")
		}
	}
}

func TestCuttable(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	address, cut := storetest.Cuttable(t, url)
	conn := connect(t, address)
	tx, err := conn.Begin(t.Context())
	check(t, err)
	_, err = tx.Exec(t.Context(), "CREATE TABLE lost (n int)")
	check(t, err)
	cut()
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a commit went through a cut line")
	}
	var there bool
	check(t, connect(t, url).QueryRow(t.Context(), "SELECT to_regclass('lost') IS NOT NULL").Scan(&there))
	if there {
		t.Error("what was not committed is there")
	}
}

// TestSharedServer runs this package's tests in several processes at once over one server, as `go test ./...` does when
// TSUNAGI_TEST_DATABASE_URL is set.
func TestSharedServer(t *testing.T) {
	t.Parallel()
	pg, err := embedded.StartPostgres(t.Context(), embedded.Postgres{Volatile: true})
	check(t, err)
	t.Cleanup(func() { check(t, pg.Stop()) })
	admin := connect(t, pg.URL(""))
	for _, sql := range []string{
		"CREATE DATABASE tsunagi_test_dead_1",
		"CREATE DATABASE tsunagi_test_live_1",
		"SELECT pg_advisory_lock(hashtextextended('tsunagi_test_live_', 0))",
	} {
		_, err := admin.Exec(t.Context(), sql)
		check(t, err)
	}
	done := make(chan string, 3)
	for range cap(done) {
		go func() { done <- runTests(t.Context(), pg.URL("")) }()
	}
	for range cap(done) {
		if out := <-done; !strings.Contains(out, "PASS\n") {
			t.Errorf("a process beside others failed:\n%s", out)
		}
	}
	checkLeft(t, admin)
}

func runTests(ctx context.Context, url string) string {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^(TestURL|TestNew|TestBroken)", "-test.v")
	cmd.Env = append(os.Environ(), "TSUNAGI_TEST_DATABASE_URL="+url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return err.Error() + "\n" + string(out)
	}
	return string(out)
}

// checkLeft wants the databases of a process that is gone swept, and those of one that lives let be.
func checkLeft(t *testing.T, admin *pgx.Conn) {
	t.Helper()
	rows, err := admin.Query(t.Context(), "SELECT datname FROM pg_database WHERE datname IN ('tsunagi_test_dead_1', 'tsunagi_test_live_1')")
	check(t, err)
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	if len(left) != 1 || left[0] != "tsunagi_test_live_1" {
		t.Errorf("left of other processes: %v, want only tsunagi_test_live_1", left)
	}
}
