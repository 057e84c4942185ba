package keeper

import (
	"context"
	"fmt"
	"io"

	"tsunagi/config"
	"tsunagi/store"
)

// Migrate brings the schema up to date, says how many steps it took, and lets a user serve over it, if one is named.
func Migrate(ctx context.Context, environ []string, user string, out io.Writer) error {
	s, err := config.ReadSettings(environ, config.Migrate)
	if err != nil {
		return err
	}
	n, err := store.Migrate(ctx, s.DatabaseURL.Reveal())
	if err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	fmt.Fprintf(out, "%d migrations run; the schema is up to date\n", n)
	if user == "" {
		return nil
	}
	if err := store.Grant(ctx, s.DatabaseURL.Reveal(), user); err != nil {
		return config.PostgresFault(s.DatabaseURL, err)
	}
	fmt.Fprintf(out, "%s may serve the desk\n", user)
	return nil
}
