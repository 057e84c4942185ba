package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
)

// gathered are the writes of almost every event, kept until something else is asked of the transaction: in a
// transaction of many people's events each kind then goes in one statement. A statement costs Postgres more than a row.
// No two rows of one kind may concern the same talk, answer or lane; the second lets the first go before.
type gathered struct {
	talks   []Talk
	answers []savedAnswer
	puts    []put
	counter *counter
}

type savedAnswer struct {
	draft    bot.DraftID
	field    string
	answer   json.RawMessage
	revision int64
	from     Source
}

// put is a delivery at a place in posted, with its Args in JSON.
type put struct {
	place int
	args  string
}

// spill queues what is gathered, so that what is queued next finds it written.
func (tx *Tx) spill() {
	g := tx.gathered
	tx.gathered = gathered{}
	if len(g.talks) > 0 {
		tx.queueTalks(g.talks)
	}
	if len(g.answers) > 0 {
		tx.queueAnswers(g.answers)
	}
	if len(g.puts) > 0 {
		tx.queuePuts(g.puts)
	}
	if g.counter != nil {
		tx.queueCounter(*g.counter)
	}
}

func (tx *Tx) queueTalks(list []Talk) {
	n := len(list)
	ids, drafts, revisions, blocked := make([]int64, n), make([]int64, n), make([]int64, n), make([]bool, n)
	organizations, names, states, heard := make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, t := range list {
		ids[i], drafts[i], revisions[i], blocked[i] = int64(t.ID), int64(t.Draft), t.Revision, t.Blocked
		organizations[i], names[i], states[i], heard[i] = t.Organization, t.Name, string(t.State), t.HeardAt
	}
	tx.queueAny(`
		UPDATE contacts c SET organization = n.organization, name = n.name, draft = NULLIF(n.draft, 0), talk = n.talk::jsonb,
			revision = n.revision, heard_at = n.heard_at,
			blocked_at = CASE WHEN n.blocked THEN COALESCE(c.blocked_at, $9) END
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::timestamptz[], $8::bool[])
			AS n (id, organization, name, draft, talk, revision, heard_at, blocked)
		WHERE c.id = n.id`, ids, organizations, names, drafts, states, revisions, heard, blocked, tx.Now)
}

func (tx *Tx) queueAnswers(list []savedAnswer) {
	n := len(list)
	drafts, revisions := make([]int64, n), make([]int64, n)
	fields, answers, messages, said := make([]string, n), make([]string, n), make([]string, n), make([]*time.Time, n)
	for i, a := range list {
		drafts[i], fields[i], answers[i], revisions[i], messages[i] = int64(a.draft), a.field, string(a.answer), a.revision, a.from.Message
		said[i] = nullTime(a.from.At)
	}
	tx.queueAny(`
		INSERT INTO answers (draft, field, answer, revision, message, said_at, at)
		SELECT draft, field, answer::jsonb, revision, message, said_at, $7
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[])
			AS n (draft, field, answer, revision, message, said_at)
		ON CONFLICT (draft, field) DO UPDATE
		SET answer = excluded.answer, revision = excluded.revision, message = excluded.message, said_at = excluded.said_at,
			at = excluded.at`,
		drafts, fields, answers, revisions, messages, said, tx.Now)
}

// queuePuts looks at each lane's last one only: with order kept by Prev, the ones before it need not be asked. What waits
// for its time lets all behind it wait as long, so that nobody looks at them in vain. NOTIFY makes commits wait for each
// other, so it is used only when another process must hear of it, never on the usual path.
// https://www.postgresql.org/docs/current/sql-notify.html
func (tx *Tx) queuePuts(list []put) {
	tx.queueRows(func(rows pgx.Rows) error { return tx.placed(rows) }, `
		WITH these AS (
			SELECT d.*, last.seq AS last_seq, last.leased_by AS last_by, GREATEST(d.at, last.not_before) AS not_before,
				CASE WHEN d.at <= $12 AND (last.seq IS NULL OR last.leased_by = $13) AND NOT `+held+` THEN $13::uuid END AS by
			FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[],
				$9::timestamptz[], $10::bigint[], $11::timestamptz[])
				AS d (place, id, lane, event, kind, args, matters, reply_token, token_at, proposal, at)
			LEFT JOIN LATERAL (
				SELECT seq, leased_by, not_before FROM deliveries
				WHERE lane = d.lane AND state = 'pending' ORDER BY seq DESC LIMIT 1
			) AS last ON true
		), put AS (
			INSERT INTO deliveries (id, lane, event, kind, args, matters, reply_token, token_at, proposal, not_before,
				created_at, leased_by, leased_until)
			SELECT id, lane, event, kind, args::jsonb, matters, reply_token, token_at, NULLIF(proposal, 0), not_before,
				$12, by, CASE WHEN by IS NOT NULL THEN $14::timestamptz END
			FROM these
			RETURNING id, seq, leased_by
		)
		SELECT place, put.seq, put.leased_by, COALESCE(last_seq, 0),
			CASE WHEN put.leased_by IS NULL AND last_by <> $13 THEN pg_notify('deliveries', lane)::text END
		FROM put JOIN these USING (id)`, tx.putArgs(list)...)
}

func (tx *Tx) putArgs(list []put) []any {
	n := len(list)
	at, ids, matters, proposals := make([]int32, n), make([][16]byte, n), make([]bool, n), make([]int64, n)
	lanes, events, kinds, args, tokens := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	tokenAt, notBefore := make([]*time.Time, n), make([]time.Time, n)
	for i, p := range list {
		d := tx.posted[p.place]
		at[i], ids[i], matters[i], proposals[i] = int32(p.place), d.ID, d.Matters, int64(d.Proposal)
		lanes[i], events[i], kinds[i], args[i], tokens[i] = string(d.Lane), d.Event, d.Kind, p.args, d.ReplyToken
		tokenAt[i], notBefore[i] = nullTime(d.TokenAt), d.NotBefore
	}
	return []any{at, ids, lanes, events, kinds, args, matters, tokens, tokenAt, proposals, notBefore,
		tx.Now, [16]byte(tx.db.self), tx.Now.Add(Lease)}
}

// placed reads where Postgres has put each, and whether it is ours to send.
func (tx *Tx) placed(rows pgx.Rows) error {
	for rows.Next() {
		var place int32
		var seq, prev int64
		var by zeronull.UUID
		if err := rows.Scan(&place, &seq, &by, &prev, nil); err != nil {
			return fmt.Errorf("put deliveries: %w", err)
		}
		d := &tx.posted[place]
		d.Seq, d.LeasedBy, d.Prev = seq, uuid.UUID(by), prev
		if d.LeasedBy != uuid.Nil {
			d.LeasedUntil = tx.Now.Add(Lease)
		}
	}
	return rows.Err()
}
