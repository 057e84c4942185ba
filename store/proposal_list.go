package store

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
)

// ListByState lists proposals in a state, newest first, after the cursor.
func (r *Reader) ListByState(ctx context.Context, s proposal.State, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE state = $1 AND proposals.id < $2 ORDER BY proposals.id DESC LIMIT $3`, s, after.before(), limit)
}

// ListByTopic lists proposals of a topic, newest first, after the cursor.
func (r *Reader) ListByTopic(ctx context.Context, t bot.TopicID, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `JOIN topics ON topics.proposal = proposals.id
		WHERE topics.topic = $1 AND topics.proposal < $2 ORDER BY topics.proposal DESC LIMIT $3`, t, after.before(), limit)
}

// ListByDepartment lists proposals a department was asked about, newest first, after the cursor.
func (r *Reader) ListByDepartment(ctx context.Context, d bot.DepartmentID, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `JOIN referrals ON referrals.proposal = proposals.id
		WHERE referrals.department = $1 AND referrals.proposal < $2 ORDER BY referrals.proposal DESC LIMIT $3`, d, after.before(), limit)
}

// ListByOwner lists somebody's open proposals, the most urgent first, after the cursor.
func (r *Reader) ListByOwner(ctx context.Context, owner string, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE open AND owner = $1 AND (next_date, proposals.id) > ($2, $3)
		ORDER BY next_date, proposals.id LIMIT $4`, owner, after.Date, after.ID, limit)
}

// ListOpen lists all open proposals, the most urgent first, after the cursor.
func (r *Reader) ListOpen(ctx context.Context, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE open AND (next_date, proposals.id) > ($1, $2)
		ORDER BY next_date, proposals.id LIMIT $3`, after.Date, after.ID, limit)
}

// ListOverdue lists open proposals whose next date is before today, the oldest first, after the cursor.
func (r *Reader) ListOverdue(ctx context.Context, today Cursor, after Cursor, limit int) ([]bot.Proposal, error) {
	return r.list(ctx, `WHERE open AND next_date < $1 AND (next_date, proposals.id) > ($2, $3)
		ORDER BY next_date, proposals.id LIMIT $4`, today.Date, after.Date, after.ID, limit)
}

// Search lists proposals whose number, organization and title together hold all the words, newest first, after the
// cursor. Words of a single letter are too short to look for and give a bot.Invalid error.
func (r *Reader) Search(ctx context.Context, query string, after Cursor, limit int) ([]bot.Proposal, error) {
	pairs := words(strings.Fields(query)...)
	if len(pairs) == 0 {
		return nil, bot.Refuse(bot.Invalid, "desk.search.short")
	}
	return r.list(ctx, `WHERE words @> $1 AND proposals.id < $2 ORDER BY proposals.id DESC LIMIT $3`, pairs, after.before(), limit)
}

func (r *Reader) list(ctx context.Context, rest string, args ...any) ([]bot.Proposal, error) {
	found, err := all(ctx, r, scanProposal, `SELECT `+proposalColumns+` FROM proposals `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	return found, nil
}

// before is the id that newest-first pages stay below; a zero cursor starts at the newest.
func (c Cursor) before() bot.ProposalID {
	if c.ID == 0 {
		return 1<<63 - 1
	}
	return c.ID
}

// words are the pairs of neighbouring letters of all texts, folded in width and case: Japanese has no spaces to cut at,
// and pairs find 福祉 within 地域福祉課.
func words(texts ...string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, t := range texts {
		letters := []rune(fold(t))
		for i := 0; i+1 < len(letters); i++ {
			pair := string(letters[i : i+2])
			if !seen[pair] {
				seen[pair] = true
				out = append(out, pair)
			}
		}
	}
	return out
}

// fold brings width, composition and case to one form and leaves spaces out.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(width.Fold.String(s)))
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
