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
// of its neighbours, and its author and the desk are told; until then it should come again.
func (c *Concierge) failed(ctx context.Context, e Event, cause error) error {
	if bot.KindOf(cause) == bot.Later || ctx.Err() != nil {
		return cause
	}
	aside := false
	err := c.db.InTx(ctx, func(tx *store.Tx) error {
		tries, err := tx.Failed(ctx, e.ID, string(bot.KindOf(cause)))
		if err != nil || tries < failures {
			return err
		}
		talk, fresh, err := tx.Hear(ctx, e.ID, e.User)
		if err != nil || !fresh {
			return err
		}
		aside = true
		return tx.Put(ledger.Alarm(c.desk, store.Delivery{Event: e.ID}, "delivery.set_aside"), sorry(talk, e))
	})
	if err != nil || !aside {
		return errors.Join(cause, err)
	}
	c.log.ErrorContext(ctx, "event set aside", "event", e.ID, "fault", fmt.Sprintf("%T", cause))
	return nil
}

// sorry tells a person that what was sent could not be handled.
func sorry(talk store.Talk, e Event) store.Delivery {
	return store.Delivery{
		Lane: store.LineLane(talk.LineUser), Event: e.ID, Kind: KindSay, Matters: true,
		ReplyToken: e.ReplyToken, TokenAt: e.Received, Args: map[string]string{"key": "concierge.set_aside"},
	}
}
