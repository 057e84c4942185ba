package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Withdraw takes a proposal back for its organization. The caller holds the contact, whose proposal it must be.
func (l *Ledger) Withdraw(ctx context.Context, tx *store.Tx, event string, c bot.Contact, id bot.ProposalID) (bot.Proposal, error) {
	p, err := tx.Proposal(ctx, id)
	if err != nil {
		return p, err
	}
	if p.Contact != c.ID {
		return p, bot.Refuse(bot.NotFound, "error.not_found")
	}
	by := bot.Actor{ID: c.LineUser, Contact: c.ID}
	return l.post(ctx, tx, Change{Event: event, Proposal: id, On: proposal.Withdrawn, By: by, As: proposal.Organization}, nil)
}

// Move is a step of the desk that is nothing but a step: opening the dialogue, preparing, starting, completing, putting
// on hold until a date, resuming, reopening.
func (l *Ledger) Move(ctx context.Context, tx *store.Tx, c Change) (bot.Proposal, error) {
	c.As = Role(c.By)
	return l.post(ctx, tx, c, nil)
}
