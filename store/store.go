// Package store keeps the desk's records in Postgres: contacts, drafts, proposals, referrals, threads, files, deliveries.
// One file per noun; the SQL stands in the function that runs it. schema.sql is the whole schema on one page.
//
// It never decides (that is bot/ledger and the flows) and never calls a platform. There is no interface over it and no
// mock of it: tests run on a real Postgres through storetest. Whatever locks keeps to the order in docs/locks.md. Begin
// reading with DB.InTx and Tx.
package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options are what a DB needs from outside: time, ids, and how many connections it may hold.
type Options struct {
	Now      func() time.Time
	NewID    func() uuid.UUID // ids of deliveries and of this process; uuid.New
	MaxConns int32            // 0: 16
}

// DB is the desk's database. It is safe for use by many goroutines.
type DB struct {
	Reader
	pool   *pgxpool.Pool
	now    func() time.Time
	newID  func() uuid.UUID
	self   uuid.UUID
	posted func([]Delivery)
	drafts draftIDs
	epoch  atomic.Int64 // the newest that this process has begun
}

// Open connects to Postgres at url and checks that it answers. Migrations are not run here; see Migrate.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", redacted(err))
	}
	cfg.MaxConns = o.MaxConns
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 16
	}
	cfg.MaxConnLifetimeJitter = 10 * time.Minute
	cfg.AfterConnect = planByIndex
	cfg.ConnConfig.DialFunc = dialer(vanished)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to database: %w", err)
	}
	db := &DB{pool: pool, now: o.Now, newID: o.NewID, self: o.NewID(), posted: func([]Delivery) {}}
	db.Reader = Reader{query: db.query}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return db, nil
}

// planByIndex has Postgres use an index wherever there is one. Plans of prepared statements are kept: made while a table
// is new and small they would go on reading the whole of it, until the next ANALYZE, when it has grown. Whatever has no
// index then counts as so costly that it would be compiled first, so that is turned off too. That it plans some statements
// anew each time stays: planned once for all, the list of a rare state walks through a million proposals (50 ms for 0.5).
func planByIndex(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "SET enable_seqscan = off; SET jit = off"); err != nil {
		return fmt.Errorf("set up a connection: %w", err)
	}
	return nil
}

// Close waits for running statements and closes all connections.
func (db *DB) Close() { db.pool.Close() }

// Ping tells whether Postgres answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Self is the id of this process, the holder of its leases.
func (db *DB) Self() uuid.UUID { return db.self }

// OnPosted names who is handed the deliveries of each committed transaction. Those with LeasedBy are this process's to
// send; the others wait in Postgres. It is called once, before the first transaction, by the outbox.
func (db *DB) OnPosted(f func([]Delivery)) { db.posted = f }

func (db *DB) query(ctx context.Context, sql string, args []any, read func(pgx.Rows) error) error {
	rows, err := db.pool.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := read(rows); err != nil {
		return err
	}
	return rows.Err()
}

// redacted hides the text of a parse error, which may hold the password.
func redacted(error) error { return fmt.Errorf("not a Postgres URL") }

// Now is the time by the clock the database was opened with.
func (db *DB) Now() time.Time { return db.now() }
