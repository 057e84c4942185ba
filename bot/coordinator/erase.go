package coordinator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"tsunagi/bot/ledger"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// composeErase deletes a file that its author took back where one delivery has handed it over, and says so there; where that
// has only said that the file did not come, its name goes. What never stood there needs nothing.
func (c *Coordinator) composeErase(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	handover, err := uuid.Parse(d.Args["handover"])
	if err != nil {
		return outbox.Parcel{}, err
	}
	h, err := r.Handover(ctx, handover)
	if err != nil {
		return outbox.Parcel{}, err
	}
	var stood outbox.Receipt
	if h.Receipt != nil {
		if err := json.Unmarshal(h.Receipt, &stood); err != nil {
			return outbox.Parcel{}, fmt.Errorf("read the receipt of delivery %s: %w", handover, err)
		}
	}
	parcel, err := c.under(ctx, r, d, plain(c.say("message.file_unsent")))
	if stood.Channel != "" {
		parcel.To, parcel.First = stood.Channel, false
	}
	if stood.File == "" && stood.TS != "" {
		parcel.Update = stood.TS
	} else {
		parcel.Remove = &outbox.Handed{ID: h.ID, Since: h.CreatedAt, File: stood.File}
	}
	return parcel, err
}

// settleErase tells the desk when a file that was taken back still stands in Slack.
func (c *Coordinator) settleErase(_ context.Context, tx *store.Tx, d store.Delivery, _ outbox.Receipt, fault error) error {
	if fault == nil {
		return nil
	}
	return tx.Put(ledger.Alarm(c.desk, d, "delivery.file_stays"))
}
