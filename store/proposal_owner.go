package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// NextOwner gives the first owner of proposals in which something is owed after another one, by id, so that all of them can
// be walked through at the price of one look into the index each; bot.NotFound after the last.
func (r *Reader) NextOwner(ctx context.Context, after string) (string, error) {
	owner, err := one(ctx, r, pgx.RowTo[string], `SELECT owner FROM proposals WHERE next_date IS NOT NULL AND owner > $1 ORDER BY owner LIMIT 1`, after)
	if err != nil {
		return "", fmt.Errorf("next owner: %w", err)
	}
	return owner, nil
}

// OwnedBy lists all proposals of an owner in which something is owed, in the order in which whoever changes several of them
// locks them: by their contacts, which come first.
func (r *Reader) OwnedBy(ctx context.Context, owner string) ([]bot.ProposalID, error) {
	found, err := all(ctx, r, pgx.RowTo[bot.ProposalID], `
		SELECT id FROM proposals WHERE next_date IS NOT NULL AND owner = $1 ORDER BY contact, id`, owner)
	if err != nil {
		return nil, fmt.Errorf("list proposals of %s: %w", owner, err)
	}
	return found, nil
}
