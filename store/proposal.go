package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/proposal"
)

const proposalColumns = `proposals.id, kind, number, contact, organization, contact_name, title, topics, state, before, owner,
	next_date, received_at, reopened_at, withdrawn_at, was, was_due, proposals.revision`

func scanProposal(row pgx.CollectableRow) (p bot.Proposal, err error) {
	var next, reopened *time.Time
	withdrawn, due := (*zeronull.Timestamptz)(&p.Withdrawal.At), (*zeronull.Timestamptz)(&p.Withdrawal.Due)
	err = row.Scan(&p.ID, &p.Kind, &p.Number, &p.Contact, &p.Organization, &p.ContactName, &p.Title, &p.Topics, &p.State,
		&p.Before, &p.Owner, &next, &p.ReceivedAt, &reopened, withdrawn, &p.Withdrawal.Was, due, &p.Revision)
	if next != nil {
		p.NextDate = *next
	}
	if reopened != nil {
		p.ReopenedAt = *reopened
	}
	return p, err
}

// NewProposal is what is known of a proposal at its submission.
type NewProposal struct {
	bot.Proposal
	Draft       bot.DraftID
	FiscalYear  int
	Seq         int
	Particulars []Particular
}

// Particular is one answer as submitted, with the question's name as it was read then.
type Particular struct {
	Field     string
	Label     string
	Kind      form.Kind
	Answer    form.Answer
	Shown     string // the answer as people read it
	Private   bool
	Protected bool
	Unsent    bool // its author took the message back; Answer and Shown are erased
}

// AddProposal writes a new proposal, whose ID and Seq NextNumber has given, with its particulars and topics.
func (tx *Tx) AddProposal(n NewProposal, open bool) error {
	tx.insert(`
		INSERT INTO proposals (id, kind, number, fiscal_year, seq, contact, draft, organization, contact_name, title, topics,
			state, open, owner, next_date, received_at, changed_at) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, 0), $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
		n.ID, n.Kind, n.Number, n.FiscalYear, n.Seq, n.Contact, int64(n.Draft), n.Organization, n.ContactName, n.Title, topicIDs(n.Topics),
		n.State, open, n.Owner, nullTime(n.NextDate), tx.Now)
	tx.addWords(n.ID, n.Organization, n.Title)
	tx.insert(`INSERT INTO topics (topic, proposal) SELECT topic, $2 FROM unnest($1::text[]) AS t (topic) ON CONFLICT DO NOTHING`,
		topicIDs(n.Topics), n.ID)
	return tx.addParticulars(n.ID, n.Particulars)
}

func (tx *Tx) addParticulars(id bot.ProposalID, list []Particular) error {
	n := len(list)
	fields, labels, kinds, answers, shown := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	private, protected := make([]bool, n), make([]bool, n)
	for i, p := range list {
		raw, err := json.Marshal(p.Answer)
		if err != nil {
			return fmt.Errorf("add particular %s of proposal %d: %w", p.Field, id, err)
		}
		fields[i], labels[i], kinds[i], answers[i], shown[i] = p.Field, p.Label, string(p.Kind), string(raw), p.Shown
		private[i], protected[i] = p.Private, p.Protected
	}
	tx.insert(`
		INSERT INTO particulars (proposal, position, field, label, kind, answer, shown, private, protected)
		SELECT $1, position - 1, field, label, kind, answer::jsonb, shown, private, protected
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bool[])
			WITH ORDINALITY AS p (field, label, kind, answer, shown, private, protected, position)`,
		id, fields, labels, kinds, answers, shown, private, protected)
	return nil
}

// LockProposal holds a proposal until the transaction ends; who changes it or puts deliveries into its lanes must.
func (tx *Tx) LockProposal(ctx context.Context, id bot.ProposalID) (bot.Proposal, error) {
	p, err := one(ctx, &tx.Reader, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return p, fmt.Errorf("lock proposal %d: %w", id, err)
	}
	return p, nil
}

// SaveProposal writes what may change of a proposal and moves its revision on by one.
func (tx *Tx) SaveProposal(p bot.Proposal, open bool, outcome string) {
	tx.write("save proposal", `
		UPDATE proposals SET state = $2, before = $3, open = $4, owner = $5, next_date = $6,
			outcome = CASE WHEN state = $2 THEN outcome ELSE $7 END, revision = $8, changed_at = $9, reopened_at = $10,
			withdrawn_at = $11, was = $12, was_due = $13
		WHERE id = $1`, p.ID, p.State, p.Before, open, p.Owner, nullTime(p.NextDate), outcome, p.Revision+1, tx.Now,
		nullTime(p.ReopenedAt), nullTime(p.Withdrawal.At), p.Withdrawal.Was, nullTime(p.Withdrawal.Due))
}

// Proposal reads a proposal; bot.NotFound if there is none.
func (r *Reader) Proposal(ctx context.Context, id bot.ProposalID) (bot.Proposal, error) {
	p, err := one(ctx, r, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE id = $1`, id)
	if err != nil {
		return p, fmt.Errorf("read proposal %d: %w", id, err)
	}
	return p, nil
}

// ProposalByNumber reads a proposal by its receipt number; bot.NotFound if there is none.
func (r *Reader) ProposalByNumber(ctx context.Context, number string) (bot.Proposal, error) {
	return one(ctx, r, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE number = $1`, number)
}

// ProposalOfDraft reads the proposal that a contact's draft has become; bot.NotFound if it has become none.
func (r *Reader) ProposalOfDraft(ctx context.Context, c bot.ContactID, d bot.DraftID) (bot.Proposal, error) {
	return one(ctx, r, scanProposal, `SELECT `+proposalColumns+` FROM proposals WHERE draft = $2 AND contact = $1`, c, d)
}

// OutcomeOf reads why a proposal ended, as the reason's id; empty while it goes on.
func (r *Reader) OutcomeOf(ctx context.Context, id bot.ProposalID) (string, error) {
	return one(ctx, r, pgx.RowTo[string], `SELECT outcome FROM proposals WHERE id = $1`, id)
}

// ProposalsOf lists a contact's newest proposals, open ones only if asked, newest first.
func (r *Reader) ProposalsOf(ctx context.Context, c bot.ContactID, openOnly bool, limit int) ([]bot.Proposal, error) {
	return all(ctx, r, scanProposal, `
		SELECT `+proposalColumns+` FROM proposals WHERE contact = $1 AND (open OR NOT $2)
		ORDER BY id DESC LIMIT $3`, c, openOnly, limit)
}

// AddressesOf lists the proposals that a contact's words may mean, newest first: those that are open, and of those that have
// ended the ones where the city's words (events of heard) are of late, since heard.Since, and the contact has said nothing
// to them before heard.Answered. Only what has changed of late is looked into, so old proposals cost nothing more.
func (r *Reader) AddressesOf(ctx context.Context, c bot.ContactID, heard Hearing, limit int) ([]bot.Proposal, error) {
	return all(ctx, r, scanProposal, `
		SELECT `+proposalColumns+` FROM proposals WHERE contact = $1 AND (open OR changed_at >= $2 AND EXISTS (
			SELECT FROM history said WHERE said.proposal = proposals.id AND said.event = ANY($4) AND said.at >= $2 AND NOT EXISTS (
				SELECT FROM history after WHERE after.proposal = said.proposal AND after.id > said.id AND after.event = ANY($5)
					AND after.at < $3)))
		ORDER BY id DESC LIMIT $6`, c, heard.Since, heard.Answered, heard.City, heard.Organization, limit)
}

// LastWithdrawn reads the proposal that a contact has last withdrawn, since that time; bot.NotFound if it has withdrawn none
// that is still withdrawn.
func (r *Reader) LastWithdrawn(ctx context.Context, c bot.ContactID, since time.Time) (bot.Proposal, error) {
	return one(ctx, r, scanProposal, `
		SELECT `+proposalColumns+` FROM proposals WHERE contact = $1 AND withdrawn_at >= $2 ORDER BY withdrawn_at DESC, id DESC LIMIT 1`, c, since)
}

// Hearing is when a contact may still be answering the city's words about a proposal that has ended.
type Hearing struct {
	Since        time.Time        // the city has spoken since then
	Answered     time.Time        // and the contact has said nothing to it before then
	City         []proposal.Event // words of the city to the organization
	Organization []proposal.Event // words of the organization
}

// StandingOf lists a contact's proposals, open ones first and the newest of them first, after so many.
func (r *Reader) StandingOf(ctx context.Context, c bot.ContactID, after, limit int) ([]bot.Proposal, error) {
	return all(ctx, r, scanProposal, `
		SELECT `+proposalColumns+` FROM proposals WHERE contact = $1 ORDER BY open DESC, id DESC OFFSET $2 LIMIT $3`, c, after, limit)
}

// Particulars reads what was submitted, in the order asked.
func (r *Reader) Particulars(ctx context.Context, id bot.ProposalID) ([]Particular, error) {
	return all(ctx, r, scanParticular, `
		SELECT field, label, kind, answer, shown, private, protected, unsent FROM particulars WHERE proposal = $1 ORDER BY position`, id)
}

func scanParticular(row pgx.CollectableRow) (p Particular, err error) {
	var raw []byte
	if err = row.Scan(&p.Field, &p.Label, &p.Kind, &raw, &p.Shown, &p.Private, &p.Protected, &p.Unsent); err != nil {
		return p, err
	}
	return p, json.Unmarshal(raw, &p.Answer)
}

func topicIDs(ts []bot.TopicID) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = string(t)
	}
	return out
}

// Cursor is where a list page ended, for the next page: keyset paging, so that page 1,000 costs what page 1 does.
type Cursor struct {
	Date time.Time // only in lists ordered by next date
	ID   bot.ProposalID
}

// CountCases counts a contact's open proposals, up to most of them, and those received since, as far as they are among so many
// of the newest.
func (r *Reader) CountCases(ctx context.Context, c bot.ContactID, since time.Time, most int) (open, recent int, err error) {
	counts, err := one(ctx, r, pgx.RowTo[[]int], `
		SELECT ARRAY [
			(SELECT count(*) FROM (SELECT FROM proposals WHERE contact = $1 AND open LIMIT $3) of_the_open),
			(SELECT count(*) FROM (SELECT received_at FROM proposals WHERE contact = $1 ORDER BY id DESC LIMIT $3) of_the_newest
				WHERE received_at >= $2)
		]`, c, since, most)
	if err != nil {
		return 0, 0, fmt.Errorf("count the proposals of contact %d: %w", c, err)
	}
	return counts[0], counts[1], nil
}
