package store

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// SearchFor is Search with another patience.
func (r *Reader) SearchFor(ctx context.Context, query string, after Cursor, limit, blocks int) ([]bot.Proposal, Cursor, error) {
	return r.search(ctx, query, after, limit, patience{blocks: blocks, time: -time.Hour})
}

// Explain gives the plans of all questions that ask asks, instead of their answers.
func (db *DB) Explain(ctx context.Context, ask func(*Reader) error) (string, error) {
	var plans strings.Builder
	err := ask(&Reader{query: func(ctx context.Context, sql string, args []any, _ func(pgx.Rows) error) error {
		return db.query(ctx, "EXPLAIN "+sql, args, func(rows pgx.Rows) error {
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				plans.WriteString(line + "\n")
			}
			return rows.Err()
		})
	}})
	return plans.String(), err
}

// FirstDue is the question of ClaimDueDraft.
func (r *Reader) FirstDue(ctx context.Context, after DuePlace, now time.Time) (bot.DraftID, error) {
	d, err := one(ctx, r, scanDueDraft, dueDraft, after.At, after.ID, now)
	return d.Place.ID, err
}

// FirstHoldOver and FirstOverdue are the questions of ClaimHoldOver and ClaimOverdue.
func (r *Reader) FirstHoldOver(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return one(ctx, r, pgx.RowToStructByPos[Cursor], firstDueProposal(holdOver), today, after.Date, after.ID)
}

func (r *Reader) FirstOverdue(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return one(ctx, r, pgx.RowToStructByPos[Cursor], firstDueProposal(overdue), today, after.Date, after.ID)
}

// FirstLate is the question of ClaimLate.
func (r *Reader) FirstLate(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return one(ctx, r, pgx.RowToStructByPos[Cursor], firstLate, today, after.Date, after.ID)
}

// Dialer is dialer.
func Dialer(patience time.Duration) func(context.Context, string, string) (net.Conn, error) {
	return dialer(patience)
}
