package playground

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// database is the name of the demo's database within its private Postgres.
const database = "desk"

// prepare makes the database, anew if so wanted; the application itself brings its schema up to date.
func (d *Demo) prepare(ctx context.Context, anew bool) error {
	conn, err := pgx.Connect(ctx, d.postgres.URL(""))
	if err != nil {
		return fmt.Errorf("make the demo's database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is left to be lost
	if anew {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+database+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("drop the demo's database: %w", err)
		}
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&there); err != nil {
		return fmt.Errorf("look for the demo's database: %w", err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+database); err != nil {
		return fmt.Errorf("make the demo's database: %w", err)
	}
	return nil
}
