package watch

import (
	"context"

	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// heldAtOnce is how many replies that wait are looked at together.
const heldAtOnce = 50

// held shows of each confirmed reply that has waited for a while, say because LINE cannot be reached, that it waits.
func (w *Watch) held(ctx context.Context) {
	for ctx.Err() == nil {
		found, err := w.DB.HeldUntold(ctx, ledger.KindReply, ledger.KindOutcome, w.DB.Now().Add(-ledger.HeldAfter), heldAtOnce)
		if err == nil && len(found) > 0 {
			err = w.showHeld(ctx, found)
		}
		if err != nil {
			w.Log.WarnContext(ctx, "held replies not looked at", "fault", err)
		}
		if err != nil || len(found) < heldAtOnce {
			return
		}
	}
}

func (w *Watch) showHeld(ctx context.Context, found []store.Delivery) error {
	for _, d := range found {
		err := w.DB.InTx(ctx, func(tx *store.Tx) error {
			_, err := w.Ledger.ShowHeld(ctx, tx, d.Event, d)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
