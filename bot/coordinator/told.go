package coordinator

import (
	"context"

	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// Handlings are the kinds of delivery the coordinator composes, all to Slack.
func (c *Coordinator) Handlings() map[string]outbox.Handling {
	return map[string]outbox.Handling{
		ledger.KindCard:    {Posts: first, Compose: c.composeCard, Settle: c.settleCard},
		ledger.KindTold:    {Posts: always, First: c.cardFirst, Compose: c.composeTold, Settle: c.settle},
		ledger.KindMessage: {First: c.cardFirst, Compose: c.composeMessage, Settle: c.settle},
		ledger.KindFile:    {Posts: always, First: c.cardFirst, Compose: c.composeFile, Settle: c.settle},
		ledger.KindErase:   {First: c.cardFirst, Compose: c.composeErase, Settle: c.settleErase},
		ledger.KindUnfiled: {Compose: c.composeUnfiled, Settle: c.settleUnfiled},
		ledger.KindVacated: {Posts: always, Compose: c.composeVacated, Settle: c.settle},
		ledger.KindOrphan:  {Posts: always, Compose: c.composeOrphan, Settle: c.settle},
		ledger.KindDigest:  {Posts: always, Compose: c.composeDigest, Settle: c.settle},
		ledger.KindOutcome: {First: c.cardFirst, Compose: c.composeOutcome},
		ledger.KindAlarm:   {First: c.cardFirst, Compose: c.composeAlarm},
		ledger.KindClosed:  {Posts: always, Compose: c.composeClosed},
		ledger.KindMoved:   {Compose: c.composeMoved},
		ledger.KindLimit:   {Posts: always, Compose: c.composeLimit, Settle: c.settle},
	}
}

// first is a card that stands nowhere yet.
func first(d store.Delivery) bool { return d.Args["first"] != "" }

func always(store.Delivery) bool { return true }

// composeTold is one line of history under the card.
func (c *Coordinator) composeTold(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	e, err := r.EntryOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	_, department := place(d)
	line := c.cards.Told(ctx, e, department)
	return c.under(ctx, r, d, msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}})
}
