package store

import (
	"errors"
	"time"

	"github.com/google/uuid"
)

// Outcome is what became of one delivery. Pending means not yet: it is given back, to go at NotBefore or later.
type Outcome struct {
	ID        uuid.UUID
	State     DeliveryState
	Tries     int
	Lease     time.Time // pending: LeasedUntil of the lease that it was held by; under a newer one it stays leased
	NotBefore time.Time // pending; zero: as it was
	Doubtful  bool      // was tried, and may have arrived
	TokenOver bool      // its reply token is of no use any more
	Fault     string    // catalogue key of why it did not go
	Receipt   []byte    // JSON

	// TriedUntil is that of the delivery, and zero once it was tried since.
	TriedUntil time.Time
}

// ErrRecorded says that another process has recorded the outcome of a delivery before.
var ErrRecorded = errors.New("recorded before")

// RecordOutcomes writes what became of deliveries, many in one statement. One that another process has settled in the
// meantime is left as it is, and so is one that is only given back when it is no longer held.
func (tx *Tx) RecordOutcomes(all ...Outcome) { tx.queueAny(recordSQL, tx.recordArgs(all)...) }

// RecordOutcome writes what became of one delivery that is no longer pending; if another process has done so before,
// the transaction fails with ErrRecorded, so that what hangs on the outcome happens once.
func (tx *Tx) RecordOutcome(o Outcome) {
	tx.writeOr(ErrRecorded, recordSQL, tx.recordArgs([]Outcome{o})...)
}

// recordSQL says pending as neither index of pending deliveries does, so that each is found by its id.
const recordSQL = `
	UPDATE deliveries d SET
		state = o.state, tries = o.tries, doubtful = o.doubtful, tried_until = o.tried_until, fault = o.fault,
		receipt = o.receipt::jsonb,
		reply_token = CASE WHEN o.token_over THEN '' ELSE d.reply_token END,
		not_before = COALESCE(o.not_before, d.not_before),
		leased_by = NULL, leased_until = NULL,
		sent_at = CASE WHEN o.state = 'sent' THEN $9::timestamptz END
	FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bool[], $5::text[], $6::text[], $7::bool[], $8::timestamptz[],
		$11::timestamptz[], $12::timestamptz[])
		AS o (id, state, tries, doubtful, fault, receipt, token_over, not_before, lease, tried_until)
	WHERE d.id = o.id AND d.state NOT IN ('sent', 'dropped', 'dead') AND (o.state <> 'pending' OR d.leased_by = $10 AND d.leased_until = o.lease)`

func (tx *Tx) recordArgs(all []Outcome) []any {
	n := len(all)
	ids, states, tries, doubtful := make([][16]byte, n), make([]string, n), make([]int, n), make([]bool, n)
	faults, receipts, over := make([]string, n), make([]*string, n), make([]bool, n)
	notBefore, leases, triedUntil := make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n)
	for i, o := range all {
		ids[i], states[i], tries[i], doubtful[i] = o.ID, string(o.State), o.Tries, o.Doubtful
		faults[i], over[i], notBefore[i], leases[i] = o.Fault, o.TokenOver, nullTime(o.NotBefore), nullTime(o.Lease)
		triedUntil[i] = nullTime(o.TriedUntil)
		if o.Receipt != nil {
			receipt := string(o.Receipt)
			receipts[i] = &receipt
		}
	}
	return []any{ids, states, tries, doubtful, faults, receipts, over, notBefore, tx.Now, [16]byte(tx.db.self), leases, triedUntil}
}
