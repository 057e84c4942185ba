package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// waive says that what the organization wrote needs no reply. What has come since the presser's card was made is not meant,
// and the presser reads that it is still there.
func (c *Coordinator) waive(ctx context.Context, p Press) (Reaction, error) {
	var now bot.Proposal
	var rest bool
	err := c.once(ctx, p.ID, func(tx *store.Tx) (err error) {
		now, rest, err = c.ledger.Waive(ctx, tx, p.ID, proposalOf(p.Press), p.Actor, p.Press.Int("entry"))
		return err
	})
	if err != nil || !rest {
		return Reaction{}, err
	}
	return Reaction{Say: text.Say("coordinator.waived_some", "number", now.Number)}, nil
}
