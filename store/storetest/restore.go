package storetest

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Restore makes the database at to what the one at from is at this moment, while others go on working there: as if a
// backup had been made and restored.
func Restore(t testing.TB, from, to string) {
	t.Helper()
	if err := restore(t.Context(), from, to); err != nil {
		t.Fatalf("storetest: %v", err)
	}
}

// restore copies all rows, and how far each sequence has come, as one moment has them.
func restore(ctx context.Context, from, to string) error {
	source, err := pgx.Connect(ctx, from)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer source.Close(ctx)
	target, err := pgx.Connect(ctx, to)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer target.Close(ctx)
	if _, err := target.Exec(ctx, "SET session_replication_role = replica"); err != nil { // no foreign key minds the order
		return fmt.Errorf("restore: %w", err)
	}
	if _, err := source.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ"); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	tables, err := names(ctx, source, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	for _, table := range tables {
		if err = copyTable(ctx, source, target, table); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return copySequences(ctx, source, target)
}

func copyTable(ctx context.Context, source, target *pgx.Conn, name string) error {
	table := pgx.Identifier{name}.Sanitize()
	var rows bytes.Buffer
	if _, err := source.PgConn().CopyTo(ctx, &rows, "COPY "+table+" TO STDOUT"); err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	if _, err := target.Exec(ctx, "DELETE FROM "+table); err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	if _, err := target.PgConn().CopyFrom(ctx, &rows, "COPY "+table+" FROM STDIN"); err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	return nil
}

func copySequences(ctx context.Context, source, target *pgx.Conn) error {
	ahead, err := names(ctx, source, `
		SELECT format('SELECT setval(%L, %s)', sequencename, last_value) FROM pg_sequences
		WHERE schemaname = 'public' AND last_value IS NOT NULL`)
	if err != nil {
		return err
	}
	for _, set := range ahead {
		if _, err := target.Exec(ctx, set); err != nil {
			return fmt.Errorf("restore a sequence: %w", err)
		}
	}
	return nil
}

func names(ctx context.Context, conn *pgx.Conn, sql string) ([]string, error) {
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("back up: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("back up: %w", err)
	}
	return all, nil
}
