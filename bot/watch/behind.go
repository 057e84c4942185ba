package watch

import (
	"context"

	"tsunagi/store"
)

// behindAtOnce is how many cards that have stayed behind in a room lose their buttons at one sweep: Slack takes some fifty changes a
// minute, and the archive may hold a million. Whoever presses one before is told where it is now.
// https://docs.slack.dev/apis/web-api/rate-limits
const behindAtOnce = 20

// behind takes the buttons from cards that stand elsewhere than their readers are now, some at each sweep.
func (w *Watch) behind(ctx context.Context) {
	found, err := w.DB.CardsBehind(ctx, behindAtOnce)
	for _, c := range found {
		if err == nil {
			err = w.DB.InTx(ctx, func(tx *store.Tx) error { return w.Ledger.LeaveBehind(ctx, tx, "moved", c) })
		}
	}
	if err != nil {
		w.Log.WarnContext(ctx, "cards not taken leave of", "fault", err)
	}
}
