package outbox

import (
	"context"
	"errors"

	"tsunagi/store"
)

// ErrThreadGone, wrapped in a Sender's error, says that the message under which a parcel belongs is not there any more, and that
// nothing was posted.
var ErrThreadGone = errors.New("the message to answer is not there any more")

// behind puts what has to come first at the end of the lane, and the delivery behind that. Nothing was sent, so it is no try.
func (o *Outbox) behind(ctx context.Context, d store.Delivery, gone store.Posted) verdict {
	first := o.Kinds[d.Kind].First
	if first == nil {
		return dead(d, errors.New("it belongs under what is not there"))
	}
	err := o.db.InTx(ctx, func(tx *store.Tx) error {
		before, err := first(ctx, tx, d, gone)
		if err != nil {
			return err
		}
		if err := tx.Put(before...); err != nil {
			return err
		}
		tx.PutBehind(d.ID)
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrRecorded) {
		return o.uncomposed(d, err)
	}
	return verdict{state: store.Pending, tries: d.Tries, behind: true}
}
