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
	Now        string // the channel in which its reader reads, as the newest start has it; empty: that is not known
}

// Elsewhere reports whether a card has stayed behind where its reader no longer reads. What the newest start has kept decides,
// not the profile of whoever asks: while an older process runs beside a newer one, cards do not go to and fro.
func (c Card) Elsewhere() bool { return c.Now != "" && c.Now != c.Channel }

func scanCard(row pgx.CollectableRow) (c Card, err error) {
	err = row.Scan(&c.Proposal, &c.Department, &c.Channel, &c.TS, &c.Now)
	return c, err
}

const selectCards = `
	SELECT c.proposal, c.department, c.channel, c.ts, COALESCE(d.channel, '') FROM cards c LEFT JOIN departments d ON d.id = c.department`

// SaveCard writes where a card stands now.
func (tx *Tx) SaveCard(c Card) {
	tx.insert(`
		INSERT INTO cards (proposal, department, channel, ts) VALUES ($1, $2, $3, $4)
		ON CONFLICT (proposal, department) DO UPDATE SET channel = excluded.channel, ts = excluded.ts`,
		c.Proposal, c.Department, c.Channel, c.TS)
}

// Card reads where a card stands; bot.NotFound while it does not.
func (r *Reader) Card(ctx context.Context, p bot.ProposalID, d bot.DepartmentID) (Card, error) {
	return one(ctx, r, scanCard, selectCards+` WHERE c.proposal = $1 AND c.department = $2`, p, d)
}

// Cards lists all cards of a proposal, the desk's first.
func (r *Reader) Cards(ctx context.Context, p bot.ProposalID) ([]Card, error) {
	return all(ctx, r, scanCard, selectCards+` WHERE c.proposal = $1 ORDER BY c.department`, p)
}

// CardAt reads which proposal's card a Slack message is; bot.NotFound if it is none.
func (r *Reader) CardAt(ctx context.Context, channel, ts string) (Card, error) {
	return one(ctx, r, scanCard, selectCards+` WHERE c.channel = $1 AND c.ts = $2`, channel, ts)
}

// DropCard forgets that a card stands where it was found, so that the next one is a new post. One that was posted elsewhere since is
// left: whoever records that holds no proposal.
func (tx *Tx) DropCard(c Card) {
	tx.queueAny(`DELETE FROM cards WHERE proposal = $1 AND department = $2 AND channel = $3 AND ts = $4`, c.Proposal, c.Department, c.Channel, c.TS)
}

// CardsBehind lists cards that stand elsewhere than their readers are now, at most so many. Each department's are found from both
// sides of its own channel in the index: however many stand where they should, none of them is looked at.
func (r *Reader) CardsBehind(ctx context.Context, limit int) ([]Card, error) {
	const some = `SELECT proposal, department, channel, ts FROM cards WHERE department = d.id AND channel `
	return all(ctx, r, scanCard, `
		SELECT c.proposal, c.department, c.channel, c.ts, d.channel FROM departments d, LATERAL (
			(`+some+`< d.channel ORDER BY channel LIMIT $1) UNION ALL (`+some+`> d.channel ORDER BY channel LIMIT $1)
		) c WHERE d.channel <> '' LIMIT $1`, limit)
}

// CardsFor counts the cards that were put so that a delivery has something to stand under.
func (r *Reader) CardsFor(ctx context.Context, d Delivery, kind string) (int, error) {
	return one(ctx, r, pgx.RowTo[int], `
		SELECT count(*) FROM deliveries WHERE proposal = $1 AND kind = $2 AND args->>'under' = $3`, d.Proposal, kind, d.ID.String())
}

// Posted is where a message stands in Slack; without a TS it stands nowhere.
type Posted struct{ Channel, TS string }

// PostedIn lists where the deliveries of a kind about a proposal stand in one channel.
func (r *Reader) PostedIn(ctx context.Context, p bot.ProposalID, kind, channel string) ([]Posted, error) {
	return all(ctx, r, pgx.RowToStructByPos[Posted], `
		SELECT receipt->>'channel', receipt->>'ts' FROM deliveries
		WHERE proposal = $1 AND kind = $2 AND state = 'sent' AND receipt->>'channel' = $3 AND receipt->>'ts' <> '' ORDER BY seq`, p, kind, channel)
}

// PostedAs reads where the newest earlier delivery of the same kind and args stands, so that it can be changed in place. That may
// be another channel than the delivery's: a department may have moved since.
func (r *Reader) PostedAs(ctx context.Context, d Delivery) (Posted, error) {
	found, err := all(ctx, r, pgx.RowToStructByPos[Posted], `
		SELECT COALESCE(receipt->>'channel', ''), COALESCE(receipt->>'ts', '') FROM deliveries
		WHERE proposal = $1 AND kind = $2 AND args = $3 AND state = 'sent' AND id <> $4 ORDER BY seq DESC LIMIT 1`,
		d.Proposal, d.Kind, d.Args, d.ID)
	if err != nil || len(found) == 0 {
		return Posted{}, err
	}
	return found[0], nil
}
