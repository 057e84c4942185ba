// Package ledger is the only way facts change: it locks what an event concerns, asks proposal.Next, saves, appends to
// the history, and puts the deliveries that tell everybody concerned, all in the caller's transaction.
//
// It never opens a transaction, never calls a platform and never words a message: a delivery names its kind and ids,
// and the flow that owns the kind composes it. One file per action. Begin reading with Ledger.post.
package ledger

import (
	"context"
	"fmt"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Ledger changes the facts of one desk.
type Ledger struct{ desk *bot.Desk }

// New makes the ledger of a desk.
func New(desk *bot.Desk) *Ledger { return &Ledger{desk: desk} }

// Change is what happens to one proposal.
type Change struct {
	Event    string // id of the incoming event, for log lines from the first hop to the last
	Proposal bot.ProposalID
	On       proposal.Event
	By       bot.Actor
	As       proposal.Role // in which part By acts
	Why      string
	Until    calendar.Date     // for held: until when
	Details  map[string]string // for the history: ids of department, verdict, owner, message, waiting, again, reason; until: a date

	at    time.Time // for undone: when its organization said so
	freed bool      // what had drawn the next date nearer is settled, so that it follows the state again
}

// post applies a change: lock, Next, alter, save, history, deliveries. alter may change more of the proposal and may
// be nil.
func (l *Ledger) post(ctx context.Context, tx *store.Tx, c Change, alter func(*bot.Proposal)) (bot.Proposal, error) {
	p, err := l.lock(ctx, tx, c.Proposal)
	if err != nil {
		return p, err
	}
	referrals, err := tx.Referrals(ctx, p.ID)
	if err != nil {
		return p, fmt.Errorf("post %s: %w", c.On, err)
	}
	step, err := l.next(p, c, tx.Now)
	if err != nil {
		return p, err
	}
	l.move(&p, step, c, tx.Now, referrals)
	if err := l.keepPromise(ctx, tx, &p, c); err != nil {
		return p, err
	}
	own(&p, c)
	if c.On == proposal.Reopened {
		l.renew(tx, p)
	}
	if alter != nil {
		alter(&p)
	}
	tx.SaveProposal(p, proposal.Open(p.State), outcome(p.State, c))
	p.Revision++
	return p, l.record(ctx, tx, p, c, step, referrals)
}

// own gives a proposal that nobody has taken to whoever of the desk moves it on: an open one always has somebody who
// cares, but for the time before anybody has looked at it. Whoever says that a message needs no reply moves nothing on.
func own(p *bot.Proposal, c Change) {
	if p.Owner == "" && c.On != proposal.Waived && (c.As == proposal.Desk || c.As == proposal.Manager) {
		p.Owner = c.By.ID
	}
}

// renew gives departments that still owe their verdict a new date, where theirs has passed while the proposal was over.
func (l *Ledger) renew(tx *store.Tx, p bot.Proposal) {
	tx.RenewReferrals(p.ID, l.desk.Calendar.Today(tx.Now).In(time.UTC), l.workingDays(tx.Now, l.desk.Deadlines.Verdict))
}

// lock holds the proposal, and before it the contact whose lane it may write into: always in this order, so that two
// transactions never wait for each other.
func (l *Ledger) lock(ctx context.Context, tx *store.Tx, id bot.ProposalID) (bot.Proposal, error) {
	if err := tx.LockContactOf(ctx, id); err != nil {
		return bot.Proposal{}, err
	}
	return tx.LockProposal(ctx, id)
}

// record appends to the history and tells whom the rule names.
func (l *Ledger) record(ctx context.Context, tx *store.Tx, p bot.Proposal, c Change, step proposal.Step, referrals []bot.Referral) error {
	entry, err := tx.AddEntry(ctx, store.Entry{
		Proposal: p.ID, Event: c.On, From: step.Was, To: p.State, Actor: c.By.ID, Why: c.Why, Details: c.Details,
	})
	if err != nil {
		return err
	}
	return l.tell(ctx, tx, p, c, entry, step, referrals)
}

// outcome is the reason's id that stays with a declined proposal.
func outcome(s proposal.State, c Change) string {
	if proposal.Open(s) {
		return ""
	}
	return c.Details["reason"]
}
