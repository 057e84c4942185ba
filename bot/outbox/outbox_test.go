package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
	"tsunagi/store/storetest"
)

func TestDelivery(t *testing.T) {
	t.Parallel()
	t.Run("goes in order, without the clock, and is recorded", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		for n := range 100 {
			d.put(p, composed("line/U1", fmt.Sprint(n+1)))
		}
		d.idle(p)
		expect(t, "shown", d.line.seen(), numbers(1, 100))
		expect(t, "one", d.row("1"), row{State: "sent", Tries: 1})
		expect(t, "held", outbox.Holding(p.Outbox), 0)
	})
	t.Run("is composed from the facts if the flow has not", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		d.put(p, say("line/U1", "hello"))
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"hello"})
		got := d.line.attempts()[0]
		if got.To != "U1" || got.Event != "e-hello" || !got.Matters || got.Again {
			t.Errorf("parcel %+v is not addressed as the delivery", got)
		}
	})
	t.Run("is dropped when there is nothing left to say", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		d.put(p, say("line/U1", ""), say("line/U1", "next"))
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"next"})
		expect(t, "first", d.row(""), row{State: "dropped"})
	})
	t.Run("put before Run goes when it runs", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.open(outbox.Options{})
		d.put(p, composed("line/U1", "early"))
		p.run(t)
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"early"})
	})
	t.Run("of a kind nobody knows waits for somebody who does", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		unknown := say("line/U1", "new")
		unknown.Kind = "of tomorrow"
		d.put(p, unknown)
		d.until("tried twice", func() bool { return d.row("new").Tries >= 2 })
		expect(t, "state", d.row("new").State, "pending")
	})
	t.Run("not due yet waits, and its lane with it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		first := say("line/U1", "first")
		first.NotBefore = d.clock.Now().Add(time.Hour)
		d.put(p, first, say("line/U1", "second"), say("line/U2", "other"))
		d.idle(p)
		expect(t, "shown", d.line.seen(), []string{"other"})
		d.clock.Jump(time.Hour)
		d.until("all shown", func() bool { return len(d.line.seen()) == 3 })
		expect(t, "shown", d.line.seen(), []string{"other", "first", "second"})
	})
}

func TestMovedClock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.start(outbox.Options{})
	d.line.begun = make(chan outbox.Parcel)
	d.put(p, composed("line/U1", "one"), composed("line/U1", "two"))
	<-d.line.begun
	d.clock.Jump(24 * time.Hour) // all leases are over, in our own hands
	d.clock.Step(t.Context())
	d.clock.Step(t.Context())
	<-d.line.begun
	d.idle(p)
	expect(t, "shown", d.line.seen(), []string{"one", "two"})
	expect(t, "attempts", len(d.line.attempts()), 2)
}

// TestWornLease is about a delivery that has waited in memory: what is left of its lease would end during the send.
func TestWornLease(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.open(outbox.Options{})
	d.put(p, composed("line/U1", "one"))
	d.clock.Jump(store.Lease * 3 / 4)
	d.line.begun = make(chan outbox.Parcel)
	release := make(chan struct{})
	d.line.answer = func(outbox.Parcel) error { <-release; return nil }
	p.run(t)
	<-d.line.begun
	other := storetest.Open(t, d.url, store.Options{Now: func() time.Time { return d.clock.Now().Add(store.Lease / 2) }})
	claimed, err := other.ClaimDeliveries(t.Context(), store.Claim{Lanes: 9, PerLane: 9, Platforms: []bot.Platform{bot.LINE}})
	if err != nil || len(claimed) > 0 {
		t.Errorf("another process takes %v, %v from a send that goes on", claimed, err)
	}
	close(release)
	d.becomes("one", row{State: "sent", Tries: 1})
}

func TestStop(t *testing.T) {
	t.Parallel()
	t.Run("ends what is being sent and gives back the rest", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		d.line.begun = make(chan outbox.Parcel, 1)
		release := make(chan struct{})
		d.line.answer = func(outbox.Parcel) error { <-release; return nil }
		d.put(p, say("line/U1", "one"), say("line/U1", "two"))
		<-d.line.begun
		stopped := make(chan struct{})
		go func() { defer close(stopped); p.stop() }()
		close(release)
		<-stopped
		// Whether the second had begun before the stop is a matter of luck; nothing is held, and nothing is in doubt.
		expect(t, "one", d.row("one"), row{State: "sent", Tries: 1})
		if two := d.row("two"); two.Leased || two.Doubtful {
			t.Errorf("two is %+v, want it free", two)
		}
		next := d.start(outbox.Options{})
		d.idle(next)
		expect(t, "shown", d.line.seen(), []string{"one", "two"})
	})
	t.Run("what goes on is not begun", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.start(outbox.Options{})
		p.stop()
		d.put(p, composed("line/U1", "late"))
		expect(t, "shown", d.line.seen(), []string(nil))
		d.start(outbox.Options{})
		d.becomes("late", row{State: "sent", Tries: 1})
	})
}

func TestOldOnesAreHeld(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	gone := storetest.Open(t, d.url, store.Options{Now: d.clock.Now})
	d.put(&process{db: gone}, say("line/U1", "old"))
	d.clock.Jump(25 * time.Hour)
	d.put(&process{db: gone}, say("line/U1", "young"))
	var told text.Line
	p := d.start(outbox.Options{Tell: func(_ context.Context, _ *store.Tx, say text.Line) error {
		told = say
		return nil
	}})
	d.becomes("young", row{State: "sent", Tries: 1})
	expect(t, "old", d.row("old"), row{State: "dead", Fault: "delivery.held", Doubtful: true})
	expect(t, "desk reads", told, text.Say("delivery.held", "count", 1))

	dead, err := p.db.DeadDeliveries(t.Context(), 0, 10)
	if err != nil || len(dead) != 1 {
		t.Fatalf("dead ones: %+v, %v, want the old one", dead, err)
	}
	err = p.db.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ReleaseDelivery(t.Context(), dead[0].ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.idle(p)
	expect(t, "shown", d.line.seen(), []string{"young", "old"})
}

func TestIdle(t *testing.T) {
	t.Parallel()
	t.Run("waits for what another process sends", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.start(outbox.Options{}), d.start(outbox.Options{})
		d.line.begun = make(chan outbox.Parcel)
		d.put(a, say("line/U1", "one"))
		idle := make(chan error, 1)
		go func() { idle <- b.Idle(t.Context()) }()
		<-d.line.begun
		d.until("b is idle", func() bool { return len(idle) == 1 })
		expect(t, "error", <-idle, nil)
		expect(t, "shown", d.line.seen(), []string{"one"})
	})
	t.Run("ends with its context", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		p := d.open(outbox.Options{})
		d.put(p, say("line/U1", "never"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.Idle(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
	})
}

func TestObserve(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seen := make(chan outbox.Observation, 9)
	p := d.start(outbox.Options{Observe: func(o outbox.Observation) { seen <- o }})
	d.line.fails(bot.Refuse(bot.Forbidden, "delivery.quota"))
	d.put(p, say("line/U1", "one"), say("line/U1", "two"))
	d.idle(p)
	one, two := <-seen, <-seen
	expect(t, "first", one, outbox.Observation{Platform: bot.LINE, Kind: "fact", Outcome: "dead"})
	expect(t, "second", two, outbox.Observation{Platform: bot.LINE, Kind: "fact", Outcome: "sent"})
}
