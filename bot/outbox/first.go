package outbox

import (
	"context"
	"errors"

	"tsunagi/store"
)

// ErrThreadGone, wrapped in a Sender's error, says that the message under which a parcel belongs is not there any more, and that
// nothing was posted.
var ErrThreadGone = errors.New("the message to answer is not there any more")

// behindFirst puts what has to come first at the end of a lane, and the delivery behind that.
func (o *Outbox) behindFirst(ctx context.Context, d store.Delivery, lane store.Lane, gone store.Posted) verdict {
	first := o.Kinds[d.Kind].First
	if first == nil {
		return dead(d, errors.New("it belongs under what is not there"))
	}
	return o.behind(ctx, d, lane, func(tx *store.Tx) error {
		before, err := first(ctx, tx, d, gone)
		if err != nil {
			return err
		}
		for i := range before {
			before[i].Lane = lane
		}
		return tx.Put(before...)
	})
}

// behind puts a delivery at the end of a lane, after what is put in the same transaction. Nothing was sent, so it is no try.
func (o *Outbox) behind(ctx context.Context, d store.Delivery, lane store.Lane, put ...func(*store.Tx) error) verdict {
	err := o.db.InTx(ctx, func(tx *store.Tx) error {
		for _, put := range put {
			if err := put(tx); err != nil {
				return err
			}
		}
		tx.PutBehind(d.ID, lane)
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrRecorded) {
		return o.uncomposed(d, err)
	}
	return verdict{state: store.Pending, tries: d.Tries, behind: lane}
}

// comesLater tells whether a new post has to go behind others first: because it belongs into another lane, or because it would stand
// above what was put before it. That one was put behind a card, and the card may have come by another way since: then this
// one needs none any more.
func (o *Outbox) comesLater(ctx context.Context, d store.Delivery, p Parcel, lane store.Lane) (bool, error) {
	switch {
	case p.Update != "" || p.Remove != nil:
		return false, nil
	case lane != d.Lane:
		return true, nil
	case o.Kinds[d.Kind].First == nil:
		return false, nil
	}
	return o.db.Overtakes(ctx, d.ID)
}
