package ledger

import (
	"context"
	"errors"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// next asks the table what a change leads to, and turns a refusal into words.
func (l *Ledger) next(p bot.Proposal, c Change, now time.Time) (proposal.Step, error) {
	at := Situation(p)
	if c.On == proposal.Undone && !p.Withdrawal.UndoableAt(c.at) {
		at = proposal.Situation{State: p.State}
	}
	step, err := proposal.Next(at, proposal.Act{
		On: c.On, By: c.As, Why: c.Why, Until: c.Until, Today: l.desk.Calendar.Today(now),
	})
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return step, err
	}
	return step, &bot.Error{Kind: bot.ErrorKind(refusal.Kind), Say: refused(refusal, p), Err: err, Sure: true}
}

// Situation is where a proposal stands, as the table asks for it.
func Situation(p bot.Proposal) proposal.Situation {
	at := proposal.Situation{State: p.State, Before: p.Before, Was: p.Withdrawal.Was}
	switch proposal.OnHold {
	case at.State:
		at.Until = calendar.DateOf(p.NextDate)
	case at.Was:
		at.Until = calendar.DateOf(p.Withdrawal.Due)
	}
	return at
}

// refused words a refusal: what was tried, and what stands in its way.
func refused(r *proposal.Refusal, p bot.Proposal) text.Line {
	switch {
	case r.Kind == proposal.Forbidden:
		return text.Say("ledger.forbidden")
	case r.Missing == proposal.NeedUntil:
		return text.Say("ledger.date_missing")
	case r.Missing == proposal.NeedWhy:
		return text.Say("ledger.reason_missing")
	}
	return text.Say("ledger.not_now", "number", p.Number, "state", text.Say(p.State.Key()))
}

// May refuses what nobody in this part can do to a proposal now, before anything is filled in for it: bot.Conflict.
func May(p bot.Proposal, as proposal.Role, on proposal.Event) error {
	if slices.Contains(proposal.Choices(Situation(p), as), on) {
		return nil
	}
	return notNow(p)
}

func notNow(p bot.Proposal) error {
	return bot.Refuse(bot.Conflict, "ledger.not_now", "number", p.Number, "state", text.Say(p.State.Key()))
}

// Role is in which part somebody acts: a member of staff, the organization itself, or time, where it is nobody. Who has no
// part has no role, and may do nothing.
func Role(a bot.Actor) proposal.Role {
	switch {
	case a.Manager:
		return proposal.Manager
	case a.Desk:
		return proposal.Desk
	case a.Contact != 0:
		return proposal.Organization
	case len(a.Departments) > 0:
		return proposal.Department
	case a.ID == "":
		return proposal.Time
	}
	return ""
}

// move takes the proposal along a step and gives it its next date where the step sets a new one.
func (l *Ledger) move(p *bot.Proposal, step proposal.Step, c Change, now time.Time, referrals []bot.Referral) {
	before := p.Withdrawal
	p.State, p.Before = step.Then.State, step.Then.Before
	p.Withdrawal = withdrawal(*p, step, now)
	if c.On == proposal.Reopened {
		p.ReopenedAt = now
	}
	if step.Moved() || c.freed || c.On == proposal.Asked || c.On == proposal.Forwarded || c.On == proposal.Held || c.On == proposal.Replied {
		p.NextDate = l.nextDate(p.State, step.Then.Until, now, referrals)
	}
	if c.On == proposal.Undone {
		p.NextDate = before.Due
	}
	asks := c.On == proposal.Asked || c.On == proposal.Forwarded || (c.On == proposal.Answered && c.freed)
	if due := l.earliest(referrals); asks && !due.IsZero() && due.Before(p.NextDate) {
		p.NextDate = due // whoever asks while the talk goes on wants to see it when the answer does not come
	}
}

// withdrawal is what is kept for an undo of what a change leads to.
func withdrawal(p bot.Proposal, step proposal.Step, now time.Time) bot.Withdrawal {
	switch {
	case step.On == proposal.Withdrawn:
		return bot.Withdrawal{At: now, Was: step.Was, Due: p.NextDate}
	case p.State == proposal.Withdrawn:
		return p.Withdrawal
	}
	return bot.Withdrawal{}
}

// drew reports whether a department's date has drawn the next date, and others still owe their verdict: when it answers, theirs
// counts. When the last has answered the date stays, since the desk has the answers to look at.
func (l *Ledger) drew(p bot.Proposal, d bot.DepartmentID, referrals []bot.Referral) bool {
	mine := slices.IndexFunc(referrals, func(f bot.Referral) bool { return f.Department == d })
	if mine < 0 || p.State == proposal.OnHold || !referrals[mine].Due.Equal(p.NextDate) {
		return false
	}
	return !l.earliest(slices.Delete(slices.Clone(referrals), mine, mine+1)).IsZero()
}

// AwaitsAnswer reports whether the organization has heard nothing yet, in this state, unless a reply has gone: from the
// dialogue on, and when it ends or is put on hold, it is told.
func AwaitsAnswer(s proposal.State) bool {
	return s == proposal.Received || s == proposal.Screening || s == proposal.Coordinating
}

// keepPromise draws the next date nearer where an answer has been promised before it: by the receipt, or to what the
// organization has written since. A hold keeps its date, on which it ends.
func (l *Ledger) keepPromise(ctx context.Context, tx *store.Tx, p *bot.Proposal, c Change) error {
	switch {
	case !proposal.Open(p.State):
		return l.keepAnswer(ctx, tx, p)
	case c.On == proposal.Replied || p.State == proposal.OnHold:
		return nil
	}
	if err := l.keepReceipt(ctx, tx, p); err != nil {
		return err
	}
	if c.On == proposal.Written {
		l.draw(p, tx.Now, tx.Now)
		return nil
	}
	waiting, err := tx.Waiting(ctx, p.ID)
	if w, ok := waiting[p.ID]; ok {
		l.draw(p, w.Since, tx.Now)
	}
	return err
}

// keepAnswer gives a proposal that has ended the day by which the first of what waits for an answer was promised one, and no
// date if nothing does.
func (l *Ledger) keepAnswer(ctx context.Context, tx *store.Tx, p *bot.Proposal) error {
	waiting, err := tx.Waiting(ctx, p.ID)
	p.NextDate = time.Time{}
	if w, ok := waiting[p.ID]; ok {
		p.NextDate = l.answerBy(w.Since)
	}
	return err
}

func (l *Ledger) keepReceipt(ctx context.Context, tx *store.Tx, p *bot.Proposal) error {
	if !AwaitsAnswer(p.State) {
		return nil
	}
	replied, err := tx.Replied(ctx, *p)
	if err == nil && !replied {
		l.draw(p, p.AskedAt(), tx.Now)
	}
	return err
}

// draw draws the next date to the day by which what came at that time is to be answered. A promise that is over already
// draws nothing into the past.
func (l *Ledger) draw(p *bot.Proposal, came, now time.Time) {
	by := l.answerBy(came)
	if !by.Before(l.desk.Calendar.Today(now).In(time.UTC)) && p.NextDate.After(by) {
		p.NextDate = by
	}
}

// answerBy is the day by which what came at that time is to be answered, at midnight UTC, as dates are kept.
func (l *Ledger) answerBy(came time.Time) time.Time { return l.desk.AnswerBy(came).In(time.UTC) }

// nextDate is the date by which the next step is due, at midnight UTC; zero when the life is over.
func (l *Ledger) nextDate(s proposal.State, until calendar.Date, now time.Time, referrals []bot.Referral) time.Time {
	switch proposal.DeadlineOf(s) {
	case proposal.DeadlineTriage:
		return l.workingDays(now, l.desk.Deadlines.Triage)
	case proposal.DeadlineVerdict:
		if due := l.earliest(referrals); !due.IsZero() {
			return due
		}
		return l.workingDays(now, l.desk.Deadlines.Verdict)
	case proposal.DeadlineReply:
		return l.workingDays(now, l.desk.Deadlines.Reply)
	case proposal.DeadlineUntil:
		return until.In(time.UTC)
	}
	return time.Time{}
}

// earliest is the first date by which a department still owes its verdict; zero if none does. One that is gone cannot answer.
func (l *Ledger) earliest(referrals []bot.Referral) (first time.Time) {
	for _, f := range referrals {
		if f.Verdict == "" && l.current(f.Department) && (first.IsZero() || f.Due.Before(first)) {
			first = f.Due
		}
	}
	return first
}

// workingDays is a date so many working days from today, at midnight UTC, as dates are kept.
func (l *Ledger) workingDays(now time.Time, n int) time.Time {
	return l.desk.Calendar.AddWorkingDays(l.desk.Calendar.Today(now), n).In(time.UTC)
}
