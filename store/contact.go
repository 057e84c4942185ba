package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
)

// Talk is one contact together with where its talk with the desk stands.
type Talk struct {
	bot.Contact
	Draft    bot.DraftID     // 0: no draft is open
	State    json.RawMessage // the session without the answers, as the concierge writes it
	Revision int64
	HeardAt  time.Time // time of the newest event taken from this person
}

// Heard is what there is to know before an event is handled.
type Heard struct {
	Talk
	Fresh     bool // it was not taken before; else nothing may be written
	TakenBack bool // its author has taken the message back before it came
}

const talkColumns = `id, line_user, organization, name, blocked_at IS NOT NULL, COALESCE(draft, 0), talk, revision, heard_at`

func scanTalk(row pgx.CollectableRow) (t Talk, err error) {
	err = row.Scan(t.columns()...)
	return t, err
}

// columns are where the talkColumns go.
func (t *Talk) columns() []any {
	return []any{&t.ID, &t.LineUser, &t.Organization, &t.Name, &t.Blocked, &t.Draft, &t.State, &t.Revision, &t.HeardAt}
}

// Hear takes an event of a person on LINE: it locks the person's talk until the transaction ends, so that one person's
// events are handled one after the other on any number of replicas, and enters the event id into the inbox. fresh is
// false for an event that was taken before; then nothing may be written. A new person gets a contact.
func (tx *Tx) Hear(ctx context.Context, event, lineUser string) (t Talk, fresh bool, err error) {
	h, err := tx.HearMessage(ctx, event, lineUser, "")
	return h.Talk, h.Fresh, err
}

// HearMessage is Hear for an event that brings a LINE message: a person who takes it back may be quicker than it is. That
// is asked once the talk is locked, in the same round trip.
func (tx *Tx) HearMessage(ctx context.Context, event, lineUser, message string) (h Heard, err error) {
	tx.queueRow(func(row pgx.Row) error { return row.Scan(h.Talk.columns()...) }, meetAlone, lineUser, tx.Now)
	tx.queueTaken(event, &h.Fresh)
	if message != "" {
		tx.queueRow(func(row pgx.Row) error { return row.Scan(&h.TakenBack) },
			`SELECT EXISTS (SELECT FROM tombstones WHERE line_message = $1)`, message)
	}
	if err = tx.flush(ctx); err != nil {
		return Heard{}, fmt.Errorf("hear event %s: %w", event, err)
	}
	return h, nil
}

// meetAlone waits for the talk of a person, who is entered if never heard of before; two first events at once meet the same
// contact.
const meetAlone = `
	WITH known AS (
		SELECT * FROM contacts WHERE line_user = $1 FOR UPDATE
	), met AS (
		INSERT INTO contacts (line_user, heard_at, created_at) SELECT $1, 'epoch', $2 WHERE NOT EXISTS (SELECT FROM known)
		ON CONFLICT (line_user) DO UPDATE SET line_user = excluded.line_user RETURNING *
	)
	SELECT ` + talkColumns + ` FROM known UNION ALL SELECT ` + talkColumns + ` FROM met`

// SaveTalk writes where the talk stands now and moves its revision on by one; it returns the new revision. The caller
// holds the talk, so its row is there.
func (tx *Tx) SaveTalk(t Talk) int64 {
	if slices.ContainsFunc(tx.gathered.talks, func(other Talk) bool { return other.ID == t.ID }) {
		tx.spill()
	}
	t.Revision++
	tx.gathered.talks = append(tx.gathered.talks, t)
	return t.Revision
}

// LockTalk holds a contact with its talk until the transaction ends; who puts deliveries into its lane must hold it.
func (tx *Tx) LockTalk(ctx context.Context, id bot.ContactID) (Talk, error) {
	t, err := one(ctx, &tx.Reader, scanTalk, `SELECT `+talkColumns+` FROM contacts WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return t, fmt.Errorf("lock talk of contact %d: %w", id, err)
	}
	return t, nil
}

// Contact reads a contact; bot.NotFound if there is none.
func (r *Reader) Contact(ctx context.Context, id bot.ContactID) (bot.Contact, error) {
	t, err := one(ctx, r, scanTalk, `SELECT `+talkColumns+` FROM contacts WHERE id = $1`, id)
	return t.Contact, err
}

// TalkOf reads where the talk with a LINE user stands, without locking it; bot.NotFound if never heard of.
func (r *Reader) TalkOf(ctx context.Context, lineUser string) (Talk, error) {
	return one(ctx, r, scanTalk, `SELECT `+talkColumns+` FROM contacts WHERE line_user = $1`, lineUser)
}

// ContactLane is the lane of what one contact has said to no proposal, in one channel.
func ContactLane(channel string, c bot.ContactID) Lane {
	return Lane(fmt.Sprintf("slack/%s/c%d", channel, c))
}

// LockContactOf holds the contact of a proposal until the transaction ends; bot.NotFound if there is no such proposal.
func (tx *Tx) LockContactOf(ctx context.Context, p bot.ProposalID) error {
	_, err := one(ctx, &tx.Reader, pgx.RowTo[bot.ContactID], `
		SELECT id FROM contacts WHERE id = (SELECT contact FROM proposals WHERE id = $1) FOR UPDATE`, p)
	if err != nil {
		return fmt.Errorf("lock contact of proposal %d: %w", p, err)
	}
	return nil
}

// LockContactsOf holds the contacts of several proposals until the transaction ends, in the one order in which several are
// held: by their ids.
func (tx *Tx) LockContactsOf(ctx context.Context, ps []bot.ProposalID, people []bot.ContactID) error {
	_, err := all(ctx, &tx.Reader, pgx.RowTo[bot.ContactID], `
		SELECT id FROM contacts WHERE id = ANY ($2) OR id IN (SELECT contact FROM proposals WHERE id = ANY ($1)) ORDER BY id FOR UPDATE`,
		ps, people)
	if err != nil {
		return fmt.Errorf("lock contacts of %d proposals, and %d more: %w", len(ps), len(people), err)
	}
	return nil
}
