package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
)

// MessageKind tells what a message of a thread is.
type MessageKind string

// What an organization writes or sends, what the desk replies with, and the last words by which a proposal ends.
const (
	MessageText    MessageKind = "text"
	MessageFile    MessageKind = "file"
	MessageReply   MessageKind = "reply"
	MessageDecline MessageKind = "decline"
)

// Message is one message of the thread (やりとり) between an organization and the desk.
type Message struct {
	ID          bot.MessageID
	Proposal    bot.ProposalID // 0: the organization has not yet said which one it means
	Contact     bot.ContactID
	Out         bool // from the city to the organization
	Kind        MessageKind
	Body        string
	Author      string         // LINE or Slack user id
	LineMessage string         // id of the LINE message it came as; empty if it goes out
	Ends        proposal.Event // of a decline: what ends the proposal when it is sent
	Reason      string         // of a decline: the reason's id; of another end the reason in words
	Confirmed   bool           // of what goes out: the author has seen the preview and confirmed it
	Unsent      bool
	Waived      bool // of what came in: the desk has said that it needs no reply
	CreatedAt   time.Time
	SaidAt      time.Time // when it was said to the other side: of what goes out, when it was confirmed, if it was
}

const messageColumns = `id, COALESCE(proposal, 0), contact, direction = 'out', kind, body, author, COALESCE(line_message, ''),
	ends, reason, confirmed_at IS NOT NULL, unsent_at IS NOT NULL, waived_at IS NOT NULL, created_at,
	COALESCE(confirmed_at, created_at)`

func scanMessage(row pgx.CollectableRow) (m Message, err error) {
	err = row.Scan(&m.ID, &m.Proposal, &m.Contact, &m.Out, &m.Kind, &m.Body, &m.Author, &m.LineMessage,
		&m.Ends, &m.Reason, &m.Confirmed, &m.Unsent, &m.Waived, &m.CreatedAt, &m.SaidAt)
	return m, err
}

// AddMessage writes a message into a thread and gives its id. One that its author has already unsent is written
// without its words.
func (tx *Tx) AddMessage(ctx context.Context, m Message) (bot.MessageID, error) {
	direction := "in"
	if m.Out {
		direction = "out"
	}
	id, err := one(ctx, &tx.Reader, pgx.RowTo[bot.MessageID], `
		INSERT INTO messages (proposal, contact, direction, kind, body, author, line_message, unsent_at, ends, reason, created_at)
		SELECT NULLIF($1, 0), $2, $3, $4, CASE WHEN gone.at IS NULL THEN $5 ELSE '' END, $6, NULLIF($7, ''), gone.at, $10, $9, $8
		FROM (SELECT (SELECT unsent_at FROM tombstones WHERE line_message = $7) AS at) gone RETURNING id`,
		int64(m.Proposal), m.Contact, direction, m.Kind, m.Body, m.Author, m.LineMessage, tx.Now, m.Reason, m.Ends)
	if err != nil {
		return 0, fmt.Errorf("add message to proposal %d: %w", m.Proposal, err)
	}
	return id, nil
}

// Confirm marks a message that goes out as confirmed by its author; false if it was confirmed before, so that it goes
// out once however often the button is pressed.
func (tx *Tx) Confirm(ctx context.Context, id bot.MessageID) (bool, error) {
	done, err := all(ctx, &tx.Reader, pgx.RowTo[bot.MessageID], `
		UPDATE messages SET confirmed_at = $2 WHERE id = $1 AND direction = 'out' AND confirmed_at IS NULL RETURNING id`, id, tx.Now)
	if err != nil {
		return false, fmt.Errorf("confirm message %d: %w", id, err)
	}
	return len(done) == 1, nil
}

// FileMessage says which proposal a message is about.
func (tx *Tx) FileMessage(m bot.MessageID, p bot.ProposalID) {
	tx.write("file message", `UPDATE messages SET proposal = $2 WHERE id = $1 AND proposal IS NULL`, m, p)
	tx.queueAny(`UPDATE files SET proposal = $2 WHERE message = $1`, m, p)
}

// Unfiled lists a contact's messages that are about no proposal yet, from the given one on, but for those taken back.
func (r *Reader) Unfiled(ctx context.Context, c bot.ContactID, from bot.MessageID) ([]Message, error) {
	found, err := all(ctx, r, scanMessage, `
		SELECT `+messageColumns+` FROM messages
		WHERE contact = $1 AND proposal IS NULL AND unsent_at IS NULL AND id >= $2 ORDER BY id`, c, from)
	if err != nil {
		return nil, fmt.Errorf("list unfiled messages of contact %d: %w", c, err)
	}
	return found, nil
}

// UnfiledShown lists the messages that are about no proposal yet and that the desk was shown, as deliveries of a kind about them.
func (r *Reader) UnfiledShown(ctx context.Context, kind string) ([]Message, error) {
	found, err := all(ctx, r, scanMessage, `
		SELECT `+messageColumns+` FROM messages m WHERE m.proposal IS NULL AND m.unsent_at IS NULL AND EXISTS (
			SELECT FROM deliveries d WHERE d.proposal IN (SELECT p.id FROM proposals p WHERE p.contact = m.contact)
				AND d.kind = $1 AND d.args->>'message' = m.id::text AND d.state = 'sent' OFFSET 0)
		ORDER BY m.contact, m.id`, kind)
	if err != nil {
		return nil, fmt.Errorf("list unfiled messages that were shown: %w", err)
	}
	return found, nil
}

// DropWaiting takes back deliveries like d that wait for their time.
func (tx *Tx) DropWaiting(d Delivery) {
	tx.queueAny(`
		UPDATE deliveries SET state = 'dropped'
		WHERE lane = $1 AND kind = $2 AND args = $3 AND state = 'pending' AND leased_by IS NULL`, d.Lane, d.Kind, d.Args)
}

// AboutUnfiled gives the proposal under which a delivery like d stands about a contact's message, wherever the desk was then; 0 if
// there is none.
func (r *Reader) AboutUnfiled(ctx context.Context, c bot.ContactID, d Delivery) (bot.ProposalID, error) {
	found, err := all(ctx, r, pgx.RowTo[bot.ProposalID], `
		SELECT proposal FROM deliveries WHERE proposal IN (SELECT id FROM proposals WHERE contact = $1)
			AND kind = $2 AND args = $3 AND state IN ('pending', 'sent') LIMIT 1`, c, d.Kind, d.Args)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0], nil
}

// Message reads a message of a thread; bot.NotFound if there is none.
func (r *Reader) Message(ctx context.Context, id bot.MessageID) (Message, error) {
	m, err := one(ctx, r, scanMessage, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, id)
	if err != nil {
		return m, fmt.Errorf("read message %d: %w", id, err)
	}
	return m, nil
}

// MessageOf reads the message that a delivery is about; bot.NotFound if there is none.
func (r *Reader) MessageOf(ctx context.Context, d Delivery) (Message, error) {
	id, err := d.arg("message")
	if err != nil {
		return Message{}, err
	}
	return r.Message(ctx, bot.MessageID(id))
}

// LastReply reads the newest confirmed message to the organization about a proposal; bot.NotFound if there is none.
func (r *Reader) LastReply(ctx context.Context, p bot.ProposalID) (Message, error) {
	return one(ctx, r, scanMessage, `
		SELECT `+messageColumns+` FROM messages WHERE proposal = $1 AND direction = 'out' AND confirmed_at IS NOT NULL
		ORDER BY confirmed_at DESC LIMIT 1`, p)
}

// LastWords reads the newest confirmed words by which a proposal has ended; bot.NotFound if there are none.
func (r *Reader) LastWords(ctx context.Context, p bot.ProposalID) (Message, error) {
	return one(ctx, r, scanMessage, `
		SELECT `+messageColumns+` FROM messages WHERE proposal = $1 AND kind = $2 AND confirmed_at IS NOT NULL
		ORDER BY confirmed_at DESC LIMIT 1`, p, MessageDecline)
}

// Replied reports whether a confirmed message has gone to the organization, since the proposal was reopened if it was.
func (r *Reader) Replied(ctx context.Context, p bot.Proposal) (bool, error) {
	return one(ctx, r, pgx.RowTo[bool], `
		SELECT EXISTS (SELECT FROM messages WHERE proposal = $1 AND direction = 'out' AND confirmed_at > $2)`, p.ID, p.ReopenedAt)
}

// Waiting is what an organization has written since the city last answered: since when, and the newest of it.
type Waiting struct {
	Proposal bot.ProposalID
	Since    time.Time
	Last     bot.MessageID
	Count    int // how many messages
}

// unanswered are the words of organizations that no confirmed message has answered. What its author took back, and what the
// desk said needs no reply, waits for nothing.
const unanswered = `direction = 'in' AND unsent_at IS NULL AND waived_at IS NULL AND created_at > COALESCE((
	SELECT max(confirmed_at) FROM messages answer WHERE answer.proposal = messages.proposal AND direction = 'out'), '-infinity')`

// Waiting tells which of these proposals have words of their organization that nobody has answered.
func (r *Reader) Waiting(ctx context.Context, ps ...bot.ProposalID) (map[bot.ProposalID]Waiting, error) {
	found, err := all(ctx, r, pgx.RowToStructByPos[Waiting], `
		SELECT proposal, min(created_at), max(id), count(*) FROM messages WHERE proposal = ANY($1) AND `+unanswered+`
		GROUP BY proposal`, ps)
	if err != nil {
		return nil, fmt.Errorf("see which of %d proposals wait for an answer: %w", len(ps), err)
	}
	out := make(map[bot.ProposalID]Waiting, len(found))
	for _, w := range found {
		out[w.Proposal] = w
	}
	return out, nil
}

// Unanswered lists the newest of what an organization has written about a proposal and nobody has answered, oldest of them
// first.
func (r *Reader) Unanswered(ctx context.Context, p bot.ProposalID, limit int) ([]Message, error) {
	return all(ctx, r, scanMessage, `SELECT * FROM (
		SELECT `+messageColumns+` FROM messages WHERE proposal = $1 AND `+unanswered+` ORDER BY id DESC LIMIT $2) newest ORDER BY 1`, p, limit)
}

// Waive marks what an organization has written about a proposal as needing no reply, as far as it waits for one and had
// come by this line of the history, and gives the newest of it; 0 if there is none. Ids of messages do not tell what had
// come: one that was filed late is older than its place in the thread.
func (tx *Tx) Waive(ctx context.Context, p bot.ProposalID, by int64) (bot.MessageID, error) {
	done, err := all(ctx, &tx.Reader, pgx.RowTo[bot.MessageID], `
		UPDATE messages SET waived_at = $4 WHERE proposal = $1 AND `+unanswered+` AND id IN (
			SELECT (details->>'message')::bigint FROM history WHERE history.proposal = $1 AND event = $3 AND history.id <= $2)
		RETURNING id`, p, by, proposal.Written, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("waive the reply to proposal %d: %w", p, err)
	}
	return slices.Max(append(done, 0)), nil
}

// Thread lists the newest messages of a proposal, oldest of them first.
func (r *Reader) Thread(ctx context.Context, p bot.ProposalID, limit int) ([]Message, error) {
	return r.ThreadSince(ctx, p, time.Time{}, limit)
}

// ThreadSince is Thread of what was said from then on.
func (r *Reader) ThreadSince(ctx context.Context, p bot.ProposalID, since time.Time, limit int) ([]Message, error) {
	return all(ctx, r, scanMessage, `SELECT * FROM (
		SELECT `+messageColumns+` FROM messages
		WHERE proposal = $1 AND (direction = 'in' OR confirmed_at IS NOT NULL) AND COALESCE(confirmed_at, created_at) >= $2
		ORDER BY id DESC LIMIT $3) newest ORDER BY 1`, p, since, limit)
}
