package store

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
)

// adrift are the proposals in an open state that nobody would come upon: their card stands nowhere in the desk's channel and
// is not on its way there, they have no next date, or they are left out of the lists of what is open. Every list of the desk
// is of open ones, by owner or of those without one, so that whatever is in them has an owner or stands in the queue.
//
// Each open state is looked at by itself: all at once, Postgres may walk through the whole archive.
const adrift = `unnest($1::text[]) AS s (state), LATERAL (
	SELECT id FROM proposals p
	WHERE p.state = s.state AND p.id < $2 AND (NOT p.open OR p.next_date IS NULL OR (
		NOT EXISTS (SELECT FROM cards WHERE cards.proposal = p.id AND cards.department = '' OFFSET 0) AND
		NOT EXISTS (SELECT FROM deliveries d WHERE d.proposal = p.id AND d.kind = 'card' AND d.state = 'pending' OFFSET 0)))
	ORDER BY p.id DESC LIMIT $3) adrift`

// ListAdrift lists proposals that have dropped out of sight, newest first, after the cursor; there should be none.
func (r *Reader) ListAdrift(ctx context.Context, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.listOf(ctx, `SELECT adrift.id AS proposal FROM `+adrift+` ORDER BY adrift.id DESC LIMIT $3`, openStates(), after.before(), limit)
}

func openStates() []string {
	var out []string
	for _, s := range proposal.States() {
		if proposal.Open(s) {
			out = append(out, string(s))
		}
	}
	return out
}
