package outbox_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// A thousand proposals in one minute are as many cards for one channel, which takes one a second.
func TestPostsWaitUncomposed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var read atomic.Int64
	p := d.start(outbox.Options{PostBurst: 1, Kinds: map[string]outbox.Handling{"fact": {
		Posts: func(d store.Delivery) bool { return d.Args["update"] == "" },
		Compose: func(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
			read.Add(1)
			return compose(ctx, r, d)
		},
	}}})
	const cards = 40
	for n := range cards {
		d.put(p, say(store.SlackLane("C1", bot.ProposalID(n+1)), fmt.Sprint("card ", n)))
	}
	d.until("all cards are shown", func() bool { return len(d.slack.seen()) == cards })
	if got := read.Load(); got != cards {
		t.Errorf("the facts were read %d times for %d posts: who waits must not read them in vain", got, cards)
	}
	change := say(store.SlackLane("C1", 1), "a change")
	change.Args["update"] = "1"
	d.put(p, change)
	d.idle(p)
	if shown := d.slack.seen(); shown[len(shown)-1] != "a change" {
		t.Errorf("shown last: %s, want the change, which waits for nobody", shown[len(shown)-1])
	}
}
