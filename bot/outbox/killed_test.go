package outbox_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// lag is how long the platform's history may lag behind a post.
const lag = 10 * time.Second

// lags looks among what is shown, and believes that something is not there only when nobody can have been sending it for
// as long as the history may lag.
func (d *desk) lags(p outbox.Parcel) (bool, error) {
	for _, words := range d.slack.shown {
		if words == p.Message.Alt {
			return true, nil
		}
	}
	if p.TriedUntil.IsZero() {
		d.t.Errorf("it is not known until when %s may have been tried", p.Message.Alt)
	}
	if left := lag - d.clock.Now().Sub(p.TriedUntil); left > 0 {
		return false, &bot.Error{Kind: bot.Later, RetryAfter: left}
	}
	return false, nil
}

// TestKilled is about a process that is killed with many posts of one thread in its hands, of which the first has arrived.
// Each is looked up, and all that are looked up wait for the history together, in whichever process.
func TestKilled(t *testing.T) {
	t.Parallel()
	for name, living := range map[string]int{"the only process": 1, "one of three": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.slack.find = d.lags
			killed := d.open(outbox.Options{})
			var posts []store.Delivery
			for _, words := range numbers(1, 14) {
				posts = append(posts, composed(store.SlackLane("C1", 2), words))
			}
			d.put(killed, posts...)
			d.slack.show(outbox.Parcel{Message: *posts[0].Message})
			at := d.clock.Now()
			for range living {
				d.start(outbox.Options{})
			}
			d.until("all are sent", func() bool { return d.row("14").State == "sent" })
			expect(t, "shown", d.slack.seen(), numbers(1, 14))
			passed := d.clock.Now().Sub(at)
			t.Logf("all were there %v after the kill", passed)
			if passed > time.Minute {
				t.Error("want a minute at most")
			}
		})
	}
}

// TestTriedUntil is about what a sender hears of the attempts of others.
func TestTriedUntil(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	killed := d.open(outbox.Options{})
	d.put(killed, composed("slack/C1/2", "one"))
	over := d.clock.Now().Add(store.Lease)
	d.slack.fails(errCut)
	d.slack.find = func(outbox.Parcel) (bool, error) { return false, nil }
	d.start(outbox.Options{})
	d.becomes("one", row{State: "sent", Tries: 2})
	expect(t, "lookups", len(d.slack.finds), 2)
	expect(t, "of the killed one", d.slack.finds[0].TriedUntil.UTC(), over)
	expect(t, "of this one", d.slack.finds[1].TriedUntil, time.Time{})
}
