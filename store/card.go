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

// DropCard forgets where a card stands, so that the next one is a new post.
func (tx *Tx) DropCard(p bot.ProposalID, d bot.DepartmentID) {
	tx.write("drop card", `DELETE FROM cards WHERE proposal = $1 AND department = $2`, p, d)
}

// Posted is where a message stands in Slack; without a TS it stands nowhere.
type Posted struct{ Channel, TS string }

// PostedAs reads where an earlier delivery of the same kind and args stands, so that it can be changed in place. That may
// be another channel than the delivery's: a department may have moved since.
func (r *Reader) PostedAs(ctx context.Context, d Delivery) (Posted, error) {
	found, err := all(ctx, r, pgx.RowToStructByPos[Posted], `
		SELECT COALESCE(receipt->>'channel', ''), COALESCE(receipt->>'ts', '') FROM deliveries
		WHERE proposal = $1 AND kind = $2 AND args = $3 AND state = 'sent' AND id <> $4 ORDER BY seq LIMIT 1`,
		d.Proposal, d.Kind, d.Args, d.ID)
	if err != nil || len(found) == 0 {
		return Posted{}, err
	}
	return found[0], nil
}
