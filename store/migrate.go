package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver that goose asks for
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema at url up to date; several processes may do so at once, one works and the others wait.
// Migrations only go forwards. It tells how many it ran. ErrNewer: the schema is of a newer program.
func Migrate(ctx context.Context, url string) (int, error) {
	p, err := provider(url)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), known(ctx, p)
}

// Migrated tells whether the schema at url is the one this program was built for. ErrNewer: it is of a newer one.
func Migrated(ctx context.Context, url string) (bool, error) {
	p, err := provider(url)
	if err != nil {
		return false, err
	}
	defer p.Close()
	pending, err := p.HasPending(ctx)
	if err != nil {
		return false, fmt.Errorf("read schema version: %w", err)
	}
	if pending {
		return false, nil
	}
	return true, known(ctx, p)
}

// ErrNewer says that a newer program has made the tables: this one does not know what stands in them, and must not serve.
var ErrNewer = errors.New("a newer version of Tsunagi has made the tables of this database; install that version, " +
	"or restore the backup that was made before it")

// known refuses a schema that this program was not built for, but a newer one.
func known(ctx context.Context, p *goose.Provider) error {
	at, newest, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read schema version: %w", err)
	case at > newest:
		return fmt.Errorf("%w (they are at %d, this program knows %d)", ErrNewer, at, newest)
	}
	return nil
}

func provider(url string) (*goose.Provider, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, fmt.Errorf("open database for migration: %w", redacted(err))
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	// Looked at each second, for five minutes: a second replica starts soon after the first has made the tables.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 60))
	if err != nil {
		return nil, fmt.Errorf("make migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
