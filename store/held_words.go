package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/form"
)

// HeldWords are words that were typed and belong to no question that can be told, until their writer says what they were.
type HeldWords struct {
	ID      bot.HeldID
	Contact bot.ContactID
	Draft   bot.DraftID // at which they were typed; 0: none
	Field   string      // at which they were typed; empty: none, or not known
	Level   form.Level
	Source
	Body string
}

// HoldWords keeps words.
func (tx *Tx) HoldWords(h HeldWords) {
	tx.insert(`
		INSERT INTO held_words (contact, draft, field, level, line_message, body, said_at, held_at)
		VALUES ($1, NULLIF($2, 0), $3, $4, $5, $6, $7, $8)`, h.Contact, int64(h.Draft), h.Field, h.Level, h.Message, h.Body, h.At, tx.Now)
}

// HeldWords lists what is held of a contact, in the order in which it was typed.
func (r *Reader) HeldWords(ctx context.Context, c bot.ContactID) ([]HeldWords, error) {
	found, err := all(ctx, r, scanHeldWords, `
		SELECT id, contact, COALESCE(draft, 0), field, level, line_message, said_at, body
		FROM held_words WHERE contact = $1 ORDER BY said_at, id`, c)
	if err != nil {
		return nil, fmt.Errorf("list held words of contact %d: %w", c, err)
	}
	return found, nil
}

func scanHeldWords(row pgx.CollectableRow) (h HeldWords, err error) {
	err = row.Scan(&h.ID, &h.Contact, &h.Draft, &h.Field, &h.Level, &h.Message, &h.At, &h.Body)
	return h, err
}

// LetGo erases held words of which their writer has said what they were.
func (tx *Tx) LetGo(ids ...bot.HeldID) {
	tx.queueAny(`DELETE FROM held_words WHERE id = ANY ($1)`, ids)
}
