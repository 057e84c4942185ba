package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tsunagi/store"
	"tsunagi/store/embedded"
	"tsunagi/store/testwait"
)

// server is where the databases of this test process live.
type server struct {
	url      func(database string) string
	admin    *pgxpool.Pool
	prefix   string // of the names of this process's databases, and of its user
	secret   string // the user's password, where the server asks for one
	last     atomic.Int64
	template func() (string, error)
	copying  string // how CREATE DATABASE is told to copy the template
}

// shared is the server of this process. It is the one thing here that outlives a test: starting it costs more than all
// else. Nobody stops it: it ends with the process, which is all that a test program can promise.
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := testwait.Bound(context.Background())
	defer cancel()
	at, err := findPlace(ctx)
	if err != nil {
		return nil, err
	}
	return newServer(ctx, at, migrate)
})

func migrate(ctx context.Context, url string) error {
	_, err := store.Migrate(ctx, url)
	return err
}

// place is a Postgres, given or started for this process.
type place struct {
	url      func(database string) string
	inMemory bool
}

func findPlace(ctx context.Context) (place, error) {
	if given := os.Getenv("TSUNAGI_TEST_DATABASE_URL"); given != "" {
		url, err := onServer(given)
		return place{url: url}, err
	}
	pg, err := embedded.StartPostgres(ctx, embedded.Postgres{Bin: os.Getenv("TSUNAGI_POSTGRES_BIN"), Volatile: true})
	if err != nil {
		return place{}, err
	}
	return place{url: pg.URL, inMemory: pg.InMemory()}, nil
}

func onServer(given string) (func(string) string, error) {
	base, err := url.Parse(given)
	if err != nil || !strings.HasPrefix(base.Scheme, "postgres") {
		return nil, fmt.Errorf("TSUNAGI_TEST_DATABASE_URL is not of the form postgres://user@host/database")
	}
	return func(database string) string {
		u := *base
		if database != "" {
			u.Path = "/" + database
		}
		return u.String()
	}, nil
}

func newServer(ctx context.Context, at place, migrate func(context.Context, string) error) (*server, error) {
	admin, err := pgxpool.New(ctx, at.url(""))
	if err != nil {
		return nil, fmt.Errorf("connect to the test server: %w", err)
	}
	s := &server{url: at.url, admin: admin, prefix: namePrefix + strings.ToLower(rand.Text()[:8]) + "_", secret: rand.Text()}
	s.template = sync.OnceValues(func() (string, error) { return s.makeTemplate(migrate) })
	if err := s.claim(ctx); err != nil {
		return nil, err
	}
	if err := s.sweep(ctx); err != nil {
		return nil, err
	}
	if at.inMemory {
		if err := s.copyFiles(ctx); err != nil {
			return nil, err
		}
	}
	return s, s.makeUser(ctx)
}

// copyFiles lets databases be copied file by file, which in memory takes a sixth of copying page by page through the
// log. On a disk it takes longer. Before Postgres 15 there is no other way, and no word for it.
func (s *server) copyFiles(ctx context.Context) error {
	var choice bool
	err := s.admin.QueryRow(ctx, "SELECT current_setting('server_version_num')::int >= 150000").Scan(&choice)
	if err != nil {
		return fmt.Errorf("ask the test server for its version: %w", err)
	}
	if choice {
		s.copying = " STRATEGY FILE_COPY"
	}
	return nil
}

// user is who serves a desk in tests: somebody who may do what grants.sql says, and nothing else.
func (s *server) user() string { return s.prefix + "desk" }

func (s *server) makeUser(ctx context.Context) error {
	sql := "CREATE ROLE " + pgx.Identifier{s.user()}.Sanitize() + " LOGIN PASSWORD '" + s.secret + "'"
	if _, err := s.admin.Exec(ctx, sql); err != nil {
		return fmt.Errorf("create the user of test databases: %w", err)
	}
	return nil
}

// served is the address of a database for that user.
func (s *server) served(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read the address of a test database: %w", err)
	}
	u.User = url.UserPassword(s.user(), s.secret)
	return u.String(), nil
}

const namePrefix = "tsunagi_test_"

// claim marks the names of this process as in use for as long as it lives: the server lets go of the lock when the
// connection, which is never returned, ends with the process.
func (s *server) claim(ctx context.Context) error {
	conn, err := s.admin.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", s.prefix); err != nil {
		return fmt.Errorf("claim test databases: %w", err)
	}
	return nil
}

// sweep drops what processes that were killed have left on a server that outlives them.
func (s *server) sweep(ctx context.Context) error {
	databases, err := s.leftover(ctx, "SELECT datname FROM pg_database")
	if err != nil {
		return err
	}
	for _, name := range databases {
		s.drop(name) // two processes may sweep at once; what stays is for the next
	}
	users, err := s.leftover(ctx, "SELECT rolname FROM pg_roles")
	for _, name := range users {
		s.admin.Exec(ctx, "DROP ROLE IF EXISTS "+pgx.Identifier{name}.Sanitize())
	}
	return err
}

// leftover lists those of the names whose process is gone.
func (s *server) leftover(ctx context.Context, names string) ([]string, error) {
	rows, err := s.admin.Query(ctx, `
		SELECT name FROM (`+names+`) AS all_names (name)
		WHERE starts_with(name, $1)
		AND pg_try_advisory_xact_lock(hashtextextended(substring(name FROM '^[a-z]+_[a-z]+_[a-z0-9]+_'), 0))`, namePrefix)
	if err != nil {
		return nil, fmt.Errorf("look for leftover test databases: %w", err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look for leftover test databases: %w", err)
	}
	return left, nil
}

// makeTemplate migrates the one database that those of the tests are copied from.
func (s *server) makeTemplate(migrate func(context.Context, string) error) (string, error) {
	ctx, cancel := testwait.Bound(context.Background())
	defer cancel()
	name, err := s.create(ctx, "template0")
	if err != nil {
		return "", err
	}
	if err := migrate(ctx, s.url(name)); err != nil {
		return "", fmt.Errorf("migrate the template of test databases: %w", err)
	}
	if err := store.Grant(ctx, s.url(name), s.user()); err != nil {
		return "", fmt.Errorf("migrate the template of test databases: %w", err)
	}
	return name, nil
}

func (s *server) create(ctx context.Context, template string) (string, error) {
	name := fmt.Sprintf("%s%d", s.prefix, s.last.Add(1))
	sql := "CREATE DATABASE " + pgx.Identifier{name}.Sanitize() + " TEMPLATE " + pgx.Identifier{template}.Sanitize() + s.copying
	if _, err := s.admin.Exec(ctx, sql); err != nil {
		return "", fmt.Errorf("create test database %s: %w", name, err)
	}
	return name, nil
}

// drop takes no context: the test's own has ended by then. The checkpoint is for speed: dropping makes one anyway, and
// when it finds a connection that was closed this moment it waits 100 ms before it looks again.
func (s *server) drop(name string) error {
	ctx, cancel := testwait.Bound(context.Background())
	defer cancel()
	s.admin.Exec(ctx, "CHECKPOINT") // the role may not be allowed to
	if _, err := s.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop test database %s: %w", name, err)
	}
	return nil
}
