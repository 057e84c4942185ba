package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

const referralColumns = `id, proposal, department, note, due, cleared, verdict, reason, until, other, answered_by, answered_at, asked_by, asked_at,
	COALESCE(first_asked_at, asked_at)`

func scanReferral(row pgx.CollectableRow) (f bot.Referral, err error) {
	var until, answered *time.Time
	err = row.Scan(&f.ID, &f.Proposal, &f.Department, &f.Note, &f.Due, &f.Cleared, &f.Verdict, &f.Reason, &until, &f.Other,
		&f.AnsweredBy, &answered, &f.AskedBy, &f.AskedAt, &f.FirstAskedAt)
	if until != nil {
		f.Until = *until
	}
	if answered != nil {
		f.AnsweredAt = *answered
	}
	return f, err
}

// AddReferral asks a department, or asks it again: an earlier verdict is then open once more, what was cleared stays
// cleared, without a new note the earlier one stays, and so does when it was asked first.
func (tx *Tx) AddReferral(f bot.Referral) {
	cleared := f.Cleared
	if cleared == nil {
		cleared = []string{}
	}
	tx.insert(`
		INSERT INTO referrals (proposal, department, note, due, cleared, asked_by, asked_at, first_asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (proposal, department) DO UPDATE SET note = COALESCE(NULLIF(excluded.note, ''), referrals.note), due = excluded.due,
			cleared = ARRAY(SELECT DISTINCT unnest(referrals.cleared || excluded.cleared)),
			verdict = '', reason = '', until = NULL, other = '', answered_by = '', answered_at = NULL, orphaned_at = NULL,
			asked_by = excluded.asked_by, asked_at = excluded.asked_at`,
		f.Proposal, f.Department, f.Note, f.Due, cleared, f.AskedBy, tx.Now)
}

// SaveVerdict writes what a department answered.
func (tx *Tx) SaveVerdict(f bot.Referral) {
	tx.write("save verdict", `
		UPDATE referrals SET verdict = $2, reason = $3, until = $4, other = $5, answered_by = $6, answered_at = $7 WHERE id = $1`,
		f.ID, f.Verdict, f.Reason, nullTime(f.Until), f.Other, f.AnsweredBy, tx.Now)
}

// RenewReferrals gives a new date to referrals of a proposal that wait for their verdict and were due before today.
func (tx *Tx) RenewReferrals(p bot.ProposalID, today, due time.Time) {
	tx.queueAny(`UPDATE referrals SET due = $3 WHERE proposal = $1 AND verdict = '' AND due < $2`, p, today, due)
}

// Referrals lists whom a proposal was asked of, in the order asked.
func (r *Reader) Referrals(ctx context.Context, p bot.ProposalID) ([]bot.Referral, error) {
	return all(ctx, r, scanReferral, `SELECT `+referralColumns+` FROM referrals WHERE proposal = $1 ORDER BY id`, p)
}

// Referral reads what one department was asked about a proposal; bot.NotFound if it was not.
func (r *Reader) Referral(ctx context.Context, p bot.ProposalID, d bot.DepartmentID) (bot.Referral, error) {
	f, err := one(ctx, r, scanReferral, `SELECT `+referralColumns+` FROM referrals WHERE proposal = $1 AND department = $2`, p, d)
	if err != nil {
		return f, fmt.Errorf("read referral of proposal %d to %s: %w", p, d, err)
	}
	return f, nil
}

// ReferralsTo reads what one department was asked about several proposals; those it was not asked about are left out.
func (r *Reader) ReferralsTo(ctx context.Context, d bot.DepartmentID, ps []bot.ProposalID) ([]bot.Referral, error) {
	found, err := all(ctx, r, scanReferral, `SELECT `+referralColumns+` FROM referrals WHERE department = $1 AND proposal = ANY($2)`, d, ps)
	if err != nil {
		return nil, fmt.Errorf("read referrals to %s: %w", d, err)
	}
	return found, nil
}
