package ledger

import (
	"context"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/bot/rights"
	"tsunagi/store"
)

// Verdict is a department's answer to a referral.
type Verdict struct {
	Event      string
	Proposal   bot.ProposalID
	Department bot.DepartmentID
	By         bot.Actor
	Verdict    bot.Verdict
	Reason     string
	Until      time.Time        // for "consider"
	Other      bot.DepartmentID // for "other"
}

// Answer records a verdict; answering again replaces it. bot.NotFound if the department was not asked, bot.Forbidden
// if the actor is neither of it nor of the desk, bot.Invalid if a reason is missing where one is owed, there is no such
// verdict or other department, or "other" says neither which nor why.
func (l *Ledger) Answer(ctx context.Context, tx *store.Tx, v Verdict) (bot.Proposal, error) {
	if err := l.mayAnswer(v); err != nil {
		return bot.Proposal{}, err
	}
	p, err := l.lock(ctx, tx, v.Proposal)
	if err != nil {
		return p, err
	}
	f, err := tx.Referral(ctx, v.Proposal, v.Department)
	if err != nil {
		return p, err
	}
	before, err := tx.Referrals(ctx, v.Proposal)
	if err != nil {
		return p, err
	}
	f.Verdict, f.Reason, f.Until, f.Other, f.AnsweredBy = v.Verdict, v.Reason, v.Until, v.Other, v.By.ID
	tx.SaveVerdict(f)
	return l.post(ctx, tx, Change{
		Event: v.Event, Proposal: v.Proposal, On: proposal.Answered, By: v.By, As: proposal.Department, Why: v.Reason,
		Details: given(v),
		freed:   l.drew(p, v.Department, before),
	}, nil)
}

// given is a verdict as the history keeps it.
func given(v Verdict) map[string]string {
	details := map[string]string{"department": string(v.Department), "verdict": string(v.Verdict), "other": string(v.Other)}
	if !v.Until.IsZero() {
		details["until"] = v.Until.Format(time.DateOnly)
	}
	return details
}

func (l *Ledger) mayAnswer(v Verdict) error {
	_, known := l.desk.Department(v.Other)
	switch {
	case !rights.May(rights.Of(v.By, v.By.Of(v.Department)), rights.Verdict):
		return bot.Refuse(bot.Forbidden, "ledger.not_your_department")
	case !slices.Contains(bot.Verdicts(), v.Verdict):
		return bot.Refuse(bot.Invalid, "error.invalid")
	case v.Other != "" && (!known || v.Other == v.Department):
		return bot.Refuse(bot.Invalid, "ledger.unknown_department", "department", string(v.Other))
	case v.Verdict == bot.VerdictOther && v.Other == "" && v.Reason == "":
		return bot.Refuse(bot.Invalid, "ledger.other_missing")
	case owesReason(v.Verdict) && v.Reason == "":
		return bot.Refuse(bot.Invalid, "ledger.reason_missing")
	}
	return nil
}

// owesReason: who wants to know more must say what, who cannot must say why.
func owesReason(v bot.Verdict) bool { return v == bot.VerdictAsk || v == bot.VerdictUnable }
