package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// shuts is a process's Close: it closes the channel and counts the news.
func shuts(news *int) func(context.Context, *store.Tx, string, error) error {
	return func(ctx context.Context, tx *store.Tx, channel string, _ error) error {
		first, err := tx.CloseChannel(ctx, channel, bot.ChannelArchived)
		if first {
			*news++
		}
		return err
	}
}

func takesNothing(p outbox.Parcel) error {
	return &bot.Error{Kind: bot.NotFound, Sure: true, Err: fmt.Errorf("%w: %s", outbox.ErrChannelClosed, p.To)}
}

// opens lets everything go again but for these.
func (d *desk) opens(p *process, but ...string) {
	d.t.Helper()
	err := p.db.InTx(d.t.Context(), func(tx *store.Tx) error {
		_, err := tx.OpenChannels(d.t.Context(), append([]string{}, but...))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// What is to go into a channel that takes nothing waits, for days and through restarts, and is not tried meanwhile, nor counted as if it
// had been. The other channels go on. Once it is open again all goes, in order.
func TestClosed_channel_waits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	news, refuses := 0, true
	d.slack.answer = func(p outbox.Parcel) error {
		if p.To == "C1" && refuses {
			return takesNothing(p)
		}
		return nil
	}
	o := outbox.Options{Close: shuts(&news), Tries: 3, HoldOlderThan: 24 * time.Hour}
	p := d.start(o)
	d.put(p, say(store.SlackLane("C1", 1), "一"), say(store.SlackLane("C2", 1), "二"))
	d.until("the other channel has its own", func() bool { return d.row("二").State == "sent" })
	d.until("it waits", func() bool { r := d.row("一"); return r.State == "pending" && !r.Leased })
	tries := len(d.slack.tries)
	for i := range 3 {
		d.put(p, say(store.SlackLane("C1", bot.ProposalID(i)), fmt.Sprint("三", i)))
	}
	for range 50 {
		d.clock.Jump(time.Hour)
		p.Wake()
	}
	d.idle(p)
	p.stop()
	p = d.start(o) // sets aside what is older than a day
	d.put(p, say(store.SlackLane("C2", 1), "四"))
	d.becomes("四", row{State: "sent", Tries: 1})
	tries++
	if n := len(d.slack.tries) - tries; n != 0 {
		t.Errorf("tried %d times while closed", n)
	}
	for _, words := range []string{"一", "三0", "三1", "三2"} {
		expect(t, words, d.row(words).State, "pending")
		expect(t, words, d.row(words).Tries, 0)
	}
	if news != 1 {
		t.Errorf("told %d times", news)
	}
	refuses = false
	p.stop()
	d.opens(p)
	p = d.start(o) // which does not take for old what had to wait
	for _, words := range []string{"一", "三0", "三1", "三2"} {
		d.becomes(words, row{State: "sent", Tries: 1})
	}
	shown := d.slack.shown
	if slices.Index(shown, "一") > slices.Index(shown, "三1") {
		t.Errorf("the order of the lane is lost: %q", shown)
	}
}

// What one process has closed, another keeps to as well, with what it holds; one tells.
func TestClosed_channel_of_all_processes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	news := 0
	d.slack.answer = func(p outbox.Parcel) error { return takesNothing(p) }
	one, two := d.start(outbox.Options{Close: shuts(&news)}), d.start(outbox.Options{Close: shuts(&news)})
	d.put(one, say(store.SlackLane("C1", 1), "一"))
	d.until("it is closed", func() bool { return news > 0 })
	two.Refresh(t.Context())
	tries := len(d.slack.tries)
	d.put(two, say(store.SlackLane("C1", 2), "二"))
	d.idle(two)
	d.idle(one)
	if n := len(d.slack.tries) - tries; n != 0 || news != 1 {
		t.Errorf("tried %d times, told %d times", n, news)
	}
	expect(t, "二", d.row("二"), row{State: "pending"})
}

// What was in doubt stays so while it waits, and is looked up when its channel is open again.
func TestClosed_channel_keeps_doubts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	news, closed := 0, false
	d.slack.answer = func(outbox.Parcel) error { return &bot.Error{Kind: bot.Later, Err: errors.New("no answer")} }
	d.slack.find = func(p outbox.Parcel) (bool, error) {
		if closed {
			return true, nil
		}
		closed = true
		return false, takesNothing(p)
	}
	p := d.start(outbox.Options{Close: shuts(&news)})
	d.put(p, say(store.SlackLane("C1", 1), "一"))
	d.until("it is closed", func() bool { return news > 0 })
	d.until("it waits", func() bool { return !d.row("一").Leased })
	d.opens(p)
	d.becomes("一", row{State: "sent", Tries: 1})
	if n := len(d.slack.tries); n != 1 {
		t.Errorf("sent %d times", n)
	}
}
