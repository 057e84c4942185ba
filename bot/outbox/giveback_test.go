package outbox_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

// TestGiveBack is about what this process claims again when it has hardly learned that it has given it back. The clock
// stands: whatever were forgotten would stay so until its lease had run out, and then be in doubt.
func TestGiveBack(t *testing.T) {
	t.Parallel()
	given := func(t *testing.T) (*desk, *process) {
		d := newDesk(t)
		p := d.open(outbox.Options{})
		d.put(p, composed("line/U1", "one"), composed("line/U1", "two"))
		outbox.GiveBack(p.Outbox, "line/U1")
		return d, p
	}
	goes := func(t *testing.T, d *desk, p *process) {
		t.Helper()
		p.run(t)
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"one", "two"})
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
		expect(t, "two", d.row("two"), row{State: "sent", Tries: 1})
		for _, parcel := range d.line.attempts() {
			if parcel.Again {
				t.Errorf("%s counts as tried before", parcel.Message.Alt)
			}
		}
	}
	t.Run("is claimed before this process knows that it is recorded", func(t *testing.T) {
		t.Parallel()
		d, p := given(t)
		learn, err := outbox.Write(t.Context(), p.Outbox)
		if err != nil {
			t.Fatal(err)
		}
		outbox.Sweep(t.Context(), p.Outbox)
		learn()
		expect(t, "held", outbox.Holding(p.Outbox), 2)
		goes(t, d, p)
	})
	t.Run("is claimed after a commit whose answer was lost", func(t *testing.T) {
		t.Parallel()
		d, p := given(t)
		if err := outbox.WriteInDoubt(t.Context(), p.Outbox); err != nil {
			t.Fatal(err)
		}
		d.clock.Jump(time.Second)
		outbox.Sweep(t.Context(), p.Outbox)
		learn, err := outbox.Write(t.Context(), p.Outbox) // the same once more
		if err != nil {
			t.Fatal(err)
		}
		learn()
		other := storetest.Open(t, d.url, store.Options{Now: d.clock.Now})
		claimed, err := other.ClaimDeliveries(t.Context(), store.Claim{Lanes: 9, PerLane: 9, Platforms: []bot.Platform{bot.LINE}})
		if err != nil || len(claimed) > 0 {
			t.Errorf("another process takes %d, %v of what this one has claimed again", len(claimed), err)
		}
		goes(t, d, p)
	})
	t.Run("is claimed before it is recorded, since its lease has run out", func(t *testing.T) {
		t.Parallel()
		d, p := given(t)
		d.clock.Jump(store.Lease + time.Second)
		outbox.Sweep(t.Context(), p.Outbox)
		learn, err := outbox.Write(t.Context(), p.Outbox)
		if err != nil {
			t.Fatal(err)
		}
		learn()
		p.run(t)
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"one", "two"})
	})
}
