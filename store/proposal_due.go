package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// ClaimHoldOver gives the first proposal after a place whose hold is over today, and locks its contact, as everybody does
// who changes a proposal. It waits for nobody: what another process holds, or what somebody works on, is passed over.
// Somebody may have changed the proposal just before, so whoever claims asks again. bot.NotFound if there is none.
func (tx *Tx) ClaimHoldOver(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return tx.claimProposal(ctx, holdOver, today, after)
}

// ClaimOverdue is ClaimHoldOver for proposals whose next date is before today, of which their cards do not say so yet.
func (tx *Tx) ClaimOverdue(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return tx.claimProposal(ctx, overdue, today, after)
}

// ClaimLate is ClaimOverdue for proposals of which a department has owed its answer since before today, whatever the next date
// is. What has ended is claimed once, too, so that nobody comes upon it again.
func (tx *Tx) ClaimLate(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	at, err := one(ctx, &tx.Reader, pgx.RowToStructByPos[Cursor], firstLate, today, after.Date, after.ID)
	if err != nil {
		return at, fmt.Errorf("claim a late referral: %w", err)
	}
	return at, nil
}

const firstLate = `
	SELECT f.due, f.proposal FROM referrals f JOIN proposals p ON p.id = f.proposal JOIN contacts c ON c.id = p.contact
	WHERE f.verdict = '' AND f.late_shown IS DISTINCT FROM f.due AND f.due < $1 AND (f.due, f.proposal) > ($2, $3)
	ORDER BY f.due, f.proposal LIMIT 1 FOR UPDATE OF c SKIP LOCKED`

const (
	holdOver = `p.state = 'on_hold' AND p.next_date <= $1`
	overdue  = `p.next_date IS NOT NULL AND p.late_shown IS DISTINCT FROM p.next_date AND p.next_date < $1`
)

func (tx *Tx) claimProposal(ctx context.Context, which string, today time.Time, after Cursor) (Cursor, error) {
	at, err := one(ctx, &tx.Reader, pgx.RowToStructByPos[Cursor], firstDueProposal(which), today, after.Date, after.ID)
	if err != nil {
		return at, fmt.Errorf("claim a due proposal: %w", err)
	}
	return at, nil
}

func firstDueProposal(which string) string {
	return `
		SELECT p.next_date, p.id FROM proposals p JOIN contacts c ON c.id = p.contact
		WHERE ` + which + ` AND (p.next_date, p.id) > ($2, $3)
		ORDER BY p.next_date, p.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED`
}

// HoldsOver reports whether there are holds that are over today and have not been ended.
func (r *Reader) HoldsOver(ctx context.Context, today time.Time) (bool, error) {
	return one(ctx, r, pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM proposals p WHERE `+holdOver+`)`, today)
}

// ShowLate notes that the cards of a proposal say that its next date has passed; false if they say so already. With another
// date that is over again.
func (tx *Tx) ShowLate(ctx context.Context, id bot.ProposalID) (first bool, err error) {
	noted, err := all(ctx, &tx.Reader, pgx.RowTo[bool], `
		UPDATE proposals SET late_shown = next_date WHERE id = $1 AND late_shown IS DISTINCT FROM next_date RETURNING true`, id)
	if err != nil {
		return false, fmt.Errorf("note overdue proposal %d: %w", id, err)
	}
	return len(noted) > 0, nil
}

// ShowLateReferrals notes that the cards say which departments owe their answer since before today, and gives those of which
// they did not say so yet.
func (tx *Tx) ShowLateReferrals(ctx context.Context, id bot.ProposalID, today time.Time) ([]bot.DepartmentID, error) {
	noted, err := all(ctx, &tx.Reader, pgx.RowTo[bot.DepartmentID], `
		UPDATE referrals SET late_shown = due
		WHERE proposal = $1 AND verdict = '' AND late_shown IS DISTINCT FROM due AND due < $2 RETURNING department`, id, today)
	if err != nil {
		return nil, fmt.Errorf("note late referrals of proposal %d: %w", id, err)
	}
	return noted, nil
}
