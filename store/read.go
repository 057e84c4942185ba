package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Reader reads; both DB and Tx are readers, so that a question is written once and can be asked inside or outside a
// transaction.
type Reader struct {
	query func(ctx context.Context, sql string, args []any, read func(pgx.Rows) error) error
}

// one reads exactly one row; none is a bot.NotFound error with the key error.not_found.
func one[T any](ctx context.Context, r *Reader, row pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	var out T
	err := r.query(ctx, sql, args, func(rows pgx.Rows) (err error) {
		out, err = pgx.CollectExactlyOneRow(rows, row)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return out, &bot.Error{Kind: bot.NotFound, Say: bot.Refuse(bot.NotFound, "error.not_found").Say, Err: err}
	}
	return out, err
}

// all reads any number of rows; none is an empty slice.
func all[T any](ctx context.Context, r *Reader, row pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	var out []T
	err := r.query(ctx, sql, args, func(rows pgx.Rows) (err error) {
		out, err = pgx.CollectRows(rows, row)
		return err
	})
	return out, err
}
