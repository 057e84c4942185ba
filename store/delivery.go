package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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

	// TriedUntil is by when whoever may have tried it had ended, since its lease had run out; zero: that is not known.
	TriedUntil time.Time

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

// In is the lane of the same proposal in another Slack channel; no channel: the lane itself.
func (l Lane) In(channel string) Lane {
	if channel == "" || l.Platform() != bot.Slack {
		return l
	}
	_, of, _ := strings.Cut(strings.TrimPrefix(string(l), "slack/"), "/")
	return Lane("slack/" + channel + "/" + of)
}

// Put queues deliveries in the order given. Each is leased to this process at once, unless something of the same lane
// is waiting that this process does not hold; then whoever finishes that takes it up.
func (tx *Tx) Put(ds ...Delivery) error {
	for _, d := range ds {
		args, err := json.Marshal(d.Args)
		if err != nil {
			return fmt.Errorf("put delivery %s: %w", d.Kind, err)
		}
		if slices.ContainsFunc(tx.gathered.puts, func(p put) bool { return tx.posted[p.place].Lane == d.Lane }) {
			tx.spill()
		}
		tx.posted = append(tx.posted, tx.fill(d))
		tx.gathered.puts = append(tx.gathered.puts, put{len(tx.posted) - 1, string(args)})
	}
	return nil
}

// PutBehind puts a delivery of this process at the end of a lane, its own or another, as if it had been put there anew: under the same
// id, certainly not sent, and for whoever comes to it. The transaction fails with ErrRecorded if it is not this process's any more.
func (tx *Tx) PutBehind(id uuid.UUID, lane Lane) {
	tx.writeOr(ErrRecorded, `
		UPDATE deliveries SET
			lane = $4, first_seq = COALESCE(first_seq, seq), seq = DEFAULT, doubtful = false, tried_until = NULL, not_before = $3,
			leased_by = NULL, leased_until = NULL
		WHERE id = $1 AND leased_by = $2 AND state = 'pending'`, id, [16]byte(tx.db.self), tx.Now, lane)
}

// Overtakes tells whether something in the lane of a delivery was put before it, stands behind it since, and has not gone yet.
func (r *Reader) Overtakes(ctx context.Context, id uuid.UUID) (bool, error) {
	overtakes, err := one(ctx, r, pgx.RowTo[bool], `
		SELECT EXISTS (
			SELECT FROM deliveries d JOIN deliveries e ON e.lane = d.lane AND e.state = 'pending' AND e.seq > d.seq
			WHERE d.id = $1 AND e.first_seq < COALESCE(d.first_seq, d.seq)
		)`, id)
	if err != nil {
		return false, fmt.Errorf("look what delivery %s overtakes: %w", id, err)
	}
	return overtakes, nil
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

// arg reads an id among the args.
func (d Delivery) arg(name string) (int64, error) {
	n, err := strconv.ParseInt(d.Args[name], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read %s of a delivery of kind %s: %w", name, d.Kind, err)
	}
	return n, nil
}

// nullTime stores a zero time as NULL.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
