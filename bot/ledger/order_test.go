package ledger_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// Keeping the words of a preview waits for whoever holds the organization's talk, and never holds what that one needs next.
func TestWrite_takes_hold_in_the_order_of_everybody(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	done := make(chan error, 1)
	err := b.db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContactOf(t.Context(), p.ID); err != nil {
			return err
		}
		go func() {
			done <- b.db.InTx(t.Context(), func(tx *store.Tx) error {
				_, err := b.l.Write(t.Context(), tx, ledger.Reply{Proposal: p.ID, By: sato(), Body: "ありがとうございます"})
				return err
			})
		}()
		b.waits()
		_, err := tx.LockProposal(t.Context(), p.ID)
		return err
	})
	if err := <-done; err != nil {
		t.Errorf("writing: %v", err)
	}
	if err != nil {
		t.Errorf("the other: %v", err)
	}
}

// A start with a changed profile holds the contacts of all that it concerns in the one order, not first those whose cards move
// and then those whom nobody answers.
func TestReorganize_takes_hold_in_the_order_of_everybody(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	if _, err := b.reorganize(); err != nil {
		t.Fatal(err)
	}
	orphaned := b.submit()
	b.user = "U0123456789abcdef0123456789abcdee"
	moved := b.submit()
	for department, p := range map[bot.DepartmentID]bot.Proposal{"welfare": orphaned, "health": moved} {
		if err := b.refer(p, false, department); err != nil {
			t.Fatal(err)
		}
	}
	b.must(func(tx *store.Tx) error {
		tx.SaveCard(store.Card{Proposal: moved.ID, Department: "health", Channel: "C0HEALTH", TS: "1"})
		return nil
	})
	b.desk.Departments = slices.DeleteFunc(slices.Clone(b.desk.Departments), func(d bot.Department) bool { return d.ID == "welfare" })
	at := slices.IndexFunc(b.desk.Departments, func(d bot.Department) bool { return d.ID == "health" })
	b.desk.Departments[at].Channel = "C0ELSEWHERE"
	done := make(chan error, 1)
	err := b.db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContactOf(t.Context(), orphaned.ID); err != nil {
			return err
		}
		go func() {
			_, err := b.reorganize()
			done <- err
		}()
		b.waits()
		return tx.LockContactOf(t.Context(), moved.ID)
	})
	if other := <-done; err != nil || other != nil {
		t.Errorf("who holds both: %v; the start: %v", err, other)
	}
	b.wantTold("C0DESK card", "C0DESK orphan", "C0ELSEWHERE card")
}

// waits returns once somebody waits for a lock in the database.
func (b *book) waits() {
	b.t.Helper()
	conn, err := pgx.Connect(b.t.Context(), b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close(b.t.Context())
	for waiting := false; !waiting; {
		err := conn.QueryRow(b.t.Context(), `
			SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// An organization that has blocked the account is declined all the same: the record must not wait for it.
func TestDecline_of_somebody_who_cannot_be_reached(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	m := b.write(p, sato(), "overlap")
	b.must(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), b.event(), b.user)
		talk.Blocked = true
		tx.SaveTalk(talk)
		return err
	})
	if err := b.send(sato(), m.ID, 0); err != nil {
		t.Fatalf("declining: %v", err)
	}
	if err := b.send(sato(), b.write(p, sato(), "").ID, m.ID); bot.SayOf(err).Key != "delivery.blocked" {
		t.Errorf("a reply: %v", err)
	}
}
