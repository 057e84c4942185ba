package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// life is the lock that a process holds as long as its connection for ListenDeliveries lasts, which ends with it. Postgres
// lets go of it even when the process is killed.
const life = `hashtextextended('process ' || $1::uuid::text, 0)`

// Beat is a sign of life of one process.
type Beat struct {
	Process uuid.UUID
	Count   int64 // goes up with each
}

// Beat gives a sign of life, and the last ones of all other processes.
func (db *DB) Beat(ctx context.Context) ([]Beat, error) {
	others, err := all(ctx, &db.Reader, pgx.RowToStructByPos[Beat], `
		WITH me AS (
			INSERT INTO processes (id, beat) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET beat = processes.beat + 1
		) SELECT id, beat FROM processes WHERE id <> $1`, db.self)
	if err != nil {
		return nil, fmt.Errorf("give a sign of life: %w", err)
	}
	return others, nil
}

// Bury ends the leases of a process that is gone: what it held may have been sent until now. It does nothing, and gives
// false, while the process holds its connection: then it is only silent, and may be sending still.
func (tx *Tx) Bury(ctx context.Context, process uuid.UUID) (gone bool, err error) {
	if gone, err = one(ctx, &tx.Reader, pgx.RowTo[bool], `SELECT pg_try_advisory_xact_lock(`+life+`)`, process); err != nil || !gone {
		return false, err
	}
	tx.queueAny(`UPDATE deliveries SET leased_until = $2 WHERE due > $2 AND leased_by = $1`, process, tx.Now)
	tx.queueAny(`DELETE FROM processes WHERE id = $1`, process)
	return true, nil
}

// Depart takes this process out of those that give signs of life; it holds nothing any more.
func (db *DB) Depart(ctx context.Context) error {
	if _, err := db.pool.Exec(ctx, `DELETE FROM processes WHERE id = $1`, db.self); err != nil {
		return fmt.Errorf("depart: %w", err)
	}
	return nil
}
