package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Sound is an event of a person on LINE, with the message it brings, if any.
type Sound struct{ Event, LineUser, Message string }

// HearTogether is HearMessage for events of different people in one transaction, which costs Postgres a third of what as
// many transactions do. It waits for nobody that is known: whoever's talk another transaction holds is not among the
// answers, which are by event, and is for HearMessage.
func (tx *Tx) HearTogether(ctx context.Context, sounds []Sound) (map[string]Heard, error) {
	heard := make(map[string]Heard, len(sounds))
	tx.queueHeard(heard, `SELECT * FROM contacts WHERE line_user = ANY ($2) FOR UPDATE SKIP LOCKED`, sounds)
	takenBack := tx.queueTakenBack(sounds)
	if err := tx.flush(ctx); err != nil {
		return nil, fmt.Errorf("hear %d events: %w", len(sounds), err)
	}
	if err := tx.meetTogether(ctx, heard, sounds); err != nil {
		return nil, fmt.Errorf("hear %d events: %w", len(sounds), err)
	}
	for _, s := range sounds {
		if h, ok := heard[s.Event]; ok && takenBack[s.Message] {
			h.TakenBack = true
			heard[s.Event] = h
		}
	}
	return heard, nil
}

// queueHeard enters the events of those that the question finds into the inbox, and no others.
func (tx *Tx) queueHeard(heard map[string]Heard, here string, sounds []Sound) {
	events, users := make([]string, len(sounds)), make([]string, len(sounds))
	for i, s := range sounds {
		events[i], users[i] = s.Event, s.LineUser
	}
	tx.queueRows(func(rows pgx.Rows) error {
		for rows.Next() {
			var event string
			var h Heard
			if err := rows.Scan(append(h.Talk.columns(), &event, &h.Fresh)...); err != nil {
				return err
			}
			heard[event] = h
		}
		return rows.Err()
	}, `
		WITH here AS (`+here+`), sounds AS (
			SELECT event, here.* FROM unnest($1::text[], $2::text[]) AS s (event, who) JOIN here ON line_user = who
		), taken AS (
			INSERT INTO inbox (id, taken_at) SELECT event, $3 FROM sounds ON CONFLICT (id) DO NOTHING RETURNING id
		)
		SELECT `+talkColumns+`, event, EXISTS (SELECT FROM taken WHERE taken.id = event) FROM sounds`, events, users, tx.Now)
}

// meetTogether enters those never heard of before; whoever is being entered by somebody else is left to that. Postgres
// waits until that is done, so everybody enters them in one order: two that meet the same people do not wait for each other.
func (tx *Tx) meetTogether(ctx context.Context, heard map[string]Heard, sounds []Sound) error {
	var strangers []Sound
	for _, s := range sounds {
		if _, known := heard[s.Event]; !known {
			strangers = append(strangers, s)
		}
	}
	if len(strangers) == 0 {
		return nil
	}
	tx.queueHeard(heard, `
		INSERT INTO contacts (line_user, heard_at, created_at) SELECT who, 'epoch', $3 FROM unnest($2::text[]) AS s (who) ORDER BY who
		ON CONFLICT (line_user) DO NOTHING RETURNING *`, strangers)
	return tx.flush(ctx)
}

// queueTakenBack finds the messages that their authors have taken back before they came. It is asked in a statement of
// its own, after the talks are locked, as in HearMessage.
func (tx *Tx) queueTakenBack(sounds []Sound) map[string]bool {
	found := map[string]bool{}
	var messages []string
	for _, s := range sounds {
		if s.Message != "" {
			messages = append(messages, s.Message)
		}
	}
	if len(messages) > 0 {
		tx.queueRows(func(rows pgx.Rows) error {
			gone, err := pgx.CollectRows(rows, pgx.RowTo[string])
			for _, m := range gone {
				found[m] = true
			}
			return err
		}, `SELECT line_message FROM tombstones WHERE line_message = ANY ($1)`, messages)
	}
	return found
}
