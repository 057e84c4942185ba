package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Take enters an event id into the inbox; false means that it was taken before and nothing may be done again.
func (tx *Tx) Take(ctx context.Context, event string) (fresh bool, err error) {
	tx.queueTaken(event, &fresh)
	if err := tx.flush(ctx); err != nil {
		return false, fmt.Errorf("take event %s: %w", event, err)
	}
	return fresh, nil
}

func (tx *Tx) queueTaken(event string, fresh *bool) {
	q := &pgx.QueuedQuery{
		SQL:       `INSERT INTO inbox (id, taken_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`,
		Arguments: []any{event, tx.Now},
	}
	q.Exec(func(tag pgconn.CommandTag) error {
		*fresh = tag.RowsAffected() == 1
		return nil
	})
	tx.queue = append(tx.queue, q)
}

// Failed counts a failure of an event and tells how many there have been. After enough of them the caller sets the
// event aside by taking it, so that its neighbours go on.
func (tx *Tx) Failed(ctx context.Context, event, reason string) (tries int, err error) {
	tries, err = one(ctx, &tx.Reader, pgx.RowTo[int], `
		INSERT INTO failures (id, tries, reason, last_at) VALUES ($1, 1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET tries = failures.tries + 1, reason = excluded.reason, last_at = excluded.last_at
		RETURNING tries`, event, reason, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("count failure of event %s: %w", event, err)
	}
	return tries, nil
}
