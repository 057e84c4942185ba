package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// DuePlace is where a draft stands among those that are due to be looked at.
type DuePlace struct {
	At time.Time
	ID bot.DraftID
}

// DueDraft is a draft that is due to be looked at, with the talk of its author, which is locked.
type DueDraft struct {
	Draft
	Talk  Talk
	Place DuePlace
}

// ClaimDueDraft gives the first draft after a place that still waits for answers and is due, and locks the talk of its
// author until the transaction ends, as everybody does who changes a draft. It waits for nobody: a draft whose talk is
// held, by another process that looks or by its author, is passed over. bot.NotFound if there is none.
func (tx *Tx) ClaimDueDraft(ctx context.Context, after DuePlace) (DueDraft, error) {
	d, err := one(ctx, &tx.Reader, scanDueDraft, dueDraft, after.At, after.ID, tx.Now)
	if err != nil {
		return d, fmt.Errorf("claim a due draft: %w", err)
	}
	d.Draft, err = tx.Draft(ctx, d.Place.ID) // asked again, since somebody may have changed it before the talk was locked
	return d, err
}

const dueDraft = `
	SELECT due, due_id, ` + talkColumns + ` FROM (
		SELECT d.due, d.id AS due_id, c.* FROM drafts d JOIN contacts c ON c.id = d.contact
		WHERE d.state IN ('open', 'paused') AND (d.due, d.id) > ($1, $2) AND d.due <= $3
		ORDER BY d.due, d.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
	) first`

func scanDueDraft(row pgx.CollectableRow) (d DueDraft, err error) {
	return d, row.Scan(append([]any{&d.Place.At, &d.Place.ID}, d.Talk.columns()...)...)
}

// LookAtDraft sets when a draft is due to be looked at again.
func (tx *Tx) LookAtDraft(id bot.DraftID, due time.Time) {
	tx.write("look at draft", `UPDATE drafts SET due = $2 WHERE id = $1`, id, due)
}

// Reminded notes that the author of a draft is reminded of it, and when it is due to be looked at again.
func (tx *Tx) Reminded(id bot.DraftID, due time.Time) {
	tx.write("note reminder", `UPDATE drafts SET reminded_at = $2, due = $3 WHERE id = $1`, id, tx.Now, due)
}
