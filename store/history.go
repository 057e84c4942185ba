package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
)

// Entry is one line of a proposal's history: who did what, when and why.
type Entry struct {
	ID       int64
	Proposal bot.ProposalID
	Event    proposal.Event
	From, To proposal.State
	Actor    string // Slack or LINE user id; empty: time
	Why      string
	Details  map[string]string // ids: department, verdict, owner, message, waiting, again; until: a date
	At       time.Time
}

// AddEntry appends to a proposal's history and gives the entry's id.
func (tx *Tx) AddEntry(ctx context.Context, e Entry) (id int64, err error) {
	args, err := e.args(tx.Now)
	if err != nil {
		return 0, err
	}
	tx.queueRow(func(row pgx.Row) error { return row.Scan(&id) }, addEntry+` RETURNING id`, args...)
	if err := tx.flush(ctx); err != nil {
		return 0, fmt.Errorf("add entry %s of proposal %d: %w", e.Event, e.Proposal, err)
	}
	return id, nil
}

// Enter is AddEntry for an entry whose id nobody asks for, so that nobody waits for it.
func (tx *Tx) Enter(e Entry) error {
	args, err := e.args(tx.Now)
	if err == nil {
		tx.insert(addEntry, args...)
	}
	return err
}

const addEntry = `
	INSERT INTO history (proposal, event, from_state, to_state, actor, why, details, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func (e Entry) args(now time.Time) ([]any, error) {
	details, err := json.Marshal(e.Details)
	if e.Details == nil {
		details = []byte("{}")
	}
	if err != nil {
		return nil, fmt.Errorf("add entry %s: %w", e.Event, err)
	}
	return []any{e.Proposal, e.Event, e.From, e.To, e.Actor, e.Why, details, now}, nil
}

const entryColumns = `id, proposal, event, from_state, to_state, actor, why, details, at`

func scanEntry(row pgx.CollectableRow) (e Entry, err error) {
	var details []byte
	if err = row.Scan(&e.ID, &e.Proposal, &e.Event, &e.From, &e.To, &e.Actor, &e.Why, &details, &e.At); err != nil {
		return e, err
	}
	return e, json.Unmarshal(details, &e.Details)
}

// Entry reads one line of history; bot.NotFound if there is none.
func (r *Reader) Entry(ctx context.Context, id int64) (Entry, error) {
	return one(ctx, r, scanEntry, `SELECT `+entryColumns+` FROM history WHERE id = $1`, id)
}

// EntryOf reads the line of history that a delivery is about; bot.NotFound if there is none.
func (r *Reader) EntryOf(ctx context.Context, d Delivery) (Entry, error) {
	id, err := d.arg("entry")
	if err != nil {
		return Entry{}, err
	}
	return r.Entry(ctx, id)
}

// History lists the newest lines of a proposal's history, oldest of them first.
func (r *Reader) History(ctx context.Context, p bot.ProposalID, limit int) ([]Entry, error) {
	return all(ctx, r, scanEntry, `SELECT * FROM (
		SELECT `+entryColumns+` FROM history WHERE proposal = $1 ORDER BY id DESC LIMIT $2) newest ORDER BY 1`, p, limit)
}
