package store

import (
	"context"
	"fmt"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
)

// ListByState lists proposals in a state, newest first, after the cursor.
func (r *Reader) ListByState(ctx context.Context, s proposal.State, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE state = $1 AND proposals.id < $2 ORDER BY proposals.id DESC LIMIT $3`, s, after.before(), limit)
}

// ListByTopic lists proposals of a topic, newest first, after the cursor.
func (r *Reader) ListByTopic(ctx context.Context, t bot.TopicID, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.listOf(ctx, `SELECT proposal FROM topics WHERE topic = $1 AND proposal < $2 ORDER BY proposal DESC LIMIT $3`, t, after.before(), limit)
}

// ListByDepartment lists proposals a department was asked about, newest first, after the cursor.
func (r *Reader) ListByDepartment(ctx context.Context, d bot.DepartmentID, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.listOf(ctx, `SELECT proposal FROM referrals WHERE department = $1 AND proposal < $2 ORDER BY proposal DESC LIMIT $3`, d, after.before(), limit)
}

// ListAwaited lists open proposals of which a department still owes its answer, newest first, after the cursor; with a day
// only those whose date was before it. The open ones are found first: the unanswered referrals of what has ended grow with
// the archive.
func (r *Reader) ListAwaited(ctx context.Context, d bot.DepartmentID, before time.Time, after Cursor, limit int) ([]bot.Proposal, error) {
	found, err := all(ctx, r, scanProposal, `
		SELECT `+proposalColumns+` FROM proposals
		JOIN (
			SELECT p.id FROM proposals p, LATERAL (
				SELECT FROM referrals WHERE proposal = p.id AND department = $1 AND verdict = '' AND ($2::date IS NULL OR due < $2) OFFSET 0
			) f WHERE p.open AND p.id < $3 ORDER BY p.id DESC LIMIT $4
		) page ON page.id = proposals.id ORDER BY page.id DESC`,
		d, nullTime(before), after.before(), limit)
	if err != nil {
		return nil, fmt.Errorf("list what %s has not answered: %w", d, err)
	}
	return found, nil
}

// ListByOwner lists somebody's proposals in which something is owed, or without an owner those nobody has taken, the most
// urgent first, after the cursor.
func (r *Reader) ListByOwner(ctx context.Context, owner string, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE next_date IS NOT NULL AND owner = $1 AND (next_date, proposals.id) > ($2, $3)
		ORDER BY next_date, proposals.id LIMIT $4`, owner, after.Date, after.ID, limit)
}

// ListOpen lists all open proposals, the most urgent first, after the cursor.
func (r *Reader) ListOpen(ctx context.Context, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE open AND next_date IS NOT NULL AND (next_date, proposals.id) > ($1, $2)
		ORDER BY next_date, proposals.id LIMIT $3`, after.Date, after.ID, limit)
}

// ListEnded lists proposals that have ended and whose organization waits for an answer to what it has written since, the most
// urgent first, after the cursor.
func (r *Reader) ListEnded(ctx context.Context, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE NOT open AND next_date IS NOT NULL AND (next_date, proposals.id) > ($1, $2)
		ORDER BY next_date, proposals.id LIMIT $3`, after.Date, after.ID, limit)
}

// ListOverdue lists proposals whose next date is before today, the oldest first, after the cursor.
func (r *Reader) ListOverdue(ctx context.Context, today Cursor, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE next_date IS NOT NULL AND next_date < $1 AND (next_date, proposals.id) > ($2, $3)
		ORDER BY next_date, proposals.id LIMIT $4`, today.Date, after.Date, after.ID, limit)
}

func (r *Reader) list(ctx context.Context, rest string, args ...any) ([]bot.Proposal, error) {
	found, err := all(ctx, r, scanProposal, `SELECT `+proposalColumns+` FROM proposals `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	return found, nil
}

// listOf lists the proposals of a page of ids. The page is cut before the join: joined first, Postgres likes to walk
// through all newer proposals to get to a page in the middle.
func (r *Reader) listOf(ctx context.Context, page string, args ...any) ([]bot.Proposal, error) {
	return r.list(ctx, `JOIN (`+page+`) page ON page.proposal = proposals.id ORDER BY page.proposal DESC`, args...)
}

// before is the id that newest-first pages stay below; a zero cursor starts at the newest.
func (c Cursor) before() bot.ProposalID {
	if c.ID == 0 {
		return 1<<63 - 1
	}
	return c.ID
}
