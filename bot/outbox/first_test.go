package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// threads are kinds of delivery that go under a card, which may have to be posted first: card, and what says something.
type threads struct {
	mu     sync.Mutex // two lanes may be at work
	stands bool
	gone   bool
	asked  int
}

func (h *threads) kinds() map[string]outbox.Handling {
	return map[string]outbox.Handling{
		"card": {Compose: compose, Settle: func(context.Context, *store.Tx, store.Delivery, outbox.Receipt, error) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.stands, h.gone = true, false
			return nil
		}},
		"fact": {Compose: h.compose, First: h.first},
	}
}

func (h *threads) compose(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, err := compose(ctx, r, d)
	p.First, p.Thread = !h.stands, "1.1"
	return p, err
}

func (h *threads) first(_ context.Context, _ *store.Tx, d store.Delivery, gone store.Posted) ([]store.Delivery, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if h.stands && gone != (store.Posted{Channel: "C1", TS: "1.1"}) {
		return nil, bot.Refuse(bot.Conflict, "delivery.failed")
	}
	card := say(d.Lane, "card "+d.Args["say"])
	card.Kind = "card"
	return []store.Delivery{card}, nil
}

// What has nothing to stand under has it posted first, and all that waits in the lane keeps its order behind it: whether that is known
// when it is composed, or only when Slack says so. Nothing of it counts as a try.
func TestFirst_what_it_stands_under(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]*threads{"stands nowhere": {}, "is gone": {stands: true, gone: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.slack.answer = func(p outbox.Parcel) error {
				if p.Thread != "" && h.gone {
					return &bot.Error{Kind: bot.NotFound, Sure: true, Err: fmt.Errorf("%w", outbox.ErrThreadGone)}
				}
				return nil
			}
			p := d.open(outbox.Options{Kinds: h.kinds()})
			lane := store.SlackLane("C1", 1)
			d.put(p, say(lane, "一"), say(lane, "二"), say(lane, "三"))
			p.run(t)
			for _, words := range []string{"一", "二", "三"} {
				d.becomes(words, row{State: "sent", Tries: 1})
			}
			said := slices.DeleteFunc(slices.Clone(d.slack.shown), func(s string) bool { return s[0] == 'c' })
			expect(t, "shown", said, []string{"一", "二", "三"})
			if d.slack.shown[0] != "card 一" {
				t.Errorf("shown: %q", d.slack.shown)
			}
		})
	}
}

// The card comes by another lane, just as the first of three was put behind one: the others, which find it there, do not overtake.
func TestFirst_from_another_lane(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	h := &threads{}
	kinds := h.kinds()
	fact := kinds["fact"]
	fact.First = func(ctx context.Context, tx *store.Tx, d store.Delivery, gone store.Posted) ([]store.Delivery, error) {
		before, err := h.first(ctx, tx, d, gone)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.stands = true
		return before, err
	}
	kinds["fact"] = fact
	p := d.open(outbox.Options{Kinds: kinds})
	lane := store.SlackLane("C1", 1)
	d.put(p, say(lane, "一"), say(lane, "二"), say(lane, "三"))
	p.run(t)
	for _, words := range []string{"一", "二", "三"} {
		d.becomes(words, row{State: "sent", Tries: 1})
	}
	said := slices.DeleteFunc(slices.Clone(d.slack.shown), func(s string) bool { return s[0] == 'c' })
	expect(t, "shown", said, []string{"一", "二", "三"})
}

// What goes to a reader who has moved changes into the lane of the new channel, in its order, with one card before it: that of a start
// is not posted beside it.
func TestFirst_in_another_lane(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	h := &threads{}
	kinds := h.kinds()
	fact, card := kinds["fact"], kinds["card"]
	anew := 0
	fact.Compose = func(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
		p, err := h.compose(ctx, r, d)
		p.Moves = "C2"
		return p, err
	}
	fact.First = func(_ context.Context, _ *store.Tx, d store.Delivery, _ store.Posted) ([]store.Delivery, error) {
		card := say(d.Lane, "card "+d.Args["say"]) // wherever: it may have come meanwhile
		card.Kind = "card"
		return []store.Delivery{card}, nil
	}
	card.Compose = func(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		p, err := compose(ctx, r, d)
		if p.Moves = "C2"; h.stands {
			p.Update = "1.1"
		} else {
			anew++
		}
		return p, err
	}
	kinds["fact"], kinds["card"] = fact, card
	p := d.open(outbox.Options{Kinds: kinds})
	old, now := store.SlackLane("C1", 1), store.SlackLane("C2", 1)
	started := say(now, "card of the start")
	started.Kind = "card"
	d.put(p, say(old, "一"), say(old, "二"), started, say(now, "三"))
	p.run(t)
	for _, words := range []string{"一", "二", "三"} {
		d.becomes(words, row{State: "sent", Tries: 1})
	}
	said := slices.DeleteFunc(slices.Clone(d.slack.shown), func(s string) bool { return s[0] == 'c' || s == "三" })
	expect(t, "shown", said, []string{"一", "二"})
	if anew != 1 {
		t.Errorf("%d cards were posted anew: %q", anew, d.slack.shown)
	}
}

// What was in doubt is looked up where it may have gone before anything is put before it.
func TestFirst_after_a_doubt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	h := &threads{}
	p := d.open(outbox.Options{Kinds: h.kinds()})
	d.put(p, say(store.SlackLane("C1", 1), "一"))
	if _, err := d.conn.Exec(t.Context(), `UPDATE deliveries SET doubtful = true, leased_by = NULL, leased_until = NULL`); err != nil {
		t.Fatal(err)
	}
	d.slack.find = func(outbox.Parcel) (bool, error) { return true, nil }
	other := d.start(outbox.Options{Kinds: h.kinds()})
	d.until("it is found", func() bool { return d.row("一").State == "sent" })
	d.idle(other)
	if h.asked != 0 || len(d.slack.shown) != 0 {
		t.Errorf("asked for what comes first %d times, shown %q", h.asked, d.slack.shown)
	}
}

// What cannot have anything to stand under is set aside.
func TestFirst_in_vain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	h := &threads{stands: true}
	d.slack.answer = func(p outbox.Parcel) error {
		return &bot.Error{Kind: bot.NotFound, Sure: true, Err: fmt.Errorf("%w", outbox.ErrThreadGone)}
	}
	kinds := h.kinds()
	kinds["fact"] = outbox.Handling{Compose: h.compose, First: func(context.Context, *store.Tx, store.Delivery, store.Posted) ([]store.Delivery, error) {
		return nil, bot.Refuse(bot.Conflict, "delivery.failed")
	}}
	p := d.start(outbox.Options{Kinds: kinds})
	d.put(p, say(store.SlackLane("C1", 1), "一"))
	d.becomes("一", row{State: "dead", Fault: "delivery.failed"})
}
