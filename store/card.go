package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Card is where a proposal's card stands in Slack; Department is empty for the desk's own.
type Card struct {
	Proposal   bot.ProposalID
	Department bot.DepartmentID
	Channel    string
	TS         string
}

func scanCard(row pgx.CollectableRow) (c Card, err error) {
	err = row.Scan(&c.Proposal, &c.Department, &c.Channel, &c.TS)
	return c, err
}

// SaveCard writes where a card stands now.
func (tx *Tx) SaveCard(c Card) {
	tx.insert(`
		INSERT INTO cards (proposal, department, channel, ts) VALUES ($1, $2, $3, $4)
		ON CONFLICT (proposal, department) DO UPDATE SET channel = excluded.channel, ts = excluded.ts`,
		c.Proposal, c.Department, c.Channel, c.TS)
}

// Card reads where a card stands; bot.NotFound while it does not.
func (r *Reader) Card(ctx context.Context, p bot.ProposalID, d bot.DepartmentID) (Card, error) {
	return one(ctx, r, scanCard, `SELECT proposal, department, channel, ts FROM cards WHERE proposal = $1 AND department = $2`, p, d)
}

// Cards lists all cards of a proposal, the desk's first.
func (r *Reader) Cards(ctx context.Context, p bot.ProposalID) ([]Card, error) {
	return all(ctx, r, scanCard, `SELECT proposal, department, channel, ts FROM cards WHERE proposal = $1 ORDER BY department`, p)
}

// CardAt reads which proposal's card a Slack message is; bot.NotFound if it is none.
func (r *Reader) CardAt(ctx context.Context, channel, ts string) (Card, error) {
	return one(ctx, r, scanCard, `SELECT proposal, department, channel, ts FROM cards WHERE channel = $1 AND ts = $2`, channel, ts)
}

// PostedAs reads where an earlier delivery of the same kind and args stands in Slack, so that it can be changed in
// place; empty if there is none.
func (r *Reader) PostedAs(ctx context.Context, d Delivery) (ts string, err error) {
	found, err := all(ctx, r, pgx.RowTo[string], `
		SELECT COALESCE(receipt->>'ts', '') FROM deliveries
		WHERE proposal = $1 AND lane = $2 AND kind = $3 AND args = $4 AND state = 'sent' AND id <> $5 ORDER BY seq LIMIT 1`,
		d.Proposal, d.Lane, d.Kind, d.Args, d.ID)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
