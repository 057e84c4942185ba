package ledger

import (
	"context"

	"tsunagi/bot"
	"tsunagi/store"
)

// redrawnMost is how many cards are drawn anew at once: Slack takes one change a second in a channel, and what else the desk
// is waiting for is behind them.
const redrawnMost = 20

// ShowReach has the desk's cards of a contact's newest open proposals say whether words reach it, when it has blocked the
// account or no longer does. Older ones say so from their next change on. The caller holds the contact, as everybody does who
// puts deliveries into the lanes of its proposals.
func (l *Ledger) ShowReach(ctx context.Context, tx *store.Tx, event string, c bot.ContactID) error {
	open, err := tx.ProposalsOf(ctx, c, true, redrawnMost)
	if err != nil {
		return err
	}
	cards := make([]store.Delivery, len(open))
	for i, p := range open {
		cards[i] = l.card(p, "", event)
	}
	return tx.Put(cards...)
}
