package store

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed grants.sql
var grants string

// Grant lets a user of Postgres, who must be there, serve a desk over the schema at url, and no more than that. The user in
// url is the owner of the tables. After a migration it is to be done again.
func Grant(ctx context.Context, url, user string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to grant: %w", redacted(err))
	}
	defer conn.Close(ctx)
	sql := strings.ReplaceAll(grants, `:"user"`, pgx.Identifier{user}.Sanitize())
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	return nil
}
