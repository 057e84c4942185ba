package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
	"tsunagi/bot/form"
)

// DraftState tells whether a draft still waits for answers, and how it ended.
type DraftState string

// The states of a draft.
const (
	DraftOpen      DraftState = "open"
	DraftPaused    DraftState = "paused"
	DraftSubmitted DraftState = "submitted"
	DraftCancelled DraftState = "cancelled"
	DraftDeclined  DraftState = "declined" // by the profile's rules
	DraftExpired   DraftState = "expired"
)

// Draft is the answers given so far, before submission.
type Draft struct {
	ID        bot.DraftID
	Contact   bot.ContactID
	Form      string
	Version   string
	State     DraftState
	CreatedAt time.Time
	Answers   map[string]form.Answer

	TouchedAt  time.Time // when its author was last at it
	RemindedAt time.Time // zero: never
}

// OpenDraft begins a draft on a form's version and gives its id. due is when to look whether it was left alone.
func (tx *Tx) OpenDraft(ctx context.Context, c bot.ContactID, f form.Form, due time.Time) (bot.DraftID, error) {
	id, err := tx.db.drafts.next(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("open draft of contact %d: %w", c, err)
	}
	tx.insertFirst(`
		INSERT INTO drafts (id, contact, form, version, state, created_at, touched_at, due) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, 'open', $5, $5, $6)`, id, c, f.ID, f.Version, tx.Now, due)
	return id, nil
}

// draftIDs are ids that Postgres has given to this process and that no draft has yet. Many are asked for at once: a draft
// is then written without waiting to hear its id. Those left over when the process ends are given to nobody.
type draftIDs struct {
	mu   sync.Mutex
	free []bot.DraftID
}

const draftIDsAtOnce = 64

func (d *draftIDs) next(ctx context.Context, tx *Tx) (bot.DraftID, error) {
	if id, ok := d.take(); ok {
		return id, nil
	}
	ids, err := all(ctx, &tx.Reader, pgx.RowTo[bot.DraftID], `
		SELECT nextval(pg_get_serial_sequence('drafts', 'id')) FROM generate_series(1, $1)`, draftIDsAtOnce)
	if err != nil {
		return 0, fmt.Errorf("get ids: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free = append(d.free, ids[1:]...)
	return ids[0], nil
}

func (d *draftIDs) take() (id bot.DraftID, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.free) == 0 {
		return 0, false
	}
	id, d.free = d.free[0], d.free[1:]
	return id, true
}

// SetDraft writes the state of a draft, and the version of the form it is on now.
func (tx *Tx) SetDraft(id bot.DraftID, s DraftState, version string) {
	ended := s != DraftOpen && s != DraftPaused
	tx.write("set draft", `
		UPDATE drafts SET state = $2, version = $3, touched_at = $5, ended_at = CASE WHEN $4 THEN $5::timestamptz END WHERE id = $1`,
		id, s, version, ended, tx.Now)
}

// TouchDraft notes that its author has come back to a draft, though without an answer.
func (tx *Tx) TouchDraft(id bot.DraftID) {
	tx.write("touch draft", `UPDATE drafts SET touched_at = $2 WHERE id = $1`, id, tx.Now)
}

// DropDraft ends a draft that was given up, turned away or left alone. Its answers and files are erased, as the person was
// told.
func (tx *Tx) DropDraft(id bot.DraftID, s DraftState) {
	tx.write("drop draft", `UPDATE drafts SET state = $2, ended_at = $3 WHERE id = $1`, id, s, tx.Now)
	tx.queueAny(`DELETE FROM answers WHERE draft = $1`, id)
	tx.queueAny(`DELETE FROM held_words WHERE draft = $1`, id)
	tx.eraseFilesOf(id, []int64{})
}

// Source is what an answer came as: the id of the LINE message, so that taking the message back takes the answer back, and
// LINE's time of it. A pressed button has no message.
type Source struct {
	Message string
	At      time.Time
}

// SaveAnswer writes one accepted answer, over an earlier one of the same field.
func (tx *Tx) SaveAnswer(d bot.DraftID, field string, a form.Answer, revision int64, from Source) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("save answer %s of draft %d: %w", field, d, err)
	}
	if slices.ContainsFunc(tx.gathered.answers, func(a savedAnswer) bool { return a.draft == d && a.field == field }) {
		tx.spill()
	}
	tx.gathered.answers = append(tx.gathered.answers, savedAnswer{d, field, raw, revision, from})
	return nil
}

// DropAnswer removes an answer that no longer fits the form.
func (tx *Tx) DropAnswer(d bot.DraftID, field string) {
	tx.queueAny(`DELETE FROM answers WHERE draft = $1 AND field = $2`, d, field)
}

// SourceOf tells what an answer of a draft came as; bot.NotFound if there is no such answer.
func (r *Reader) SourceOf(ctx context.Context, d bot.DraftID, field string) (Source, error) {
	s, err := one(ctx, r, pgx.RowToStructByPos[Source], `
		SELECT message, COALESCE(said_at, at) FROM answers WHERE draft = $1 AND field = $2`, d, field)
	if err != nil {
		return s, fmt.Errorf("read what answer %s of draft %d came as: %w", field, d, err)
	}
	return s, nil
}

// Draft reads a draft with its answers; bot.NotFound if there is none.
func (r *Reader) Draft(ctx context.Context, id bot.DraftID) (Draft, error) {
	d, err := one(ctx, r, scanDraft, `
		SELECT id, contact, form, version, state, created_at, reminded_at, GREATEST(touched_at, at), COALESCE(given, '{}')
		FROM drafts, LATERAL (SELECT jsonb_object_agg(field, answer) AS given, max(at) AS at FROM answers WHERE draft = drafts.id) a
		WHERE id = $1`, id)
	if err != nil {
		return Draft{}, fmt.Errorf("read draft %d: %w", id, err)
	}
	return d, nil
}

// AskedAt tells whether a form was under way with a contact at a moment, whatever has become of it since.
func (r *Reader) AskedAt(ctx context.Context, c bot.ContactID, at time.Time) (bool, error) {
	asked, err := one(ctx, r, pgx.RowTo[bool], `
		SELECT EXISTS (SELECT FROM drafts WHERE contact = $1 AND created_at <= $2 AND COALESCE(ended_at, 'infinity') >= $2)`, c, at)
	if err != nil {
		return false, fmt.Errorf("look for forms of contact %d: %w", c, err)
	}
	return asked, nil
}

func scanDraft(row pgx.CollectableRow) (d Draft, err error) {
	var raw []byte
	reminded := (*zeronull.Timestamptz)(&d.RemindedAt)
	err = row.Scan(&d.ID, &d.Contact, &d.Form, &d.Version, &d.State, &d.CreatedAt, reminded, &d.TouchedAt, &raw)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(raw, &d.Answers)
}

// Refuse keeps a record that the profile's rules turned somebody away before there was a proposal.
func (tx *Tx) Refuse(c bot.ContactID, field, choice string) {
	tx.insert(`INSERT INTO refusals (contact, field, choice, at) VALUES ($1, $2, $3, $4)`, c, field, choice, tx.Now)
}
