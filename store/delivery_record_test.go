package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/store"
)

// kept is what the record says of a delivery.
type kept struct {
	State, Fault, Token string
	Tries               int
	Doubtful, Leased    bool
	Receipt             *string
}

func (d *desk) kept(id uuid.UUID) (k kept) {
	d.t.Helper()
	err := d.connect().QueryRow(d.t.Context(), `
		SELECT state, fault, reply_token, tries, doubtful, leased_by IS NOT NULL, receipt ->> 'ts' FROM deliveries WHERE id = $1`, id).
		Scan(&k.State, &k.Fault, &k.Token, &k.Tries, &k.Doubtful, &k.Leased, &k.Receipt)
	if err != nil {
		d.t.Fatal(err)
	}
	return k
}

func TestRecordOutcomes(t *testing.T) {
	t.Parallel()
	t.Run("writes many at once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		put := d.put(a, to("line/U1", "a"), to("line/U2", "b"), to("line/U3", "c"))
		ts := "1.2"
		d.record(a,
			store.Outcome{ID: put[0].ID, State: store.Sent, Tries: 1, Receipt: []byte(`{"ts": "1.2"}`)},
			store.Outcome{ID: put[1].ID, State: store.Dead, Tries: 2, Fault: "delivery.quota"},
			store.Outcome{
				ID: put[2].ID, State: store.Pending, Lease: put[2].LeasedUntil,
				Tries: 3, Doubtful: true, NotBefore: d.now.Add(time.Minute),
			})
		expect(t, "sent", d.kept(put[0].ID), kept{State: "sent", Tries: 1, Receipt: &ts})
		expect(t, "dead", d.kept(put[1].ID), kept{State: "dead", Tries: 2, Fault: "delivery.quota"})
		expect(t, "later", d.kept(put[2].ID), kept{State: "pending", Tries: 3, Doubtful: true})
		expect(t, "claimed early", kinds(d.claim(a)), []string(nil))
		d.pass(time.Minute)
		if got := d.claim(a); len(got) != 1 || !got[0].Again || got[0].Tries != 3 {
			t.Errorf("claimed %+v, want the third, as tried before", got)
		}
	})
	t.Run("does not give back what another holds", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a, b := d.process(), d.process()
		put := d.put(a, to("line/U1", "a"))
		d.pass(store.Lease)
		d.claim(b)
		d.record(a, store.Outcome{ID: put[0].ID, State: store.Pending, Lease: put[0].LeasedUntil})
		if !d.kept(put[0].ID).Leased {
			t.Error("the lease of another process was given back")
		}
	})
	t.Run("does not give back what has been claimed again since", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		put := d.put(a, to("line/U1", "a"))
		d.pass(store.Lease)
		d.claim(a)
		d.record(a, store.Outcome{ID: put[0].ID, State: store.Pending, Lease: put[0].LeasedUntil})
		if !d.kept(put[0].ID).Leased {
			t.Error("a lease was given back with one before it")
		}
	})
	t.Run("settles once, with all or nothing", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		a := d.process()
		put := d.put(a, to("line/U1", "a"))
		settle := func() error {
			return a.InTx(t.Context(), func(tx *store.Tx) error {
				tx.RecordOutcome(store.Outcome{ID: put[0].ID, State: store.Sent})
				return tx.Put(to("slack/C1/2", "told"))
			})
		}
		if err := settle(); err != nil {
			t.Fatal(err)
		}
		if err := settle(); !errors.Is(err, store.ErrRecorded) {
			t.Errorf("got %v, want ErrRecorded", err)
		}
		d.pass(store.Lease)
		expect(t, "told", kinds(d.claim(a)), []string{"told"})
	})
}

func TestInTxAfterOverlookedFault(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.process()
	put := d.put(a, to("line/U1", "a"))
	err := a.InTx(t.Context(), func(tx *store.Tx) error {
		twice := to("line/U1", "b")
		twice.ID = put[0].ID
		if err := tx.Put(twice); err != nil {
			return err
		}
		if _, err := tx.Take(t.Context(), "event"); err == nil {
			t.Error("an id was used twice and nobody minded")
		}
		return nil // overlooked
	})
	if err == nil {
		t.Error("InTx says that it has committed what Postgres has rolled back")
	}
}

func TestDeadDeliveries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.process()
	put := d.put(a, to("line/U1", "a"), to("line/U1", "b"), to("line/U1", "c"), to("line/U1", "d"))
	for _, p := range put[:3] {
		d.record(a, store.Outcome{ID: p.ID, State: store.Dead, Fault: "delivery.quota", Tries: 9, Doubtful: true})
	}
	page, err := a.DeadDeliveries(t.Context(), 0, 2)
	if err != nil || len(page) != 2 || page[0].Kind != "c" || page[1].Kind != "b" || page[1].Fault != "delivery.quota" {
		t.Fatalf("got %+v, %v, want c and b", page, err)
	}
	page, err = a.DeadDeliveries(t.Context(), page[1].Seq, 2)
	if err != nil || len(page) != 1 || page[0].Kind != "a" {
		t.Fatalf("got %+v, %v, want a", page, err)
	}
	d.release(a, put[0].ID, true)
	d.release(a, put[0].ID, false)
	d.drop(a, put[1].ID, true)
	d.drop(a, put[1].ID, false)
	d.pass(store.Lease)
	got := d.claim(a)
	expect(t, "claimed, the released one last", kinds(got), []string{"d", "a"})
	if got[1].Again || got[1].Tries != 0 {
		t.Errorf("released as %+v, want as never tried", got[1])
	}
	expect(t, "dropped", d.kept(put[1].ID).State, "dropped")
}

func (d *desk) release(db *store.DB, id uuid.UUID, ok bool) {
	d.t.Helper()
	d.check(ok, db.InTx(d.t.Context(), func(tx *store.Tx) error {
		_, err := tx.ReleaseDelivery(d.t.Context(), id)
		return err
	}))
}

func (d *desk) drop(db *store.DB, id uuid.UUID, ok bool) {
	d.t.Helper()
	d.check(ok, db.InTx(d.t.Context(), func(tx *store.Tx) error {
		_, err := tx.DropDelivery(d.t.Context(), id)
		return err
	}))
}

func (d *desk) check(ok bool, err error) {
	d.t.Helper()
	if ok && err != nil || !ok && bot.KindOf(err) != bot.NotFound {
		d.t.Errorf("got %v, want it done: %v", err, ok)
	}
}

func TestHoldDeliveries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.process()
	old := d.put(a, to("line/U1", "a"))
	d.pass(25 * time.Hour)
	late := to("line/U1", "c")
	late.NotBefore = d.now.Add(time.Hour)
	young := d.put(a, to("line/U1", "b"), late)
	err := a.InTx(t.Context(), func(tx *store.Tx) error {
		n, err := tx.HoldDeliveries(t.Context(), d.now.Add(-24*time.Hour), "delivery.held")
		expect(t, "held", n, 1)
		return err
	})
	expect(t, "error", err, nil)
	expect(t, "old", d.kept(old[0].ID), kept{State: "dead", Fault: "delivery.held", Doubtful: true})
	expect(t, "young", []string{d.kept(young[0].ID).State, d.kept(young[1].ID).State}, []string{"pending", "pending"})
	counts, err := a.PendingDeliveries(t.Context())
	expect(t, "error", err, nil)
	expect(t, "pending", counts, map[bot.Platform]int{bot.LINE: 2})
}
