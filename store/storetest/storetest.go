// Package storetest gives each test a database of its own: real, empty, migrated, and gone afterwards. Tests that use it
// may run in parallel, with each other and with those of other packages.
//
// The databases live on one private Postgres per test process, or on the server that TSUNAGI_TEST_DATABASE_URL names (a
// role there must be allowed to create databases and roles). TSUNAGI_POSTGRES_BIN names the programs, as it does for the demo.
//
// It is for tests only, and replaces nothing: there is no fake store. Begin reading at New.
package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/store"
)

// New opens a fresh database with the machine's clock. A test with a clock of its own, or with several replicas over
// one database, calls URL and Open.
func New(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, URL(t), store.Options{})
}

// Open opens the database at url until the test ends, as a user who may serve a desk and do nothing else. What the options
// leave out is filled in.
func Open(t testing.TB, url string, o store.Options) *store.DB {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.New
	}
	if o.MaxConns == 0 {
		o.MaxConns = 4 // tests run in parallel, each with a pool, on one server
	}
	db, err := store.Open(t.Context(), Served(t, url), o)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL is the address of a fresh database with the whole schema, dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, func(s *server) (string, error) { return s.template() })
}

// Served is the address of the database at url for a user who may serve a desk and do nothing else.
func Served(t testing.TB, url string) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	served, err := s.served(url)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	return served
}

// EmptyURL is the address of a fresh database without any table, as an installation finds it before `tsunagi migrate`.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, func(*server) (string, error) { return "template0", nil })
}

func create(t testing.TB, from func(*server) (string, error)) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	template, err := from(s)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	name, err := s.create(t.Context(), template)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return s.url(name)
}
