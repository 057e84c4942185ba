package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Tx is one transaction with one time. Round trips are what costs, so a Tx sends as late as it can: BEGIN travels with
// the first question, writes wait for the next question or for COMMIT. A failed write therefore shows at the latest
// when InTx returns.
type Tx struct {
	Reader
	Now   time.Time // the one time of everything this transaction writes
	db    *DB
	conn  *pgxpool.Conn
	begun bool
	queue []*pgx.QueuedQuery
	gathered
	numbers numbers
	posted  []Delivery
	after   []func()
}

// InTx runs do in one transaction and commits, or rolls back if do or the commit fails. Transactions are never nested,
// and nothing inside may call a platform. After the commit, its deliveries are handed to the outbox.
//
// When Postgres ends a deadlock by ending this transaction, do is run again, so it keeps nothing from one run to the next. A
// fault that passes by itself, such as a full disk, is of kind bot.Later.
func (db *DB) InTx(ctx context.Context, do func(*Tx) error) error {
	for tries := deadlockTries; ; tries-- {
		err := db.inTx(ctx, do)
		if !gaveWay(err) || tries == 1 || ctx.Err() != nil {
			return passing(err)
		}
	}
}

func (db *DB) inTx(ctx context.Context, do func(*Tx) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("get a database connection: %w", err)
	}
	defer conn.Release()
	tx := &Tx{Now: db.now(), db: db, conn: conn}
	tx.Reader = Reader{query: tx.read}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.rollback(ctx))
	}
	if err := tx.commit(ctx); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), tx.rollback(ctx))
	}
	tx.handOver()
	return nil
}

// AfterCommit runs f once the transaction has been committed, and not otherwise.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// write queues a statement and checks that it touches at least one row.
func (tx *Tx) write(what, sql string, args ...any) {
	tx.writeOr(fmt.Errorf("%s: no row", what), sql, args...)
}

// writeOr queues a statement that must touch at least one row; else the transaction fails with none. Postgres itself
// must find the fault, by dividing by the number of rows: COMMIT may be on its way already in the same round trip.
func (tx *Tx) writeOr(none error, sql string, args ...any) {
	const divisionByZero = "22012" // https://www.postgresql.org/docs/current/errcodes-appendix.html
	tx.queueRow(func(row pgx.Row) error {
		err := row.Scan(nil)
		var fault *pgconn.PgError
		if errors.As(err, &fault) && fault.Code == divisionByZero {
			return none
		}
		return err
	}, "WITH written AS ("+sql+" RETURNING 1) SELECT 1 / count(*) FROM written", args...)
}

// insert queues a statement that by its nature either writes its row or fails: an INSERT, also one that updates what is
// there already. Looking at the number of rows would cost as much as some of them do.
func (tx *Tx) insert(sql string, args ...any) { tx.queueAny(sql, args...) }

// insertFirst is insert for a row that has nothing to do with what is gathered, but for what is gathered after it.
func (tx *Tx) insertFirst(sql string, args ...any) {
	tx.queue = append(tx.queue, &pgx.QueuedQuery{SQL: sql, Arguments: args})
}

// queueRow queues a statement whose single row is read when it is sent.
func (tx *Tx) queueRow(scan func(pgx.Row) error, sql string, args ...any) {
	q := &pgx.QueuedQuery{SQL: sql, Arguments: args}
	q.QueryRow(scan)
	tx.enqueue(q)
}

// queueAny queues a statement that may touch no row.
func (tx *Tx) queueAny(sql string, args ...any) {
	tx.enqueue(&pgx.QueuedQuery{SQL: sql, Arguments: args})
}

// queueRows queues a question whose rows are read when it is sent.
func (tx *Tx) queueRows(read func(pgx.Rows) error, sql string, args ...any) {
	q := &pgx.QueuedQuery{SQL: sql, Arguments: args}
	q.Query(read)
	tx.enqueue(q)
}

func (tx *Tx) enqueue(q *pgx.QueuedQuery) {
	tx.spill()
	tx.queue = append(tx.queue, q)
}

func (tx *Tx) read(ctx context.Context, sql string, args []any, read func(pgx.Rows) error) error {
	tx.queueRows(read, sql, args...)
	return tx.flush(ctx)
}

// commitFor is how long the answer to a commit is waited for, also when the caller's time is over: on a slow machine it was
// most often committed, and whoever has not heard so would have to find that out, and compose anew what was to be said.
const commitFor = 5 * time.Second

func (tx *Tx) commit(ctx context.Context) error {
	if tx.spill(); !tx.begun && len(tx.queue) == 0 {
		return nil
	}
	tx.queueCommit()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitFor)
	defer cancel()
	if err := tx.flush(ctx); err != nil {
		return err
	}
	tx.begun = false
	return nil
}

// queueCommit looks at what Postgres answers: a transaction in which a statement failed is rolled back by COMMIT, without
// an error, even if the caller of that statement has overlooked its failure.
func (tx *Tx) queueCommit() {
	q := &pgx.QueuedQuery{SQL: "COMMIT"}
	q.Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return fmt.Errorf("rolled back, since a statement had failed")
		}
		return nil
	})
	tx.queue = append(tx.queue, q)
}

// flush sends BEGIN if it has not gone yet, and all that is queued, in one round trip.
func (tx *Tx) flush(ctx context.Context) error {
	tx.spill()
	batch := &pgx.Batch{QueuedQueries: tx.queue}
	if !tx.begun {
		begin := []*pgx.QueuedQuery{{SQL: "BEGIN"}}
		batch.QueuedQueries = append(begin, tx.queue...)
	}
	tx.begun, tx.queue = true, nil
	return tx.conn.SendBatch(ctx, batch).Close()
}

// rollback uses its own deadline: the caller's context may be what ended the transaction.
func (tx *Tx) rollback(ctx context.Context) error {
	if !tx.begun || tx.conn.Conn().IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if _, err := tx.conn.Exec(ctx, "ROLLBACK"); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

func (tx *Tx) handOver() {
	for _, f := range tx.after {
		f()
	}
	if len(tx.posted) > 0 {
		tx.db.posted(tx.posted)
	}
}
