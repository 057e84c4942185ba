package ledger

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
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
// if the actor is not of it, bot.Invalid if a reason is missing where one is owed.
func (l *Ledger) Answer(ctx context.Context, tx *store.Tx, v Verdict) (bot.Proposal, error) {
	if !v.By.Of(v.Department) && !v.By.Desk {
		return bot.Proposal{}, bot.Refuse(bot.Forbidden, "ledger.not_your_department")
	}
	if owesReason(v.Verdict) && v.Reason == "" {
		return bot.Proposal{}, bot.Refuse(bot.Invalid, "ledger.reason_missing")
	}
	if _, err := l.lock(ctx, tx, v.Proposal); err != nil {
		return bot.Proposal{}, err
	}
	f, err := tx.Referral(ctx, v.Proposal, v.Department)
	if err != nil {
		return bot.Proposal{}, err
	}
	f.Verdict, f.Reason, f.Until, f.Other, f.AnsweredBy = v.Verdict, v.Reason, v.Until, v.Other, v.By.ID
	tx.SaveVerdict(f)
	return l.post(ctx, tx, Change{
		Event: v.Event, Proposal: v.Proposal, On: proposal.Answered, By: v.By, As: proposal.Department, Why: v.Reason,
		Details: map[string]string{"department": string(v.Department), "verdict": string(v.Verdict), "other": string(v.Other)},
	}, nil)
}

// owesReason: who wants to know more must say what, who cannot must say why.
func owesReason(v bot.Verdict) bool { return v == bot.VerdictAsk || v == bot.VerdictUnable }
