package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Waive says for the desk that what an organization has written needs no reply: what had come by the line of the history
// that whoever says so has seen, and nothing later; rest reports whether something later waits. bot.Conflict with the key
// ledger.waived_before if none of it waits any more.
func (l *Ledger) Waive(ctx context.Context, tx *store.Tx, event string, p bot.ProposalID, by bot.Actor, seen int64) (now bot.Proposal, rest bool, err error) {
	if now, err = l.lock(ctx, tx, p); err != nil {
		return now, false, err
	}
	waited, err := tx.Waiting(ctx, p)
	if err != nil {
		return now, false, err
	}
	c := Change{Event: event, Proposal: p, On: proposal.Waived, By: by, As: Role(by)}
	c.freed = now.NextDate.Equal(l.answerBy(waited[p].Since))
	if c.Details, err = waive(ctx, tx, p, seen); err != nil {
		return now, false, err
	}
	now, err = l.post(ctx, tx, c, nil)
	return now, c.Details["waiting"] != "", err
}

// waive marks the messages, and tells for the history the newest of them and the newest that still waits.
func waive(ctx context.Context, tx *store.Tx, p bot.ProposalID, seen int64) (map[string]string, error) {
	last, err := tx.Waive(ctx, p, seen)
	if err != nil {
		return nil, err
	}
	if last == 0 {
		return nil, bot.Refuse(bot.Conflict, "ledger.waived_before")
	}
	details := map[string]string{"message": id(last)}
	waiting, err := tx.Waiting(ctx, p)
	if w, ok := waiting[p]; ok {
		details["waiting"] = id(w.Last)
	}
	return details, err
}
