package outbox

import (
	"context"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// pace lets new posts into one Slack channel at a rate: one a second, with bursts. Lanes that must wait for their turn
// hold no worker. https://docs.slack.dev/apis/web-api/rate-limits
type pace struct {
	turns float64   // what may go now
	at    time.Time // when turns was counted
	holds time.Time // nothing goes before: the platform has asked us to wait
	lanes []*lane   // waiting for their turn
	given bool      // somebody is giving turns
}

// patience is how long a lane waits for its turn in memory; longer waits are spent in Postgres.
const patience = 5 * time.Second

// mayGo takes the lane's turn in its channel, or lets it wait there with its delivery, or gives both back to Postgres if
// that would be long.
func (o *Outbox) mayGo(l *lane, d store.Delivery, p Parcel) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.pace(p.To)
	free := p.Update != "" || p.Remove != nil || o.PostEvery < 0
	switch now := o.db.Now(); {
	case l.turn:
		l.turn = false
	case free && !now.Before(c.holds):
	case len(c.lanes) == 0 && o.until(c, now) <= 0:
		c.turns--
	default:
		o.queueUp(c, l, d, now)
		return false
	}
	return true
}

func (o *Outbox) pace(channel string) *pace {
	c := o.paces[channel]
	if c == nil {
		c = &pace{turns: float64(o.PostBurst), at: o.db.Now()}
		o.paces[channel] = c
	}
	return c
}

// until counts how long it is to the channel's next turn.
func (o *Outbox) until(c *pace, now time.Time) time.Duration {
	if now.Before(c.holds) {
		return c.holds.Sub(now)
	}
	if o.PostEvery < 0 {
		c.turns = 1
		return 0
	}
	if passed := now.Sub(c.at); passed > 0 {
		c.turns = min(float64(o.PostBurst), c.turns+float64(passed)/float64(o.PostEvery))
	}
	c.at = now
	if c.turns >= 1 {
		return 0
	}
	return time.Duration((1 - c.turns) * float64(o.PostEvery))
}

func (o *Outbox) queueUp(c *pace, l *lane, d store.Delivery, now time.Time) {
	long := o.until(c, now) + time.Duration(len(c.lanes))*max(o.PostEvery, 0)
	if long > patience {
		o.back(l, d, now.Add(long))
		o.backFrom(l, 0, now.Add(long))
		l.busy = false
		return
	}
	l.queue = slices.Insert(l.queue, 0, d)
	c.lanes = append(c.lanes, l)
	if !c.given && o.pacing != nil {
		c.given = true
		o.pacing(c)
	}
}

// giveTurns sends lanes back to their room as their turns come, until none waits.
func (o *Outbox) giveTurns(ctx context.Context, c *pace) {
	for {
		d, more := o.nextTurn(c)
		if !more || o.Wait(ctx, d) != nil {
			return
		}
	}
}

func (o *Outbox) nextTurn(c *pace) (wait time.Duration, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(c.lanes) > 0 {
		if d := o.until(c, o.db.Now()); d > 0 {
			return d, true
		}
		l := c.lanes[0]
		c.lanes = c.lanes[1:]
		if l.busy = l.ready(); !l.busy {
			continue // what it had has gone back to Postgres
		}
		c.turns--
		l.turn = true
		o.enter(o.rooms[bot.Slack], l)
	}
	c.given = false
	return 0, false
}

// holdChannel lets nothing go into the channel for as long as Slack has asked.
func (o *Outbox) holdChannel(channel string, d time.Duration) {
	c := o.pace(channel)
	if until := o.db.Now().Add(d); until.After(c.holds) {
		c.holds = until
	}
}

// forgetPaces drops channels that have been quiet for long enough to be as new.
func (o *Outbox) forgetPaces(now time.Time) {
	for channel, c := range o.paces {
		if o.until(c, now) <= 0 && len(c.lanes) == 0 && c.turns >= float64(o.PostBurst) {
			delete(o.paces, channel)
		}
	}
}
