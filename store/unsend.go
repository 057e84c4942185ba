package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Unsend takes back a LINE message: its words and files are erased and a tombstone stays, also for one that arrives
// later. It gives the messages concerned.
func (tx *Tx) Unsend(ctx context.Context, lineMessage string) ([]Message, error) {
	tx.queueAny(`INSERT INTO tombstones (line_message, unsent_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, lineMessage, tx.Now)
	tx.queueAny(`DELETE FROM chunks USING files WHERE chunks.file = files.id AND files.line_message = $1`, lineMessage)
	tx.queueAny(`UPDATE files SET state = 'gone', name = '' WHERE line_message = $1`, lineMessage)
	tx.queueAny(`DELETE FROM held_words WHERE line_message = $1`, lineMessage)
	found, err := all(ctx, &tx.Reader, scanMessage, `
		UPDATE messages SET body = '', unsent_at = $2 WHERE line_message = $1 RETURNING `+messageColumns, lineMessage, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("unsend: %w", err)
	}
	return found, nil
}

// Handover is a delivery that has handed over a file, or may have.
type Handover struct {
	Delivery
	Receipt []byte // JSON; nil: it is in doubt whether it has arrived
}

// HandedOver lists the deliveries of a kind that have handed over, or may yet, the file that came as a LINE message.
func (r *Reader) HandedOver(ctx context.Context, kind, lineMessage string) ([]Delivery, error) {
	found, err := all(ctx, r, scanDelivery, `
		SELECT `+deliveryColumns+` FROM files JOIN deliveries d ON d.proposal = files.proposal
		WHERE files.line_message = $2 AND d.kind = $1 AND d.args->>'file' = files.id::text AND (d.state <> 'dropped' OR d.doubtful)
		ORDER BY d.seq`, kind, lineMessage)
	if err != nil {
		return nil, fmt.Errorf("look where a file was handed over: %w", err)
	}
	return found, nil
}

// Handover reads a delivery that has handed over a file, or may have; bot.NotFound if it surely has not.
func (r *Reader) Handover(ctx context.Context, id uuid.UUID) (Handover, error) {
	h, err := one(ctx, r, scanHandover, `
		SELECT `+deliveryColumns+`, d.receipt FROM deliveries d WHERE d.id = $1 AND (d.state = 'sent' OR d.doubtful)`, id)
	if err != nil {
		return h, fmt.Errorf("read handover %s: %w", id, err)
	}
	return h, nil
}

func scanHandover(row pgx.CollectableRow) (h Handover, err error) {
	err = row.Scan(append(h.columns(), &h.Receipt)...)
	return h, err
}

// UnsentAnswer is an answer whose author took back the message it came as.
type UnsentAnswer struct {
	Draft    bot.DraftID
	Field    string
	File     bot.FileID     // the one file taken back; 0: the whole answer
	Piece    bool           // it came as several messages, and only one of them is taken back
	Proposal bot.ProposalID // what the draft has become; 0: nothing yet
}

// UnsendAnswers finds the answers that came as a LINE message of a contact, and erases those given in these words alone: of
// others something is left, which the caller writes. LINE asks
// that a taken-back message be made unusable wherever it went.
// https://developers.line.biz/en/docs/messaging-api/receiving-messages/#processing-on-receipt-of-unsend-event
func (tx *Tx) UnsendAnswers(ctx context.Context, c bot.ContactID, lineMessage string) ([]UnsentAnswer, error) {
	words, err := all(ctx, &tx.Reader, scanUnsent, `
		DELETE FROM answers USING drafts
		WHERE answers.draft = drafts.id AND drafts.contact = $1 AND answers.message = $2 AND answer->'files' IS NULL AND answer->'pieces' IS NULL
		RETURNING drafts.id, field, 0, false, COALESCE((SELECT id FROM proposals WHERE proposals.draft = drafts.id), 0)`, c, lineMessage)
	if err != nil {
		return nil, fmt.Errorf("unsend answers: %w", err)
	}
	files, err := all(ctx, &tx.Reader, scanUnsent, `
		SELECT answers.draft, field, files.id, false, COALESCE(files.proposal, 0) FROM files JOIN answers ON answers.draft = files.draft
		WHERE files.contact = $1 AND files.line_message = $2
			AND answer->'files' @> jsonb_build_array(jsonb_build_object('id', files.id))`, c, lineMessage)
	if err != nil {
		return nil, fmt.Errorf("unsend files: %w", err)
	}
	pieces, err := all(ctx, &tx.Reader, scanUnsent, `
		SELECT drafts.id, field, 0, true, COALESCE((SELECT id FROM proposals WHERE proposals.draft = drafts.id), 0)
		FROM answers JOIN drafts ON drafts.id = answers.draft
		WHERE drafts.contact = $1 AND answer->'pieces' @> jsonb_build_array(jsonb_build_object('m', $2::text))`, c, lineMessage)
	if err != nil {
		return nil, fmt.Errorf("unsend parts of answers: %w", err)
	}
	return slices.Concat(words, files, pieces), nil
}

func scanUnsent(row pgx.CollectableRow) (u UnsentAnswer, err error) {
	err = row.Scan(&u.Draft, &u.Field, &u.File, &u.Piece, &u.Proposal)
	return u, err
}

// SaveParticular writes what is left of a submitted answer.
func (tx *Tx) SaveParticular(id bot.ProposalID, p Particular) error {
	raw, err := json.Marshal(p.Answer)
	if err != nil {
		return fmt.Errorf("save particular %s of proposal %d: %w", p.Field, id, err)
	}
	tx.queueAny(`UPDATE particulars SET answer = $3, shown = $4 WHERE proposal = $1 AND field = $2`, id, p.Field, raw, p.Shown)
	tx.renameProposal(id, p)
	return nil
}

// renameProposal changes what the proposal itself repeats of an answer. Search no longer finds it by what was taken back.
func (tx *Tx) renameProposal(id bot.ProposalID, p Particular) {
	switch p.Field {
	case "title", "organization", "contact_name":
		tx.queueAny(`
			UPDATE proposals SET title = CASE WHEN $2 = 'title' THEN $3 ELSE title END,
				organization = CASE WHEN $2 = 'organization' THEN $3 ELSE organization END,
				contact_name = CASE WHEN $2 = 'contact_name' THEN $3 ELSE contact_name END
			WHERE id = $1`, id, p.Field, p.Answer.Text)
		tx.queueAny(`DELETE FROM words WHERE proposal = $1 AND $2 <> 'contact_name'`, id, p.Field)
	case "topic":
		tx.queueAny(`UPDATE proposals SET topics = $2 WHERE id = $1`, id, p.Answer.Choices)
		tx.queueAny(`DELETE FROM topics WHERE proposal = $1 AND topic <> ALL ($2)`, id, p.Answer.Choices)
	}
}

// Erased stands in place of a name or a title that its author took back.
const Erased = "—"

// HideParticular erases a submitted answer, also where the proposal itself repeats it. Who reads it sees that it was
// taken back.
func (tx *Tx) HideParticular(p bot.ProposalID, field string) {
	tx.queueAny(`UPDATE particulars SET unsent = true, shown = '', answer = '{}' WHERE proposal = $1 AND field = $2`, p, field)
	tx.queueAny(`
		UPDATE proposals SET title = CASE WHEN $2 = 'title' THEN $3 ELSE title END,
			organization = CASE WHEN $2 = 'organization' THEN $3 ELSE organization END,
			contact_name = CASE WHEN $2 = 'contact_name' THEN $3 ELSE contact_name END,
			topics = CASE WHEN $2 = 'topic' THEN '{}' ELSE topics END
		WHERE id = $1`, p, field, Erased)
	tx.queueAny(`DELETE FROM topics WHERE proposal = $1 AND $2 = 'topic'`, p, field)
	tx.queueAny(`DELETE FROM words WHERE proposal = $1 AND $2 IN ('title', 'organization')`, p, field)
}
