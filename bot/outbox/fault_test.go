package outbox_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// refused is an error after which it is sure that nothing has arrived.
func refused(kind bot.ErrorKind, after time.Duration) error {
	return &bot.Error{Kind: kind, Say: text.Say("delivery.busy"), Sure: true, RetryAfter: after}
}

var errCut = errors.New("connection reset")

func TestRetry(t *testing.T) {
	t.Parallel()
	t.Run("waits longer each time and keeps the lane's order", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.fails(refused(bot.Later, 0), refused(bot.Later, 0), refused(bot.Later, 0))
		p := d.start(outbox.Options{})
		begun := d.clock.Now()
		d.put(p, say("line/U1", "one"), say("line/U1", "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "shown", d.line.seen(), []string{"one", "two"})
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 4})
		if passed := d.clock.Now().Sub(begun); passed < 7*time.Second {
			t.Errorf("three failures took %v, want 1+2+4 s at least", passed)
		}
	})
	t.Run("does not hold up other lanes", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.answer = func(p outbox.Parcel) error {
			if p.To == "U1" {
				return refused(bot.Later, 0)
			}
			return nil
		}
		p := d.start(outbox.Options{})
		d.put(p, say("line/U1", "one"), say("line/U2", "two"))
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"two"})
	})
	t.Run("what is put behind a waiting one waits too", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.fails(refused(bot.Later, time.Minute))
		p := d.start(outbox.Options{})
		d.put(p, say("line/U1", "one"))
		d.until("refused", func() bool { return !d.row("one").Leased })
		d.put(p, composed("line/U1", "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "shown", d.line.seen(), []string{"one", "two"})
	})
	t.Run("waits as long as the platform asks, for the whole platform", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		begun := d.clock.Now()
		d.line.answer = func(outbox.Parcel) error {
			if left := begun.Add(30 * time.Second).Sub(d.clock.Now()); left > 0 {
				return refused(bot.Later, left)
			}
			return nil
		}
		p := d.start(outbox.Options{})
		d.put(p, say("line/U1", "one"))
		d.until("refused", func() bool { return !d.row("one").Leased })
		d.put(p, say("line/U2", "two"))
		d.becomes("one", row{State: "sent", Tries: 1})
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "attempts", len(d.line.attempts()), 3)
	})
	t.Run("ends after its tries", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.fails(refused(bot.Later, 0), refused(bot.Later, 0), refused(bot.Later, 0))
		p := d.start(outbox.Options{Tries: 3})
		d.put(p, say("line/U1", "one"), say("line/U1", "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "one", d.row("one"), row{State: "dead", Fault: "delivery.busy", Tries: 3})
	})
	t.Run("is not made where it cannot help", func(t *testing.T) {
		t.Parallel()
		for _, kind := range []bot.ErrorKind{bot.Invalid, bot.Forbidden, bot.NotFound} {
			d := newDesk(t)
			d.line.fails(bot.Refuse(kind, "delivery.quota"))
			p := d.start(outbox.Options{})
			d.put(p, say("line/U1", "one"), say("line/U1", "two"))
			d.idle(p)
			expect(t, "one", d.row("one"), row{State: "dead", Fault: "delivery.quota", Tries: 1})
			expect(t, "shown", d.line.seen(), []string{"two"})
		}
	})
}

func TestUnauthorized(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var mended atomic.Bool
	d.line.answer = func(outbox.Parcel) error {
		if mended.Load() {
			return nil
		}
		return &bot.Error{Kind: bot.Forbidden, Err: outbox.ErrUnauthorized, Sure: true}
	}
	var told atomic.Int32
	p := d.start(outbox.Options{Workers: 2, Tell: func(_ context.Context, tx *store.Tx, l text.Line) error {
		told.Add(1)
		return tx.Put(say("slack/CDESK/0", l.Key))
	}})
	d.put(p, say("line/U1", "one"), say("line/U1", "two"), say("line/U2", "three"), say("line/U3", "four"))
	d.until("the desk reads of it", func() bool { return len(d.slack.seen()) == 1 })
	d.until("tried again", func() bool { return len(d.line.attempts()) > 3 })
	d.until("closed again", func() bool { return !d.row("one").Leased && !d.row("two").Leased })
	mended.Store(true)
	d.becomes("two", row{State: "sent", Tries: 1})
	d.becomes("three", row{State: "sent", Tries: 1})
	d.becomes("four", row{State: "sent", Tries: 1})
	expect(t, "desk reads", d.slack.seen(), []string{"delivery.unauthorized"})
	expect(t, "told", told.Load(), int32(1))
}

func TestDoubtfulPost(t *testing.T) {
	t.Parallel()
	lane := store.SlackLane("C1", 2)
	t.Run("that has arrived is adopted", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		p := d.start(outbox.Options{})
		d.put(p, composed(lane, "one"), composed(lane, "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "shown", d.slack.seen(), []string{"one", "two"})
		expect(t, "lookups", d.slack.lookups(), 1)
	})
	t.Run("that has surely not is sent again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.fails(errCut)
		p := d.start(outbox.Options{})
		d.put(p, say(lane, "one"), say(lane, "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "shown", d.slack.seen(), []string{"one", "two"})
		expect(t, "lookups", d.slack.lookups(), 1)
		expect(t, "attempts", len(d.slack.attempts()), 3)
	})
	t.Run("that nobody can tell of is never sent again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		d.slack.find = func(outbox.Parcel) (bool, error) { return false, refused(bot.Later, 0) }
		p := d.start(outbox.Options{Tries: 4})
		d.put(p, say(lane, "one"), say(lane, "two"))
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "one", d.row("one"), row{State: "dead", Fault: "delivery.doubtful", Tries: 4, Doubtful: true})
		expect(t, "shown", d.slack.seen(), []string{"one", "two"})
		expect(t, "lookups", d.slack.lookups(), 3)
	})
	t.Run("of which nothing is left to say stays in doubt", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		taken := false
		p := d.start(outbox.Options{Kinds: map[string]outbox.Handling{"fact": {
			Compose: func(ctx context.Context, r *store.Reader, one store.Delivery) (outbox.Parcel, error) {
				if taken {
					return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
				}
				taken = true
				return compose(ctx, r, one)
			},
		}}})
		d.put(p, say(lane, "one"))
		d.becomes("one", row{State: "dropped", Doubtful: true})
	})
	t.Run("that deletes a file is made again without a look", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		p := d.start(outbox.Options{})
		one := say(lane, "one")
		one.Args["remove"] = "F1"
		d.put(p, one)
		d.becomes("one", row{State: "sent", Tries: 2})
		expect(t, "lookups", d.slack.lookups(), 0)
	})
	t.Run("into a channel that cannot be read is set aside at once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		d.slack.find = func(outbox.Parcel) (bool, error) { return false, bot.Refuse(bot.NotFound, "delivery.archived") }
		p := d.start(outbox.Options{})
		d.put(p, say(lane, "one"))
		d.becomes("one", row{State: "dead", Fault: "delivery.doubtful", Tries: 2, Doubtful: true})
	})
	t.Run("is looked up again when our credentials are good again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		var asked atomic.Int32
		d.slack.find = func(outbox.Parcel) (bool, error) {
			if asked.Add(1) == 1 {
				return false, &bot.Error{Kind: bot.Forbidden, Err: outbox.ErrUnauthorized, Sure: true}
			}
			return true, nil
		}
		p := d.start(outbox.Options{})
		d.put(p, say(lane, "one"))
		d.becomes("one", row{State: "sent", Tries: 1})
		expect(t, "shown", d.slack.seen(), []string{"one"})
	})
	t.Run("stays in doubt over a limit that is hit in between", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.line.fails(errCut, refused(bot.Later, 2*time.Second))
		p := d.start(outbox.Options{})
		d.put(p, fresh(d, say("line/U1", "one")))
		d.becomes("one", row{State: "sent", Tries: 2})
		for n, parcel := range d.line.attempts() {
			if parcel.Again != (n > 0) {
				t.Errorf("attempt %d says tried before: %v", n, parcel.Again)
			}
		}
	})
	t.Run("in place is just sent again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.showsThenFails(errCut)
		p := d.start(outbox.Options{})
		update := say(lane, "one")
		update.Args["update"] = "1.2"
		d.put(p, update)
		d.becomes("one", row{State: "sent", Tries: 2})
		expect(t, "lookups", d.slack.lookups(), 0)
	})
}

// fresh gives a delivery a reply token of now.
func fresh(d *desk, s store.Delivery) store.Delivery {
	s.ReplyToken, s.TokenAt = "token", d.clock.Now()
	return s
}
