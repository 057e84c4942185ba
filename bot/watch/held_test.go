package watch_test

import (
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// A reply that waits to go, say because LINE is down, is told of once, after a minute; one that has gone is not.
func TestHeld(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := p.owns("U0MORI", "a")
	p.shown()
	p.at("2026-11-24 10:00")
	p.tx(func(tx *store.Tx) error {
		mori, l := bot.Actor{ID: "U0MORI", Desk: true}, ledger.New(p.desk)
		m, err := l.Write(t.Context(), tx, ledger.Reply{Proposal: id, By: mori, Body: "来週です"})
		if err == nil {
			_, err = l.Send(t.Context(), tx, "send", mori, m.ID, 0)
		}
		return err
	})
	told := func(when string, want int) {
		t.Helper()
		p.at(when)
		_, other := p.replica()
		other.Sweep(t.Context())
		if n := p.delivered("slack/", ledger.KindOutcome); n != want {
			t.Errorf("at %s the desk was told %d times, want %d", when, n, want)
		}
	}
	told("2026-11-24 10:00", 0)
	told("2026-11-24 10:02", 1)
	told("2026-11-24 10:03", 1)
	if n := p.count(`SELECT count(*) FROM deliveries WHERE kind = 'outcome' AND args->>'fault' = 'delivery.waiting'`); n != 1 {
		t.Errorf("%d outcomes say that it waits", n)
	}
}
