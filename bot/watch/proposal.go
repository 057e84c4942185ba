package watch

import (
	"context"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// due is one kind of proposals whose date has come: how the first of them after a place is claimed, and what is done with it.
// The outcome is empty if there was nothing to do.
type due struct {
	claim func(tx *store.Tx, ctx context.Context, today time.Time, after store.Cursor) (store.Cursor, error)
	do    func(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID) (outcome string, err error)
}

// holds ends every hold whose date has come. The organization is told of it, so that it waits for office hours.
func (w *Watch) holds(ctx context.Context) {
	if w.Desk.Calendar.Open(w.DB.Now()) {
		w.proposals(ctx, due{(*store.Tx).ClaimHoldOver, w.resume})
	}
}

// overdue shows on the cards what has become overdue. Nobody is called for it, so that it may also be late in the day.
func (w *Watch) overdue(ctx context.Context) {
	if w.opened(w.DB.Now()) {
		w.proposals(ctx, due{(*store.Tx).ClaimOverdue, w.showLate})
		w.proposals(ctx, due{(*store.Tx).ClaimLate, w.showLate})
	}
}

// proposals looks at every proposal that is due. One that cannot be looked at does not hold up those behind it, and is due
// again at the next sweep.
func (w *Watch) proposals(ctx context.Context, d due) {
	for at := (store.Cursor{}); ctx.Err() == nil; {
		next, err := w.proposal(ctx, at, d)
		if err != nil && bot.KindOf(err) != bot.NotFound {
			w.Log.WarnContext(ctx, "proposal not looked at", "proposal", next.ID, "fault", err)
		}
		if next == at {
			return
		}
		at = next
	}
}

// proposal looks at the first proposal after a place that is due, and gives its place.
func (w *Watch) proposal(ctx context.Context, after store.Cursor, d due) (at store.Cursor, err error) {
	at = after
	outcome := ""
	err = w.DB.InTx(ctx, func(tx *store.Tx) error {
		next, err := d.claim(tx, ctx, w.Desk.Calendar.Today(tx.Now).In(time.UTC), after)
		if err != nil {
			return err
		}
		at = next
		outcome, err = d.do(ctx, tx, dueEvent(at.ID), at.ID)
		return err
	})
	if err == nil && outcome != "" {
		w.Log.InfoContext(ctx, "proposal "+outcome, "event", dueEvent(at.ID), "proposal", at.ID)
		w.Due(outcome)
	}
	return at, err
}

// resume ends a hold, unless somebody was quicker or has put it off.
func (w *Watch) resume(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID) (string, error) {
	_, err := w.Ledger.Move(ctx, tx, ledger.Change{Event: event, Proposal: id, On: proposal.Resumed})
	if bot.KindOf(err) == bot.Conflict {
		return "", nil
	}
	return "resumed", err
}

func (w *Watch) showLate(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID) (string, error) {
	shown, err := w.Ledger.ShowLate(ctx, tx, event, id)
	if !shown {
		return "", err
	}
	return "overdue", err
}

// opened reports whether the desk has opened today, though it may have closed again.
func (w *Watch) opened(now time.Time) bool { return !now.Before(w.opening(now)) }

// opening is when the desk opens today; on a day off, when it next opens.
func (w *Watch) opening(now time.Time) time.Time {
	return w.Desk.Calendar.NextOpening(w.Desk.Calendar.Today(now).In(w.Desk.Location))
}

// dueEvent names what happens to a proposal without an event from outside, for the log.
func dueEvent(p bot.ProposalID) string { return "due-" + strconv.FormatInt(int64(p), 10) }
