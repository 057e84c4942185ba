package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
	"tsunagi/bot/msg"
)

// Lease is how long a process may keep a delivery to itself; a send is bounded well below it.
const Lease = 20 * time.Second

// ReplyTokenLife is how long a LINE reply token is trusted. LINE promises one minute from the webhook.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
const ReplyTokenLife = 50 * time.Second

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
	NotBefore  time.Time // its lane waits for it
	CreatedAt  time.Time

	LeasedBy    uuid.UUID // uuid.Nil: nobody
	LeasedUntil time.Time
	Prev        int64 // Seq of the one before it in its lane that had not gone when this one was put or claimed; 0: none
	Again       bool  // was tried before, so it may have arrived

	// Message is the message if the flow has already composed it; kept in memory only, so that the usual delivery
	// need not read the facts again.
	Message *msg.Message
}

// DeliveryState is how far a delivery has come.
type DeliveryState string

// Pending: still to go. Sent: the platform has taken it. Dropped: there was nothing left to say, or it could only have
// gone with a reply token that is over. Dead: set aside, until somebody of the desk releases or drops it.
const (
	Pending DeliveryState = "pending"
	Sent    DeliveryState = "sent"
	Dropped DeliveryState = "dropped"
	Dead    DeliveryState = "dead"
)

// Lane is one direction of one chat.
type Lane string

// LineLane is the lane to one LINE user.
func LineLane(user string) Lane { return Lane("line/" + user) }

// SlackLane is the lane of one proposal in one channel; proposal 0 is what concerns the channel as a whole.
func SlackLane(channel string, p bot.ProposalID) Lane {
	return Lane(fmt.Sprintf("slack/%s/%d", channel, p))
}

// Platform is where the lane leads.
func (l Lane) Platform() bot.Platform {
	platform, _, _ := strings.Cut(string(l), "/")
	return bot.Platform(platform)
}

// Chat is whom the lane leads to: a LINE user id or a Slack channel id.
func (l Lane) Chat() string {
	_, rest, _ := strings.Cut(string(l), "/")
	chat, _, _ := strings.Cut(rest, "/")
	return chat
}

// Put queues deliveries in the order given. Each is leased to this process at once, unless something of the same lane
// is waiting that this process does not hold; then whoever finishes that takes it up.
func (tx *Tx) Put(ds ...Delivery) error {
	for _, d := range ds {
		if err := tx.put(d); err != nil {
			return err
		}
	}
	return nil
}

// put looks at the lane's last one only: with order kept by Prev, the ones before it need not be asked. What waits for
// its time lets all behind it wait as long, so that nobody looks at them in vain. NOTIFY makes
// commits wait for each other, so it is used only when another process must hear of it, never on the usual path.
// https://www.postgresql.org/docs/current/sql-notify.html
func (tx *Tx) put(d Delivery) error {
	args, err := json.Marshal(d.Args)
	if err != nil {
		return fmt.Errorf("put delivery %s: %w", d.Kind, err)
	}
	d = tx.fill(d)
	tx.posted = append(tx.posted, d)
	at := len(tx.posted) - 1
	tx.queueRow(func(row pgx.Row) error { return tx.posted[at].placed(row, tx.Now.Add(Lease)) }, `
		WITH last AS (
			SELECT seq, leased_by, not_before FROM deliveries WHERE lane = $2 AND state = 'pending' ORDER BY seq DESC LIMIT 1
		), mine AS (
			SELECT CASE WHEN $10::timestamptz <= $11::timestamptz
				AND NOT EXISTS (SELECT FROM last WHERE leased_by IS DISTINCT FROM $12::uuid) THEN $12::uuid END AS by
		), put AS (
			INSERT INTO deliveries (id, lane, event, kind, args, matters, reply_token, token_at, proposal, not_before,
				created_at, leased_by, leased_until)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, NULLIF($9::bigint, 0), GREATEST($10, (SELECT not_before FROM last)),
				$11, by, CASE WHEN by IS NOT NULL THEN $13::timestamptz END
			FROM mine
			RETURNING seq, leased_by
		)
		SELECT put.seq, put.leased_by, COALESCE((SELECT seq FROM last), 0), CASE
			WHEN put.leased_by IS NULL AND EXISTS (SELECT FROM last WHERE leased_by <> $12::uuid)
			THEN pg_notify('deliveries', $2)::text END
		FROM put`,
		[16]byte(d.ID), string(d.Lane), d.Event, d.Kind, args, d.Matters, d.ReplyToken, nullTime(d.TokenAt), int64(d.Proposal), d.NotBefore, tx.Now,
		[16]byte(tx.db.self), tx.Now.Add(Lease))
	return nil
}

// placed reads where Postgres has put it, and whether it is ours to send.
func (d *Delivery) placed(row pgx.Row, until time.Time) error {
	if err := row.Scan(&d.Seq, (*zeronull.UUID)(&d.LeasedBy), &d.Prev, nil); err != nil {
		return fmt.Errorf("put delivery %s: %w", d.Kind, err)
	}
	if d.LeasedBy != uuid.Nil {
		d.LeasedUntil = until
	}
	return nil
}

func (tx *Tx) fill(d Delivery) Delivery {
	if d.ID == uuid.Nil {
		d.ID = tx.db.newID()
	}
	d.CreatedAt = tx.Now
	if d.NotBefore.IsZero() {
		d.NotBefore = tx.Now
	}
	return d
}

// nullTime stores a zero time as NULL.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
