package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// notGranted is how Postgres warns whoever grants what is not theirs; it is no error there.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const notGranted = "01007"

// ErrNotOwner says that the user who granted does not own the tables, so that nothing, or not all, was granted.
var ErrNotOwner = errors.New("the user of DATABASE_URL does not own the desk's tables, so the other user cannot serve; " +
	"run tsunagi migrate --user with the owner in DATABASE_URL")

//go:embed grants.sql
var grants string

// Grant lets a user of Postgres, who must be there, serve a desk over the schema at url, and no more than that. The user in
// url is the owner of the tables. After a migration it is to be done again.
func Grant(ctx context.Context, url, user string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("connect to grant: %w", redacted(err))
	}
	given := true
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { given = given && n.Code != notGranted }
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to grant: %w", redacted(err))
	}
	defer conn.Close(ctx)
	sql := strings.ReplaceAll(grants, `:"user"`, pgx.Identifier{user}.Sanitize())
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	if !given {
		return ErrNotOwner
	}
	return nil
}
