package outbox_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// settling makes a kind "card" whose outcome changes facts: it puts what the desk reads about it.
func settling(f func(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error) outbox.Options {
	return outbox.Options{Tries: 2, Kinds: map[string]outbox.Handling{
		"fact": {Compose: compose}, "card": {Compose: compose, Settle: f},
	}}
}

func card(words string) store.Delivery {
	d := say("slack/C1/2", words)
	d.Kind = "card"
	return d
}

// report puts one line for the desk: the receipt, or the fault.
func report(_ context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
	words := d.Args["say"] + " stands"
	if fault != nil {
		words = d.Args["say"] + " " + bot.SayOf(fault).Key
	} else if r.TS == "" {
		return errors.New("no receipt")
	}
	return tx.Put(say("slack/CDESK/0", words))
}

func TestSettle(t *testing.T) {
	t.Parallel()
	t.Run("comes before the lane goes on", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var settled atomic.Bool
		d.slack.answer = func(p outbox.Parcel) error {
			if p.Message.Alt == "two" && !settled.Load() {
				t.Error("the second went before the first was settled")
			}
			return nil
		}
		p := d.start(settling(func(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
			settled.Store(true)
			return report(ctx, tx, d, r, fault)
		}))
		d.put(p, card("one"), say("slack/C1/2", "two"))
		d.idle(p)
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
		expect(t, "desk reads", d.row("one stands").State, "sent")
	})
	t.Run("tells the desk what could not be sent", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.slack.fails(bot.Refuse(bot.NotFound, "delivery.archived"))
		p := d.start(settling(report))
		d.put(p, card("one"))
		d.idle(p)
		expect(t, "one", d.row("one"), row{State: "dead", Fault: "delivery.archived", Tries: 1})
		expect(t, "desk reads", d.slack.seen(), []string{"one delivery.archived"})
	})
	t.Run("is tried again without sending again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var failed atomic.Int32
		p := d.start(settling(func(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
			if failed.Add(1) <= 2 {
				return errors.New("deadlock")
			}
			return report(ctx, tx, d, r, fault)
		}))
		d.put(p, card("one"))
		d.becomes("one", row{State: "sent", Tries: 1})
		d.idle(p)
		expect(t, "shown", d.slack.seen(), []string{"one", "one stands"})
	})
	t.Run("that cannot be is given up, the outcome is not", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(settling(func(context.Context, *store.Tx, store.Delivery, outbox.Receipt, error) error {
			return bot.Refuse(bot.NotFound, "error.not_found")
		}))
		d.put(p, card("one"), card("two"))
		d.idle(p)
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
		expect(t, "shown", d.slack.seen(), []string{"one", "two"})
	})
	t.Run("that is cut off by the end is left to the next process, which does not send again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		trying := make(chan struct{}, 9)
		p := d.start(settling(func(context.Context, *store.Tx, store.Delivery, outbox.Receipt, error) error {
			trying <- struct{}{}
			return errors.New("deadlock")
		}))
		d.put(p, card("one"))
		<-trying
		p.stop()
		expect(t, "one", d.row("one"), row{State: "pending", Doubtful: true, Fault: ""})
		next := d.start(settling(report))
		d.idle(next)
		expect(t, "shown", d.slack.seen(), []string{"one", "one stands"})
	})
}

func TestFileTakesItsTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	o := outbox.Options{Kinds: map[string]outbox.Handling{"fact": {
		Compose: func(ctx context.Context, r *store.Reader, s store.Delivery) (outbox.Parcel, error) {
			p, err := compose(ctx, r, s)
			p.File = &outbox.File{Name: "plan.pdf"}
			return p, err
		},
	}}}
	a, b := d.start(o), d.start(o)
	d.slack.begun = make(chan outbox.Parcel)
	release := make(chan struct{})
	d.slack.answer = func(outbox.Parcel) error { <-release; return nil }
	d.put(a, say("slack/C1/2", "one"))
	<-d.slack.begun
	d.clock.Jump(2 * store.Lease)
	if claimed, err := b.db.ClaimDeliveries(t.Context(), store.Claim{Lanes: 9, PerLane: 9, Platforms: []bot.Platform{bot.Slack}}); err != nil || len(claimed) > 0 {
		t.Errorf("another process takes %v, %v from an upload that goes on", claimed, err)
	}
	close(release)
	d.until("sent", func() bool { return d.row("one") == row{State: "sent", Tries: 1} })
	expect(t, "attempts", len(d.slack.attempts()), 1)
}

func each[T any](c <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	t.Run("lets a burst into a channel, then one a second", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		begun := d.clock.Now()
		at := make(chan time.Duration, 99)
		d.slack.answer = func(p outbox.Parcel) error {
			if p.To == "C1" {
				at <- d.clock.Now().Sub(begun)
			}
			return nil
		}
		p := d.start(outbox.Options{})
		var all []store.Delivery
		for n, words := range numbers(1, 20) {
			all = append(all, say(store.SlackLane("C1", bot.ProposalID(n%4)), words))
		}
		d.put(p, append(all, say("slack/C2/1", "other"))...)
		d.until("all shown", func() bool { return len(d.slack.seen()) == 21 })
		close(at)
		for n, passed := range slices.Sorted(each(at)) {
			if least := time.Duration(n+1-5) * time.Second; passed < least {
				t.Errorf("post %d went after %v, want a burst of 5, then one a second", n+1, passed)
			}
		}
		if passed := d.clock.Now().Sub(begun); passed > 40*time.Second {
			t.Errorf("20 posts took %v, want little more than 15 s", passed)
		}
	})
	t.Run("lets changes in place through", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		for _, words := range numbers(1, 30) {
			update := say("slack/C1/1", words)
			update.Args["update"] = "1.2"
			d.put(p, update)
		}
		d.idle(p)
		expect(t, "shown", d.slack.seen(), numbers(1, 30))
	})
	t.Run("keeps a channel quiet for as long as Slack asks", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		begun := d.clock.Now()
		d.slack.answer = func(p outbox.Parcel) error {
			if left := begun.Add(30 * time.Second).Sub(d.clock.Now()); left > 0 && p.To == "C1" {
				return refused(bot.Later, left)
			}
			return nil
		}
		p := d.start(outbox.Options{})
		d.put(p, say("slack/C1/1", "one"))
		d.until("refused", func() bool { return !d.row("one").Leased })
		d.put(p, say("slack/C1/2", "two"), say("slack/C2/3", "other"))
		d.becomes("other", row{State: "sent", Tries: 1})
		expect(t, "shown", d.slack.seen(), []string{"other"})
		d.becomes("one", row{State: "sent", Tries: 1})
		d.becomes("two", row{State: "sent", Tries: 1})
		expect(t, "attempts", len(d.slack.attempts()), 4)
	})
}
