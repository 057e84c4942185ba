package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// deliver makes one attempt: compose, find out whether it may be sent at all, wait for the channel's turn, send, and
// settle what hangs on the outcome. It is not cut short when Run ends; its own deadline lies within the lease.
func (o *Outbox) deliver(ctx context.Context, r *room, l *lane, d store.Delivery) verdict {
	begun := o.db.Now()
	v := o.attempt(context.WithoutCancel(ctx), r, l, d)
	if v.waits {
		return v
	}
	if settle := o.Kinds[d.Kind].Settle; settle != nil && (v.state == store.Sent || v.state == store.Dead) {
		o.settle(ctx, settle, d, &v)
	}
	o.report(r, d, v, begun)
	return v
}

func (o *Outbox) attempt(ctx context.Context, r *room, l *lane, d store.Delivery) verdict {
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if o.shutOut(l, d, d.Lane.Chat()) {
		return verdict{waits: true}
	}
	early := o.posts(d)
	if early && !o.mayGo(l, d, Parcel{To: d.Lane.Chat()}) {
		return verdict{waits: true}
	}
	p, err := o.compose(sending, d)
	if err != nil {
		return o.uncomposed(d, err)
	}
	if p.To != d.Lane.Chat() && o.shutOut(l, d, p.To) {
		return verdict{waits: true}
	}
	way := o.route(r, d, &p)
	if way == over {
		return verdict{state: store.Dropped}
	}
	if r.platform == bot.Slack && !early && !o.mayGo(l, d, p) {
		return verdict{waits: true}
	}
	return o.hand(ctx, sending, r, d, p, way)
}

// hand sends a parcel whose turn it is: after a look-up if it is in doubt, behind what it belongs under and what was put before it.
func (o *Outbox) hand(ctx, sending context.Context, r *room, d store.Delivery, p Parcel, way way) verdict {
	if way == inDoubt {
		receipt, found, err := o.find(sending, r, d, p)
		if found || err != nil {
			return o.judgeFind(ctx, r, d, p, receipt, err)
		}
		p.Again = false
	}
	lane := d.Lane.In(p.Moves)
	if p.First {
		return o.behindFirst(ctx, d, lane, store.Posted{})
	}
	switch behind, err := o.comesLater(sending, d, p, lane); {
	case err != nil:
		return o.later(d, err, false)
	case behind:
		return o.behind(ctx, d, lane)
	}
	return o.send(ctx, sending, r, d, p)
}

// uncomposed is a delivery of which there is nothing left to say, that cannot arrive, or that could not be composed now.
func (o *Outbox) uncomposed(d store.Delivery, err error) verdict {
	switch bot.KindOf(err) {
	case bot.NotFound:
		return verdict{state: store.Dropped, doubtful: d.Again}
	case bot.Conflict:
		return verdict{state: store.Dead, fault: err, tries: d.Tries, doubtful: d.Again}
	}
	return o.later(d, err, d.Again)
}

func (o *Outbox) posts(d store.Delivery) bool {
	posts := o.Kinds[d.Kind].Posts
	return d.Lane.Platform() == bot.Slack && posts != nil && posts(d)
}

// send makes the call. A file may take longer than a lease, so the lease is lengthened first.
func (o *Outbox) send(ctx, sending context.Context, r *room, d store.Delivery, p Parcel) verdict {
	if p.File != nil {
		ours, err := o.lengthen(sending, d)
		if err != nil || !ours {
			return verdict{state: store.Pending, doubtful: d.Again, fault: err, tries: d.Tries}
		}
		long, cancel := context.WithTimeout(ctx, filesTimeout)
		defer cancel()
		sending = long
	}
	var receipt Receipt
	err := o.guarded(d, "send", func() (err error) {
		receipt, err = r.sender.Send(sending, p)
		return err
	})
	if err == nil {
		return verdict{state: store.Sent, receipt: receipt, tries: d.Tries + 1}
	}
	return o.judge(ctx, r, d, p, err)
}

func (o *Outbox) find(ctx context.Context, r *room, d store.Delivery, p Parcel) (receipt Receipt, found bool, err error) {
	err = o.guarded(d, "look up", func() (err error) {
		receipt, found, err = r.sender.Find(ctx, p)
		return err
	})
	return receipt, found, err
}

// guarded keeps a fault of ours in one delivery from ending the process, and then every other that claims it. What a panic
// says may quote a person, so the log has only where it was.
func (o *Outbox) guarded(d store.Delivery, what string, do func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s delivery %s: panicked with a %T", what, d.ID, fault)
			o.Log.Error("delivery panicked", "event", d.Event, "delivery", d.ID, "what", what, "stack", string(debug.Stack()))
		}
	}()
	return do()
}

// lengthen makes the lease last for a file; false means that another process has taken the delivery.
func (o *Outbox) lengthen(ctx context.Context, d store.Delivery) (bool, error) {
	until := o.db.Now().Add(filesTimeout + store.Lease)
	ours, err := o.db.ExtendLease(ctx, d.ID, until)
	if ours {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.held[d.ID] = holding{until: until}
	}
	return ours, err
}

// compose makes the parcel: from the message that the flow has left in memory, else from the facts.
func (o *Outbox) compose(ctx context.Context, d store.Delivery) (p Parcel, err error) {
	handling, known := o.Kinds[d.Kind]
	switch {
	case d.Message != nil:
		p.Message = *d.Message
	case known && handling.Compose != nil:
		err = o.guarded(d, "compose", func() (err error) {
			p, err = handling.Compose(ctx, &o.db.Reader, d)
			return err
		})
	default: // a newer version of this program has put it; that one, or this one after its update, will send it
		err = fmt.Errorf("no composer for deliveries of kind %s", d.Kind)
	}
	p.ID, p.Event, p.Again, p.TriedUntil, p.Matters = d.ID, d.Event, d.Again, d.TriedUntil, d.Matters
	if p.To == "" {
		p.To = d.Lane.Chat()
	}
	return p, err
}

// way is how a delivery may go.
type way int

const (
	straight way = iota // send it
	inDoubt             // look it up first: it may have arrived, and nothing keeps a second one from showing
	over                // not at all: it could only have gone with a reply token that is over
)

// retryKeyLife is how long LINE knows a retry key; later the same key is a new message.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
const retryKeyLife = 24 * time.Hour

// route decides how a delivery goes, and gives the parcel its reply token if that is still good.
//
// What keeps a second message from showing: in Slack, changing a message in place or deleting a file; in LINE, the
// reply token, which works once, and the retry key of a push. When a first attempt may have been a reply and its
// token is over, neither helps: a push could be the second message. Then it is for the sender to look up; LINE's
// cannot tell, and the desk is asked rather than the organization told twice.
func (o *Outbox) route(r *room, d store.Delivery, p *Parcel) way {
	if r.platform != bot.LINE {
		if d.Again && p.Update == "" && p.Remove == nil {
			return inDoubt
		}
		return straight
	}
	now := o.db.Now()
	switch {
	case d.ReplyToken != "" && now.Sub(d.TokenAt) < store.ReplyTokenLife:
		p.ReplyToken = d.ReplyToken
		return straight
	case !d.Matters:
		return over
	case d.Again && (mayHaveReplied(d) || now.Sub(d.CreatedAt) >= retryKeyLife):
		return inDoubt
	}
	return straight
}

// mayHaveReplied tells whether an earlier attempt can have used the reply token.
func mayHaveReplied(d store.Delivery) bool {
	return d.ReplyToken != "" && d.CreatedAt.Sub(d.TokenAt) < store.ReplyTokenLife
}
