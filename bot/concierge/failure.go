package concierge

import (
	"context"
	"errors"
	"fmt"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// failures is how often an event may fail before it is set aside.
const failures = 5

// failed counts a failure of ours. After enough of them the event is set aside, so that it no longer stands in the way
// of its neighbours, and the desk is told; until then it should come again.
func (c *Concierge) failed(ctx context.Context, e Event, cause error) error {
	if bot.KindOf(cause) != bot.Internal || ctx.Err() != nil {
		return cause
	}
	aside := false
	err := c.db.InTx(ctx, func(tx *store.Tx) error {
		tries, err := tx.Failed(ctx, e.ID, string(bot.Internal))
		if err != nil || tries < failures {
			return err
		}
		if _, err := tx.Take(ctx, e.ID); err != nil {
			return err
		}
		aside = true
		return tx.Put(ledger.Alarm(c.desk, store.Delivery{Event: e.ID}, "delivery.set_aside"))
	})
	if err != nil || !aside {
		return errors.Join(cause, err)
	}
	c.log.ErrorContext(ctx, "event set aside", "event", e.ID, "fault", fmt.Sprintf("%T", cause))
	return nil
}
