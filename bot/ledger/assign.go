package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Assign makes a member of the desk the owner of a proposal. Taking a received one also begins its screening.
func (l *Ledger) Assign(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, by bot.Actor, owner string) (bot.Proposal, error) {
	p, err := tx.Proposal(ctx, id)
	if err != nil {
		return p, err
	}
	on := proposal.Assigned
	if p.State == proposal.Received {
		on = proposal.Taken
	}
	return l.post(ctx, tx, Change{
		Event: event, Proposal: id, On: on, By: by, As: Role(by), Details: map[string]string{"owner": owner},
	}, func(p *bot.Proposal) { p.Owner = owner })
}
