package ledger_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// line is the newest line of a proposal's history, as a card carries it.
func (b *book) line(p bot.Proposal) store.Entry {
	b.t.Helper()
	all, err := b.db.History(b.t.Context(), p.ID, 1)
	if err != nil || len(all) != 1 {
		b.t.Fatal(all, err)
	}
	return all[0]
}

func (b *book) waive(p bot.Proposal, by bot.Actor, seen int64) (rest bool, err error) {
	err = b.do(func(tx *store.Tx) (err error) {
		_, rest, err = b.l.Waive(b.t.Context(), tx, b.event(), p.ID, by, seen)
		return err
	})
	return rest, err
}

// unanswered is the newest message that waits for an answer; 0 if none does.
func (b *book) unanswered(p bot.Proposal) bot.MessageID {
	b.t.Helper()
	waiting, err := b.db.Waiting(b.t.Context(), p.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return waiting[p.ID].Last
}

func TestWaive(t *testing.T) {
	t.Parallel()
	const before = "ledger.waived_before"
	settled := func(b *book, p bot.Proposal, seen int64) {
		b.t.Helper()
		was := b.line(p).ID
		if _, err := b.waive(p, mori(), seen); bot.SayOf(err).Key != before {
			b.t.Errorf("got %v, want %s", err, before)
		}
		if b.line(p).ID != was {
			b.t.Error("the history tells of what had no effect")
		}
	}
	t.Run("once, for the desk alone to read, whoever comes second", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.kind(b.refer(p, false, "welfare"), "")
		b.hear(p)
		last := b.hear(p)
		seen := b.line(p).ID
		if rest, err := b.waive(p, sato(), seen); err != nil || rest {
			t.Fatalf("something is left: %t, %v", rest, err)
		}
		b.wantTold("C0DESK card", "C0DESK told")
		if m := b.unanswered(p); m != 0 {
			t.Errorf("message %d waits", m)
		}
		e := b.line(p)
		if e.Event != proposal.Waived || e.Actor != sato().ID || len(e.Details) != 1 || e.Details["message"] != fmt.Sprint(last) {
			t.Errorf("the history tells %+v", e)
		}
		settled(b, p, seen)
		settled(b, p, e.ID)
		b.state(p, proposal.Coordinating)
	})
	t.Run("what came after the card was made still waits", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		first := b.hear(p)
		seen := b.line(p).ID
		later := b.hear(p)
		if rest, err := b.waive(p, sato(), seen); err != nil || !rest {
			t.Fatalf("something is left: %t, %v", rest, err)
		}
		if m := b.unanswered(p); m != later {
			t.Errorf("message %d waits, want %d", m, later)
		}
		if e := b.line(p); e.Details["message"] != fmt.Sprint(first) || e.Details["waiting"] != fmt.Sprint(later) {
			t.Errorf("the history tells %+v", e)
		}
		settled(b, p, seen)
		if rest, err := b.waive(p, mori(), b.line(p).ID); err != nil || rest || b.unanswered(p) != 0 {
			t.Errorf("then all: %t, %v", rest, err)
		}
	})
	t.Run("also what was written before and filed after", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		early := b.unfiled(p)
		b.hear(p)
		seen := b.line(p).ID
		b.must(func(tx *store.Tx) error {
			_, err := b.l.File(t.Context(), tx, b.event(), p.ID, early)
			return err
		})
		if rest, err := b.waive(p, sato(), seen); err != nil || !rest || b.unanswered(p) != early {
			t.Errorf("the filed one was settled unseen: %t, %v", rest, err)
		}
		if rest, err := b.waive(p, sato(), b.line(p).ID); err != nil || rest {
			t.Errorf("once seen: %t, %v", rest, err)
		}
	})
	t.Run("what was answered or taken back waits for nothing", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.hear(p)
		b.later(time.Minute)
		b.kind(b.send(sato(), b.write(p, sato(), "").ID, 0), "")
		settled(b, p, b.line(p).ID)
		b.later(time.Minute)
		m := b.hear(p)
		b.must(func(tx *store.Tx) error {
			said, err := tx.Message(t.Context(), m)
			if err != nil {
				return err
			}
			_, err = tx.Unsend(t.Context(), said.LineMessage)
			return err
		})
		settled(b, p, b.line(p).ID)
	})
	t.Run("of another proposal nothing is settled", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p, other := b.submit(), b.submit()
		m := b.hear(other)
		settled(b, p, b.line(other).ID)
		if b.unanswered(other) != m {
			t.Error("the other's message waits no more")
		}
	})
	t.Run("many at once", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.hear(p)
		seen, errs := b.line(p).ID, make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = b.db.InTx(t.Context(), func(tx *store.Tx) error {
					_, _, err := b.l.Waive(t.Context(), tx, b.event(), p.ID, sato(), seen)
					return err
				})
			})
		}
		all.Wait()
		first := 0
		for _, err := range errs {
			switch {
			case err == nil:
				first++
			case bot.SayOf(err).Key != before:
				t.Errorf("who came second gets %v", err)
			}
		}
		if first != 1 {
			t.Errorf("%d were first", first)
		}
	})
}

// Whoever waives waits for the organization's talk, and never holds a message that the talk needs next.
func TestWaive_takes_hold_in_the_order_of_everybody(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	m, err := b.db.Message(t.Context(), b.hear(p))
	if err != nil {
		t.Fatal(err)
	}
	seen, done := b.line(p).ID, make(chan error, 1)
	err = b.db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContactOf(t.Context(), p.ID); err != nil {
			return err
		}
		go func() {
			done <- b.db.InTx(t.Context(), func(tx *store.Tx) error {
				_, _, err := b.l.Waive(t.Context(), tx, "waive", p.ID, sato(), seen)
				return err
			})
		}()
		b.waits()
		_, err := tx.Unsend(t.Context(), m.LineMessage)
		return err
	})
	if err != nil {
		t.Errorf("the organization: %v", err)
	}
	if err := <-done; bot.SayOf(err).Key != "ledger.waived_before" {
		t.Errorf("the desk, of what was taken back meanwhile: %v", err)
	}
}

// Who says that no reply is needed has neither taken the proposal nor moved it; only the desk may.
func TestWaive_moves_nothing(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.hear(p)
	seen := b.line(p).ID
	for _, by := range []bot.Actor{welfare(), {ID: b.user, Contact: p.Contact}, {ID: "U0GUEST"}} {
		if _, err := b.waive(p, by, seen); bot.KindOf(err) != bot.Forbidden {
			t.Errorf("%s: got %v", by.ID, err)
		}
	}
	if _, err := b.waive(p, chief(), seen); err != nil {
		t.Fatal(err)
	}
	if now := b.state(p, proposal.Received); now.Owner != "" {
		t.Errorf("owner is %q", now.Owner)
	}
	b.kind(b.send(sato(), b.write(p, sato(), "cost").ID, 0), "")
	b.later(time.Minute)
	b.hear(p)
	if rest, err := b.waive(p, sato(), b.line(p).ID); err != nil || rest || b.unanswered(p) != 0 {
		t.Errorf("after the end: %t, %v", rest, err)
	}
	b.state(p, proposal.Declined)
}

// The date that a message has drawn nearer follows the state again; any other date stays, and every other promise is kept.
func TestWaive_gives_the_next_date_back(t *testing.T) {
	t.Parallel()
	const promised = "2026-12-07" // ten working days from Friday 20 November
	begin := func(t *testing.T, until time.Time, answered bool) (*book, bot.Proposal) {
		t.Helper()
		b := newBook(t)
		p := b.submit()
		if answered {
			b.kind(b.send(sato(), b.write(p, sato(), "").ID, 0), "")
		}
		b.later(time.Minute)
		b.must(func(tx *store.Tx) error {
			_, _, err := b.l.Refer(t.Context(), tx, ledger.Referral{
				Event: b.event(), Proposal: p.ID, By: sato(), Departments: []bot.DepartmentID{"welfare"}, Due: until,
			})
			return err
		})
		return b, p
	}
	due := func(b *book, p bot.Proposal, want string) {
		b.t.Helper()
		now, err := b.db.Proposal(b.t.Context(), p.ID)
		if err != nil || day(now.NextDate) != want {
			b.t.Errorf("next date %s, %v, want %s", day(now.NextDate), err, want)
		}
	}
	waive := func(b *book, p bot.Proposal, seen int64) {
		b.t.Helper()
		if _, err := b.waive(p, sato(), seen); err != nil {
			b.t.Error(err)
		}
	}
	late, soon := time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	t.Run("to the departments' date", func(t *testing.T) {
		t.Parallel()
		b, p := begin(t, late, true)
		b.hear(p)
		due(b, p, promised)
		waive(b, p, b.line(p).ID)
		due(b, p, "2026-12-25")
	})
	t.Run("not while something later waits, which has a day of its own", func(t *testing.T) {
		t.Parallel()
		b, p := begin(t, late, true)
		b.hear(p)
		seen := b.line(p).ID
		b.later(5 * 24 * time.Hour) // Wednesday
		b.hear(p)
		waive(b, p, seen)
		due(b, p, "2026-12-09")
	})
	t.Run("not beyond what the receipt has promised", func(t *testing.T) {
		t.Parallel()
		b, p := begin(t, late, false)
		b.later(24 * time.Hour)
		b.hear(p)
		waive(b, p, b.line(p).ID)
		due(b, p, promised)
	})
	t.Run("a date that the message had not drawn stays", func(t *testing.T) {
		t.Parallel()
		b, p := begin(t, soon, true)
		b.kind(b.answer(p, welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictJoin}), "")
		b.hear(p)
		b.later(5 * 24 * time.Hour)
		waive(b, p, b.line(p).ID)
		due(b, p, "2026-11-26")
	})
}

// unfiled lets the organization write without saying what it means.
func (b *book) unfiled(p bot.Proposal) (m bot.MessageID) {
	b.t.Helper()
	b.must(func(tx *store.Tx) (err error) {
		m, err = tx.AddMessage(b.t.Context(), store.Message{
			Contact: p.Contact, Kind: store.MessageText, Body: "よろしく", Author: b.user, LineMessage: b.event(),
		})
		return err
	})
	return m
}
