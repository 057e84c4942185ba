package store_test

import (
	"testing"
	"time"

	"tsunagi/store"
)

// What a claim finds free may be taken by another process before it has the row: it looks at the lease again under the lock, or
// both would send.
func TestClaimDeliveries_looksAgain(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]string{
		"leased by another": `UPDATE deliveries SET leased_by = gen_random_uuid(), leased_until = $1 WHERE kind = 'b'`,
		"sent by another":   `UPDATE deliveries SET state = 'sent', sent_at = $1, leased_by = NULL, leased_until = NULL WHERE kind = 'b'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			a := d.process()
			d.put(a, to("line/U1", "a"), to("line/U1", "b"))
			d.pass(store.Lease)
			conn := d.connect()
			other, err := conn.Begin(t.Context())
			check(t, err)
			_, err = other.Exec(t.Context(), taken, d.time().Add(time.Minute))
			check(t, err)
			claimed := make(chan []store.Delivery)
			go func() { claimed <- d.claim(a) }()
			d.waitsForLock()
			check(t, other.Commit(t.Context()))
			expect(t, "claimed", kinds(<-claimed), []string{"a"})
		})
	}
}

// waitsForLock waits until a process waits for a row that another one has.
func (d *desk) waitsForLock() {
	d.t.Helper()
	conn := d.connect()
	for waiting := false; !waiting; {
		err := conn.QueryRow(d.t.Context(), `
			SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting)
		check(d.t, err)
	}
}
