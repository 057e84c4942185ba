package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/msg"
)

// Lease is how long a process may keep a delivery to itself; a send is bounded well below it.
const Lease = 20 * time.Second

// Delivery is one message that must reach LINE or Slack: one call to the platform.
//
// Within a lane deliveries go out in the order of Seq. Whoever writes into a lane holds the lock of what the lane
// belongs to (a contact's row for line/U…, a proposal's row for slack/C…/12), so that order of Seq is order of commit.
type Delivery struct {
	ID         uuid.UUID
	Seq        int64
	Lane       Lane
	Event      string            // id of the event that caused it, for the log
	Kind       string            // names the composer that makes its message from the facts
	Args       map[string]string // ids and catalogue keys, never content
	Matters    bool              // may cost a push; else it may be lost with its reply token
	ReplyToken string
	TokenAt    time.Time
	Proposal   bot.ProposalID // whose thread reads how it went; 0: none
	Tries      int
	NotBefore  time.Time
	LeasedBy   uuid.UUID
	CreatedAt  time.Time

	// Message is the message if the flow has already composed it; kept in memory only, so that the usual delivery
	// need not read the facts again.
	Message *msg.Message
}

// Lane is one direction of one chat.
type Lane string

// LineLane is the lane to one LINE user.
func LineLane(user string) Lane { return Lane("line/" + user) }

// SlackLane is the lane of one proposal in one channel; proposal 0 is what concerns the channel as a whole.
func SlackLane(channel string, p bot.ProposalID) Lane {
	return Lane(fmt.Sprintf("slack/%s/%d", channel, p))
}

// Put queues deliveries in the order given. Each is leased to this process at once unless another process still has
// earlier ones of the same lane in hand; then whoever finishes those takes it up, woken by NOTIFY.
func (tx *Tx) Put(ds ...Delivery) error {
	for _, d := range ds {
		if err := tx.put(d); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) put(d Delivery) error {
	args, err := json.Marshal(d.Args)
	if err != nil {
		return fmt.Errorf("put delivery %s: %w", d.Kind, err)
	}
	if d.ID == uuid.Nil {
		d.ID = tx.db.newID()
	}
	d.CreatedAt = tx.Now
	if d.NotBefore.IsZero() {
		d.NotBefore = tx.Now
	}
	tx.posted = append(tx.posted, d)
	at := len(tx.posted) - 1
	tx.queueRow(func(row pgx.Row) error {
		var by *uuid.UUID
		if err := row.Scan(&tx.posted[at].Seq, &by); err != nil {
			return fmt.Errorf("put delivery %s: %w", d.Kind, err)
		}
		if by != nil {
			tx.posted[at].LeasedBy = *by
		}
		return nil
	}, `
		INSERT INTO deliveries (id, lane, event, kind, args, matters, reply_token, token_at, proposal, not_before, created_at, leased_by, leased_until)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, NULLIF($9, 0), $10, $11, mine.by, CASE WHEN mine.by IS NULL THEN NULL ELSE $13::timestamptz END
		FROM (SELECT CASE WHEN $10 > $11 OR EXISTS (
			SELECT FROM deliveries WHERE lane = $2 AND state = 'pending' AND leased_by IS DISTINCT FROM $12::uuid
		) THEN NULL ELSE $12::uuid END AS by) mine
		RETURNING seq, leased_by`,
		d.ID, d.Lane, d.Event, d.Kind, args, d.Matters, d.ReplyToken, nullTime(d.TokenAt), int64(d.Proposal), d.NotBefore, tx.Now,
		tx.db.self, tx.Now.Add(Lease))
	return nil
}

// nullTime stores a zero time as NULL.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
