package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
)

// Claim says how much to take.
type Claim struct {
	Lanes     int            // at most so many
	PerLane   int            // at most so many of each, from its head on
	Platforms []bot.Platform // of these
}

// ClaimDeliveries leases to this process what nobody holds: the head of each lane, if it is due and unleased or its
// lease has run out, and what follows it in order; nothing that goes into a closed channel. What comes from a lease that
// ran out may have arrived; it is marked as tried until then, here and in the record, which keeps this through whatever
// is done but a new attempt. While all deliveries are held, or this process has seen the database in a newer epoch, there
// is nothing to take.
//
// A reply token that is over is taken from what was certainly never tried: if it is pushed now, and that push ends in
// doubt, it is known to have been a push, which LINE's retry key makes safe to repeat.
//
// To the planner there are hardly any pending deliveries, so it thinks nothing of walking all of them for each of them.
// The question is put such that it cannot: a head is found by a subquery of its own, a row by its id alone.
func (db *DB) ClaimDeliveries(ctx context.Context, c Claim) ([]Delivery, error) {
	now := db.now()
	claimed, err := all(ctx, &db.Reader, scanClaimed, `
		WITH heads AS MATERIALIZED (
			SELECT d.lane, d.seq FROM deliveries d
			WHERE d.due <= $1 AND NOT `+held+` AND (SELECT number FROM epoch) >= $8
			AND split_part(d.lane, '/', 1) = ANY ($4) AND `+notClosed+`
			AND d.seq = (SELECT e.seq FROM deliveries e WHERE e.lane = d.lane AND e.state = 'pending' ORDER BY e.seq LIMIT 1)
			ORDER BY d.due
			LIMIT $2
			FOR UPDATE OF d SKIP LOCKED
		), takeable AS (
			SELECT t.id, t.prev FROM heads CROSS JOIN LATERAL (
				SELECT id, lag(seq) OVER w AS prev, bool_and(due <= $1) OVER w AS free
				FROM (
					SELECT id, seq, due FROM deliveries
					WHERE lane = heads.lane AND state = 'pending' AND seq >= heads.seq ORDER BY seq LIMIT $3
				) following
				WINDOW w AS (ORDER BY seq)
			) t WHERE t.free
		)
		UPDATE deliveries d SET
			doubtful = d.doubtful OR d.leased_by IS NOT NULL, tried_until = COALESCE(d.leased_until, d.tried_until),
			reply_token = CASE WHEN d.doubtful OR d.leased_by IS NOT NULL OR d.token_at > $7 THEN d.reply_token ELSE '' END,
			leased_by = $5, leased_until = $6
		FROM takeable t
		WHERE d.id = t.id AND d.state NOT IN ('sent', 'dropped', 'dead') AND COALESCE(d.leased_until, d.not_before) <= $1
		RETURNING `+deliveryColumns+`, COALESCE(t.prev, 0)`,
		now, c.Lanes, c.PerLane, platforms(c.Platforms), db.self, now.Add(Lease), now.Add(-ReplyTokenLife), db.epoch.Load())
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return claimed, nil
}

// DeliveriesDue tells whether anything could go now to these platforms, in this process or in another.
func (r *Reader) DeliveriesDue(ctx context.Context, now time.Time, of []bot.Platform) (bool, error) {
	due, err := one(ctx, r, pgx.RowTo[bool], `
		SELECT EXISTS (
			SELECT FROM deliveries d WHERE d.state = 'pending' AND d.not_before <= $1 AND NOT `+held+`
			AND split_part(d.lane, '/', 1) = ANY ($2) AND `+notClosed+`
			AND d.seq = (SELECT e.seq FROM deliveries e WHERE e.lane = d.lane AND e.state = 'pending' ORDER BY e.seq LIMIT 1)
		)`, now, platforms(of))
	if err != nil {
		return false, fmt.Errorf("look for due deliveries: %w", err)
	}
	return due, nil
}

// ExtendLease keeps a delivery of this process until then; false means that another has taken it.
func (db *DB) ExtendLease(ctx context.Context, id uuid.UUID, until time.Time) (bool, error) {
	tag, err := db.pool.Exec(ctx, `
		UPDATE deliveries SET leased_until = $3 WHERE id = $1 AND leased_by = $2 AND state = 'pending'`, id, db.self, until)
	if err != nil {
		return false, fmt.Errorf("extend lease of delivery %s: %w", id, err)
	}
	return tag.RowsAffected() == 1, nil
}

// ReturnDeliveries gives back all that this process holds, so that another can go on at once. It tells how many.
func (db *DB) ReturnDeliveries(ctx context.Context) (int64, error) {
	tag, err := db.pool.Exec(ctx, `
		UPDATE deliveries SET leased_by = NULL, leased_until = NULL WHERE leased_by = $1 AND state = 'pending'`, db.self)
	if err != nil {
		return 0, fmt.Errorf("return deliveries: %w", err)
	}
	return tag.RowsAffected(), nil
}

// ListenDeliveries calls heard with the lane whenever a process puts something behind what another one holds. It uses a
// connection of its own and returns when that or ctx ends; whoever calls it must not rely on it, only gain by it. As long as
// the connection lasts it shows that this process lives; see Bury.
func (db *DB) ListenDeliveries(ctx context.Context, heard func(Lane)) error {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("listen for deliveries: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(`+life+`)`, db.self); err != nil {
		return fmt.Errorf("listen for deliveries: %w", err)
	}
	if _, err := conn.Exec(ctx, "LISTEN deliveries"); err != nil {
		return fmt.Errorf("listen for deliveries: %w", err)
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listen for deliveries: %w", err)
		}
		heard(Lane(n.Payload))
	}
}

const deliveryColumns = `d.id, d.seq, d.lane, d.event, d.kind, d.args, d.matters, d.reply_token, d.token_at,
	COALESCE(d.proposal, 0), d.tries, d.doubtful, d.tried_until, d.not_before, d.leased_by, d.leased_until, d.created_at`

func scanClaimed(row pgx.CollectableRow) (d Delivery, err error) {
	err = row.Scan(append(d.columns(), &d.Prev)...)
	return d, err
}

func scanDelivery(row pgx.CollectableRow) (d Delivery, err error) {
	err = row.Scan(d.columns()...)
	return d, err
}

// columns are where the deliveryColumns go.
func (d *Delivery) columns() []any {
	return []any{&d.ID, &d.Seq, &d.Lane, &d.Event, &d.Kind, &d.Args, &d.Matters, &d.ReplyToken, (*zeronull.Timestamptz)(&d.TokenAt),
		&d.Proposal, &d.Tries, &d.Again, (*zeronull.Timestamptz)(&d.TriedUntil), &d.NotBefore, (*zeronull.UUID)(&d.LeasedBy),
		(*zeronull.Timestamptz)(&d.LeasedUntil), &d.CreatedAt}
}

func platforms(ps []bot.Platform) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return out
}
