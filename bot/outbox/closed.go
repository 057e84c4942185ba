package outbox

import (
	"context"
	"errors"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// ErrChannelClosed, wrapped in a Sender's error, says that a channel of the profile takes nothing from us now, and that nothing was
// posted.
var ErrChannelClosed = errors.New("the channel takes nothing from us")

// Refresh learns which channels are closed now: public, shared, archived, or without us. That stands in Postgres, where claims leave
// out what goes there; this process knows it for what never leaves its memory. Nothing that waits for a channel is tried
// meanwhile, or counted as if it had been.
func (o *Outbox) Refresh(ctx context.Context) {
	closed, err := o.db.ClosedChannels(ctx)
	if err != nil {
		if ctx.Err() == nil {
			o.Log.Error("closed channels not known", "error", err)
		}
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = map[string]bool{}
	for _, c := range closed {
		o.closed[c] = true
	}
}

// closedFor is how long what leads into a closed channel from the lane of another waits until it is looked at again.
const closedFor = time.Minute

// shutOut gives a delivery whose channel is closed back to Postgres, and what waits behind it.
func (o *Outbox) shutOut(l *lane, d store.Delivery, channel string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d.Lane.Platform() != bot.Slack || !o.closed[channel] {
		return false
	}
	var until time.Time
	if channel != d.Lane.Chat() {
		until = o.db.Now().Add(closedFor)
	}
	o.back(l, d, until)
	o.backFrom(l, 0, until)
	l.busy, l.turn = false, false
	return true
}

// channelClosed closes a channel of which Slack has said while something was sent that it takes nothing.
func (o *Outbox) channelClosed(ctx context.Context, d store.Delivery, p Parcel, err error) verdict {
	if o.Close == nil {
		return dead(d, err)
	}
	closing := o.db.InTx(ctx, func(tx *store.Tx) error { return o.Close(ctx, tx, p.To, err) })
	o.Log.Error("channel closed: nothing goes there", "channel", p.To, "event", d.Event, "why", faultKey(err))
	if closing != nil {
		o.Log.Error("channel not closed", "channel", p.To, "error", closing)
	}
	o.Refresh(ctx)
	return verdict{state: store.Pending, fault: err, tries: d.Tries, doubtful: p.Again, wait: closedFor}
}
