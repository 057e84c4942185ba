package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
)

// Epoch is how far a database has come. The number only grows, so one that is below what was seen before is that of a
// restored backup.
type Epoch struct {
	Database  uuid.UUID // the same in a restored copy
	Number    int64
	HeldSince time.Time // a restoration was found then, and nobody has released the deliveries; zero: they go
}

// held is true while all deliveries are held. It is asked wherever a delivery is taken up, so that no process need know.
const held = `EXISTS (SELECT FROM restorations WHERE released_at IS NULL)`

// Epoch reads how far the database has come.
func (r *Reader) Epoch(ctx context.Context) (Epoch, error) {
	e, err := one(ctx, r, func(row pgx.CollectableRow) (e Epoch, err error) {
		err = row.Scan(&e.Database, &e.Number, (*zeronull.Timestamptz)(&e.HeldSince))
		return e, err
	}, `SELECT database, number, found_at FROM epoch LEFT JOIN restorations ON released_at IS NULL`)
	if err != nil {
		return e, fmt.Errorf("read the database's epoch: %w", err)
	}
	return e, nil
}

// Advance begins a new epoch and gives its number; bot.NotFound if the database is behind one that was seen before, or if
// its deliveries are held. From then on this process claims nothing from a database that has not come so far.
func (db *DB) Advance(ctx context.Context, seen int64) (int64, error) {
	number, err := one(ctx, &db.Reader, pgx.RowTo[int64], `
		UPDATE epoch SET number = number + 1 WHERE number >= $1 AND NOT `+held+` RETURNING number`, max(seen, db.epoch.Load()))
	if err != nil {
		return 0, fmt.Errorf("advance the database's epoch: %w", err)
	}
	for known := db.epoch.Load(); known < number && !db.epoch.CompareAndSwap(known, number); known = db.epoch.Load() {
	}
	return number, nil
}

// Seen is the newest epoch that this process has begun, 0 before the first.
func (db *DB) Seen() int64 { return db.epoch.Load() }

// HoldAll holds all deliveries if the database is behind the epoch that was seen before, or if it was told that it is. It
// tells whether this was the first to find that; whoever comes later may have seen a newer epoch.
func (tx *Tx) HoldAll(ctx context.Context, seen int64, told bool) (first bool, err error) {
	firsts, err := all(ctx, &tx.Reader, pgx.RowTo[bool], `
		INSERT INTO restorations (found_at, remembered) SELECT $1, $2 FROM epoch WHERE $3 OR number < $2
		ON CONFLICT ((released_at IS NULL)) WHERE released_at IS NULL
		DO UPDATE SET remembered = GREATEST(restorations.remembered, excluded.remembered)
		RETURNING xmax = 0`, tx.Now, seen, told)
	if err != nil {
		return false, fmt.Errorf("hold all deliveries: %w", err)
	}
	return slices.Contains(firsts, true), nil
}

// idStep is how far the ids that nobody reads go ahead for each step of the receipt numbers: a proposal has many messages.
const idStep = 100

// SkipNumbers leaves out so many receipt numbers of each fiscal year, and of this one even if it has none yet, and ids of
// everything: those were given out after the backup was made, and stand on paper, on phones and on buttons in Slack.
func (tx *Tx) SkipNumbers(thisYear, step int) {
	tx.queueAny(`INSERT INTO counters (fiscal_year, last) VALUES ($1, 0) ON CONFLICT DO NOTHING`, thisYear)
	tx.queueAny(`UPDATE counters SET last = last + $1`, step)
	tx.queueAny(`
		SELECT count(nextval(format('%I.%I', schemaname, sequencename)::regclass))
		FROM pg_sequences CROSS JOIN generate_series(1, $1) WHERE schemaname = current_schema()`, step*idStep)
}

// WaitingKind counts the deliveries of one kind that are still to go.
type WaitingKind struct {
	Platform           bot.Platform
	Kind               string
	Hour, Day, Earlier int // that have waited for less than an hour, for less than a day, for longer
	Oldest             time.Time
}

// WaitingDeliveries counts what is still to go, by platform and kind.
func (r *Reader) WaitingDeliveries(ctx context.Context, now time.Time) ([]WaitingKind, error) {
	counts, err := all(ctx, r, pgx.RowToStructByPos[WaitingKind], `
		SELECT split_part(lane, '/', 1) AS platform, kind, count(*) FILTER (WHERE created_at > $1),
			count(*) FILTER (WHERE created_at <= $1 AND created_at > $2), count(*) FILTER (WHERE created_at <= $2), min(created_at)
		FROM deliveries WHERE due IS NOT NULL GROUP BY platform, kind ORDER BY platform, kind`, now.Add(-time.Hour), now.AddDate(0, 0, -1))
	if err != nil {
		return nil, fmt.Errorf("count waiting deliveries: %w", err)
	}
	return counts, nil
}

// Released is what became of deliveries that were held.
type Released struct{ Gone, Dropped int64 }

// ReleaseAll lets all held deliveries go but those put before a time, which are dropped; bot.NotFound if none are held. What
// stood in the backup may have arrived, so it goes as what was tried before: looked up in Slack, and under its own retry key
// to LINE; where neither helps, the desk is asked. A process may be sending what it put before the backup was found.
func (tx *Tx) ReleaseAll(ctx context.Context, before time.Time) (Released, error) {
	found, err := one(ctx, &tx.Reader, pgx.RowTo[time.Time], `SELECT found_at FROM restorations WHERE released_at IS NULL FOR UPDATE`)
	if err != nil {
		return Released{}, fmt.Errorf("release held deliveries: %w", err)
	}
	out, err := one(ctx, &tx.Reader, pgx.RowToStructByPos[Released], `
		WITH dropped AS (
			UPDATE deliveries SET state = 'dropped', leased_by = NULL, leased_until = NULL
			WHERE due IS NOT NULL AND created_at < $2 RETURNING 1
		), gone AS (
			UPDATE deliveries SET not_before = GREATEST(not_before, $1), doubtful = doubtful OR created_at < $3,
				leased_by = CASE WHEN leased_until > $1 THEN leased_by END, leased_until = CASE WHEN leased_until > $1 THEN leased_until END
			WHERE due IS NOT NULL AND created_at >= $2 RETURNING 1
		) SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM dropped)`, tx.Now, before, found)
	if err != nil {
		return out, fmt.Errorf("release held deliveries: %w", err)
	}
	tx.queueAny(`UPDATE epoch SET number = GREATEST(number, (SELECT remembered FROM restorations WHERE released_at IS NULL)) + 1`)
	tx.queueAny(`UPDATE restorations SET released_at = $1, released = $2, dropped = $3 WHERE released_at IS NULL`, tx.Now, out.Gone, out.Dropped)
	return out, nil
}
