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

// ClaimOverdue is ClaimHoldOver for open proposals whose next date is before today, of which their cards do not say so yet.
func (tx *Tx) ClaimOverdue(ctx context.Context, today time.Time, after Cursor) (Cursor, error) {
	return tx.claimProposal(ctx, overdue, today, after)
}

const (
	holdOver = `p.state = 'on_hold' AND p.next_date <= $1`
	overdue  = `p.open AND p.late_shown IS DISTINCT FROM p.next_date AND p.next_date < $1`
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
