package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Take makes a member of the desk the owner of a proposal that has none. Whoever comes second gets a bot.Conflict with
// the key ledger.taken, and the proposal with its owner; taking one's own changes nothing.
func (l *Ledger) Take(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, by bot.Actor) (bot.Proposal, error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if p.Owner != "" && p.Owner != by.ID {
		return p, bot.Refuse(bot.Conflict, "ledger.taken", "number", p.Number)
	}
	return l.Assign(ctx, tx, event, id, by, by.ID)
}

// Assign makes a member of the desk the owner of a proposal; that owner is one of the desk is for the caller to know.
// A received one is taken by it and its screening begins. Assigning to the owner changes nothing.
func (l *Ledger) Assign(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, by bot.Actor, owner string) (bot.Proposal, error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil || p.Owner == owner {
		return p, err
	}
	on := proposal.Assigned
	if p.State == proposal.Received && owner == by.ID {
		on = proposal.Taken
	}
	return l.post(ctx, tx, Change{
		Event: event, Proposal: id, On: on, By: by, As: Role(by), Details: map[string]string{"owner": owner},
	}, func(p *bot.Proposal) { p.Owner = owner })
}
