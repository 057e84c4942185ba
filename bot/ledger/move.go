package ledger

import (
	"context"
	"slices"
	"time"

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

// Stands holds a proposal and reports whether it is still at a revision: whatever has happened to it has moved it on.
func (l *Ledger) Stands(ctx context.Context, tx *store.Tx, id bot.ProposalID, revision int64) (bool, error) {
	p, err := l.lock(ctx, tx, id)
	return p.Revision == revision, err
}

// Undo takes a withdrawal back for its organization, which said so at that moment: the proposal stands where it stood, with
// the same next date. bot.Conflict if a day has passed since, or it is not withdrawn any more. The caller holds the contact,
// whose proposal it must be.
func (l *Ledger) Undo(ctx context.Context, tx *store.Tx, event string, c bot.Contact, id bot.ProposalID, at time.Time) (bot.Proposal, error) {
	p, err := tx.Proposal(ctx, id)
	if err != nil {
		return p, err
	}
	if p.Contact != c.ID {
		return p, bot.Refuse(bot.NotFound, "error.not_found")
	}
	by := bot.Actor{ID: c.LineUser, Contact: c.ID}
	return l.post(ctx, tx, Change{Event: event, Proposal: id, On: proposal.Undone, By: by, As: proposal.Organization, at: at}, nil)
}

// Move is a step of the desk that is nothing but a step: opening the dialogue, preparing, starting, completing, putting
// on hold until a date, resuming, reopening. bot.Invalid for what has an action of its own.
func (l *Ledger) Move(ctx context.Context, tx *store.Tx, c Change) (bot.Proposal, error) {
	if !IsStep(c.On) {
		return bot.Proposal{}, bot.Refuse(bot.Invalid, "error.invalid")
	}
	c.As = Role(c.By)
	return l.post(ctx, tx, c, nil)
}

// Would is what Move would lead to now, and whether the organization would be told: with the same refusals, and nothing
// done.
func (l *Ledger) Would(p bot.Proposal, c Change, now time.Time) (step proposal.Step, told bool, err error) {
	c.As = Role(c.By)
	step, err = l.next(p, c, now)
	return step, slices.Contains(step.Tell, proposal.ToOrganization), err
}

// IsStep reports whether an event is nothing but a step, which Move can do: it asks nobody, answers nobody and wants no
// words to anybody.
func IsStep(e proposal.Event) bool {
	switch e {
	case proposal.Submitted, proposal.Taken, proposal.Assigned, proposal.Vacated, proposal.Asked, proposal.Forwarded, proposal.Answered,
		proposal.Written, proposal.Replied, proposal.Waived, proposal.Withdrawn, proposal.Undone:
		return false
	}
	return !WantsWords(e) && slices.Contains(proposal.Events(), e)
}
