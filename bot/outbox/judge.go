package outbox

import (
	"context"
	"errors"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// ErrUnauthorized, wrapped in a Sender's error, says that the platform refuses our credentials: nothing is wrong with
// the delivery, and nothing else to that platform will go either, until somebody has mended it.
var ErrUnauthorized = errors.New("platform refuses our credentials")

// verdict is what became of one attempt.
type verdict struct {
	waits     bool       // no attempt was made: it waits for its turn in the channel
	settled   bool       // is recorded already
	behind    store.Lane // pending: stands at the end of this lane now, which is recorded already
	state     store.DeliveryState
	receipt   Receipt
	fault     error
	tries     int
	wait      time.Duration // pending: not before
	doubtful  bool          // not sent: may have arrived
	tokenOver bool          // pending: its reply token is of no use any more

	triedUntil time.Time // pending: as in the delivery, unless it was tried since
}

// How long until the next try; see backoff.
const (
	firstWait  = time.Second
	longWait   = 5 * time.Minute
	doubtWait  = 3 * time.Second // before Slack's history is asked: it may lag behind a post that was made
	barredFor  = time.Minute
	patientFor = 24 * time.Hour // platforms that tell us when to come back are believed for so long
)

// judge says what an error from Send means.
func (o *Outbox) judge(ctx context.Context, r *room, d store.Delivery, p Parcel, err error) verdict {
	switch kind := bot.KindOf(err); {
	case errors.Is(err, ErrUnauthorized):
		return o.unauthorized(ctx, r, d, err, p.Again)
	case kind == bot.Conflict && p.ReplyToken != "":
		return o.tokenRefused(d, err)
	case errors.Is(err, ErrChannelClosed):
		return o.channelClosed(ctx, d, p, err)
	case errors.Is(err, ErrThreadGone):
		return o.behindFirst(ctx, d, d.Lane, store.Posted{Channel: p.To, TS: p.Thread})
	case hopeless(kind):
		return dead(d, err)
	}
	doubtful := p.Again || !sure(err)
	o.makeWay(r, p, err)
	v := o.later(d, err, doubtful)
	v.triedUntil = time.Time{}
	v.tokenOver = r.platform == bot.LINE && p.ReplyToken == "" && !d.Again // this was a push, so its retry key guards it
	if r.platform == bot.Slack && doubtful {
		v.wait = max(v.wait, doubtWait)
	}
	return v
}

// judgeFind says what a look-up means that has not said that the parcel surely did not arrive.
func (o *Outbox) judgeFind(ctx context.Context, r *room, d store.Delivery, p Parcel, receipt Receipt, err error) verdict {
	switch {
	case err == nil:
		return verdict{state: store.Sent, receipt: receipt, tries: d.Tries}
	case errors.Is(err, ErrUnauthorized):
		return o.unauthorized(ctx, r, d, err, true)
	case errors.Is(err, ErrChannelClosed):
		p.Again = true
		return o.channelClosed(ctx, d, p, err)
	case hopeless(bot.KindOf(err)):
		return lost(d, err)
	}
	return o.later(d, err, true)
}

// tokenRefused is for a reply token that is not good any more, though young: what matters goes as a push.
func (o *Outbox) tokenRefused(d store.Delivery, err error) verdict {
	switch {
	case !d.Matters:
		return verdict{state: store.Dropped, fault: err, tries: d.Tries + 1}
	case d.Again:
		return lost(d, err)
	}
	return verdict{state: store.Pending, fault: err, tries: d.Tries + 1, tokenOver: true}
}

// later tries again after a growing wait, or as long as the platform asks; too many tries are the end. A platform that
// says when to come back is not failing, so that does not count as a try.
func (o *Outbox) later(d store.Delivery, err error, doubtful bool) verdict {
	v := verdict{state: store.Pending, fault: err, tries: d.Tries + 1, doubtful: doubtful, triedUntil: d.TriedUntil}
	asked := retryAfter(err)
	if asked > 0 && o.db.Now().Sub(d.CreatedAt) < patientFor {
		v.tries = d.Tries
	}
	if v.tries >= o.Tries {
		if doubtful {
			return lost(d, err)
		}
		return dead(d, err)
	}
	v.wait = max(asked, o.backoff(d.Tries))
	return v
}

// backoff is 1 s, 2 s, 4 s and so on up to 5 min, a fifth more or less, so that what failed together does not come back
// together.
func (o *Outbox) backoff(tries int) time.Duration {
	wait := longWait
	if tries < 9 {
		wait = min(longWait, firstWait<<tries)
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*o.Rand()))
}

// makeWay keeps others from running into the limit that the platform has told us of: the channel in Slack, all of LINE.
// https://docs.slack.dev/apis/web-api/rate-limits
func (o *Outbox) makeWay(r *room, p Parcel, err error) {
	asked := retryAfter(err)
	if asked == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.platform == bot.Slack {
		o.holdChannel(p.To, asked)
		return
	}
	o.holdRoom(r, asked)
}

// unauthorized bars the platform and tells the desk once. The delivery has lost nothing by it.
func (o *Outbox) unauthorized(ctx context.Context, r *room, d store.Delivery, err error, doubtful bool) verdict {
	if o.bar(r) {
		o.Log.Error("platform refuses our credentials", "platform", r.platform)
		o.tell(ctx, text.Say("delivery.unauthorized", "platform", string(r.platform)))
	}
	return verdict{state: store.Pending, fault: err, tries: d.Tries, doubtful: doubtful, wait: barredFor}
}

func (o *Outbox) tell(ctx context.Context, say text.Line) {
	if o.Tell == nil {
		return
	}
	err := o.db.InTx(ctx, func(tx *store.Tx) error { return o.Tell(ctx, tx, say) })
	if err != nil {
		o.Log.Error("desk not told", "key", say.Key, "error", err)
	}
}

func dead(d store.Delivery, err error) verdict {
	return verdict{state: store.Dead, fault: err, tries: d.Tries + 1}
}

// lost is what nobody can tell whether it has arrived.
func lost(d store.Delivery, err error) verdict {
	v := dead(d, doubt(err))
	v.doubtful = true
	return v
}

// doubt is what staff read when nobody can tell whether a message has arrived.
func doubt(err error) error {
	return &bot.Error{Kind: bot.Conflict, Say: text.Say("delivery.doubtful"), Err: err}
}

// faultKey is what staff read about a delivery that has not gone.
func faultKey(err error) string {
	var e *bot.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Say.Key != "":
		return e.Say.Key
	}
	return "delivery.failed"
}

// hopeless tells whether trying again cannot help.
func hopeless(k bot.ErrorKind) bool {
	return k == bot.Invalid || k == bot.Forbidden || k == bot.NotFound || k == bot.Conflict
}

// sure tells whether it certainly did not happen.
func sure(err error) bool {
	var e *bot.Error
	return errors.As(err, &e) && e.Sure
}

func retryAfter(err error) time.Duration {
	var e *bot.Error
	if errors.As(err, &e) && e.Kind == bot.Later {
		return e.RetryAfter
	}
	return 0
}
