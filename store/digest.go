package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Digest is how things stand at the opening of a working day: the numbers of the daily reconciliation.
type Digest struct {
	Day     time.Time // midnight UTC, as dates are kept
	Open    int       // proposals in which somebody owes the next step
	Ended   int       // proposals that have ended, and whose organization waits for an answer to what it has written since
	Overdue int       // of both, those whose next date is before the day
	Unowned int       // of both, those that nobody has taken
	Resumed int       // holds that time has ended on the day
	Dead    int       // deliveries that were set aside
	Adrift  int       // see ListAdrift; there should be none
}

// Tally counts how things stand on a day that began then.
func (r *Reader) Tally(ctx context.Context, day, began time.Time) (Digest, error) {
	d, err := one(ctx, r, pgx.RowToStructByPos[Digest], `
		SELECT $4::date, count(*) FILTER (WHERE open), count(*) FILTER (WHERE NOT open), count(*) FILTER (WHERE next_date < $4), count(*) FILTER (WHERE owner = ''),
			(SELECT count(*) FROM history WHERE event = 'resumed' AND actor = '' AND at >= $5),
			(SELECT count(*) FROM deliveries WHERE state = 'dead'),
			(SELECT count(*) FROM `+adrift+`)
		FROM proposals WHERE next_date IS NOT NULL`, openStates(), Cursor{}.before(), nil, day, began)
	if err != nil {
		return d, fmt.Errorf("count how things stand: %w", err)
	}
	return d, nil
}

// ResumedSince lists proposals whose hold time has ended since then, in that order.
func (r *Reader) ResumedSince(ctx context.Context, began time.Time, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `JOIN (
			SELECT proposal, at, id FROM history WHERE event = 'resumed' AND actor = '' AND at >= $1 ORDER BY at, id LIMIT $2
		) h ON h.proposal = proposals.id ORDER BY h.at, h.id`, began, limit)
}

// Digest reads the digest of a day; bot.NotFound if it was not made.
func (r *Reader) Digest(ctx context.Context, day time.Time) (Digest, error) {
	return one(ctx, r, pgx.RowToStructByPos[Digest], `
		SELECT day, open, ended, overdue, unowned, resumed, dead, adrift FROM digests WHERE day = $1`, day)
}

// HasDigest reports whether the digest of a day was made, by this process or another.
func (r *Reader) HasDigest(ctx context.Context, day time.Time) (bool, error) {
	return one(ctx, r, pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM digests WHERE day = $1)`, day)
}

// KeepDigest writes the digest of a day; false means that another process was first.
func (tx *Tx) KeepDigest(ctx context.Context, d Digest) (first bool, err error) {
	kept, err := all(ctx, &tx.Reader, pgx.RowTo[bool], `
		INSERT INTO digests (day, open, ended, overdue, unowned, resumed, dead, adrift, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (day) DO NOTHING RETURNING true`, d.Day, d.Open, d.Ended, d.Overdue, d.Unowned, d.Resumed, d.Dead, d.Adrift, tx.Now)
	if err != nil {
		return false, fmt.Errorf("keep digest: %w", err)
	}
	return len(kept) > 0, nil
}
