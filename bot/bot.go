// Package bot holds the words of the desk's business: organization, contact, department, proposal, actor, error.
// Every other part speaks in these types, on whichever platform it stands.
//
// It never does anything: no clock, no network, no database, no wire format. What the desk does is in the packages
// below (concierge, coordinator, desk); what it decides is in the pure ones (form, proposal, calendar).
//
// Begin reading with Desk (what one municipality decides) and Proposal (what the talk is about).
package bot

import (
	"time"

	"tsunagi/bot/proposal"
)

// Platform is one of the two chats that Tsunagi joins.
type Platform string

// The two platforms.
const (
	LINE  Platform = "line"
	Slack Platform = "slack"
)

// ProposalID is the database number of a proposal; people read its receipt number instead.
type ProposalID int64

// ContactID is the database number of a contact.
type ContactID int64

// DraftID is the database number of a draft.
type DraftID int64

// ReferralID is the database number of a referral.
type ReferralID int64

// MessageID is the database number of one message of a thread.
type MessageID int64

// HeldID is the database number of words that are no answer yet.
type HeldID int64

// FileID is the database number of a stored file.
type FileID int64

// DepartmentID names a department as the profile does, for example "welfare".
type DepartmentID string

// TopicID names a topic as the profile does, for example "health".
type TopicID string

// Contact is a person of an organization who talks with the desk on LINE.
type Contact struct {
	ID           ContactID
	LineUser     string // LINE user id, U and 32 hex digits
	Organization string // as last given; empty before the first proposal
	Name         string // as last given; empty before the first proposal
	Blocked      bool   // has blocked the account, so nothing can be delivered
}

// Kind tells a proposal from a consultation; both live the same life.
type Kind string

// A proposal (提案) asks the city for something; a consultation (相談) is a question that may become one.
const (
	KindProposal     Kind = "proposal"
	KindConsultation Kind = "consultation"
)

// Proposal is what an organization wants to do with the city, as it stands now.
type Proposal struct {
	ID           ProposalID
	Kind         Kind
	Number       string // receipt number (受付番号), what people call it
	Contact      ContactID
	Organization string
	ContactName  string
	Title        string
	Topics       []TopicID
	State        proposal.State
	Before       proposal.State // the state before on_hold, also while it is withdrawn from a hold; else empty
	Owner        string         // Slack user id of the desk member in charge; empty while nobody has taken it
	// NextDate is the date by which the next step is due, at midnight UTC as dates are kept. Once it has ended it is zero,
	// unless its organization waits for an answer to what it has written: then it is the day promised for that.
	NextDate   time.Time
	ReceivedAt time.Time
	ReopenedAt time.Time // when the desk last reopened it; zero if it never did
	Withdrawal Withdrawal
	Revision   int64 // grows with every change; buttons carry it
}

// Withdrawal is what held before an organization withdrew its proposal, as long as that stands: an undo brings it back.
type Withdrawal struct {
	At  time.Time      // zero: it is not withdrawn
	Was proposal.State // the state it was withdrawn from
	Due time.Time      // the next date of then
}

// UndoBy is until when the organization may undo its withdrawal.
func (w Withdrawal) UndoBy() time.Time { return w.At.Add(proposal.UndoFor) }

// UndoableAt reports whether the organization may undo its withdrawal at that moment.
func (w Withdrawal) UndoableAt(at time.Time) bool { return w.Was != "" && at.Before(w.UndoBy()) }

// AskedAt is when the organization last began to wait for a first answer: with its receipt, or with the reopening.
func (p Proposal) AskedAt() time.Time {
	if p.ReopenedAt.After(p.ReceivedAt) {
		return p.ReopenedAt
	}
	return p.ReceivedAt
}

// Verdict is a department's answer to a referral (回答).
type Verdict string

// The five verdicts a department may give.
const (
	VerdictJoin     Verdict = "join"     // 連携したい
	VerdictConsider Verdict = "consider" // 検討中
	VerdictAsk      Verdict = "ask"      // 確認したい
	VerdictUnable   Verdict = "unable"   // 対応できない
	VerdictOther    Verdict = "other"    // 他課が適当
)

// Verdicts lists the five verdicts in the order people see them.
func Verdicts() []Verdict {
	return []Verdict{VerdictJoin, VerdictConsider, VerdictAsk, VerdictUnable, VerdictOther}
}

// Key is the catalogue key of the verdict's words.
func (v Verdict) Key() string { return "verdict." + string(v) }

// Referral is one proposal asked of one department, and what it answered.
type Referral struct {
	ID         ReferralID
	Proposal   ProposalID
	Department DepartmentID
	Note       string    // from the desk to the department; never leaves
	Due        time.Time // date
	Cleared    []string  // protected field ids the desk has cleared this department for
	Verdict    Verdict   // empty until answered
	Reason     string
	Until      time.Time    // for "consider": until when; zero if not given
	Other      DepartmentID // for "other": which one would fit; empty if not known
	AnsweredBy string       // Slack user id
	AnsweredAt time.Time
	AskedBy    string
	AskedAt    time.Time

	// FirstAskedAt is since when the department takes part: of the talk it reads what was said from then on.
	FirstAskedAt time.Time
}
