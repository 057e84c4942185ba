package ledger_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// The receipt promises an answer within ten working days: until there is one, the next date is never after that day.
func TestNextDate_keeps_the_promise_of_the_receipt(t *testing.T) {
	t.Parallel()
	const promised = "2026-12-07" // ten working days from Friday 20 November; the Monday after is a holiday
	due := time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC)
	refer := func(b *book) {
		b.must(func(tx *store.Tx) error {
			_, _, err := b.l.Refer(t.Context(), tx, ledger.Referral{
				Event: b.event(), Proposal: 1, By: sato(), Departments: []bot.DepartmentID{"welfare"}, Due: due,
			})
			return err
		})
	}
	t.Run("departments may take longer, the desk may not", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		refer(b)
		if now := b.state(p, proposal.Coordinating); day(now.NextDate) != promised {
			t.Errorf("next date %s, want %s", day(now.NextDate), promised)
		}
	})
	t.Run("also when it was taken late", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.later(17 * 24 * time.Hour) // Monday 7 December
		b.must(func(tx *store.Tx) error {
			_, err := b.l.Take(t.Context(), tx, b.event(), p.ID, sato())
			return err
		})
		if now := b.state(p, proposal.Screening); day(now.NextDate) != promised {
			t.Errorf("next date %s, want %s", day(now.NextDate), promised)
		}
	})
	t.Run("once answered, the departments' date counts", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		if err := b.send(sato(), b.write(p, sato(), "").ID, 0); err != nil {
			t.Fatal(err)
		}
		refer(b)
		if now := b.state(p, proposal.Coordinating); day(now.NextDate) != "2026-12-25" {
			t.Errorf("next date %s, want 2026-12-25", day(now.NextDate))
		}
	})
	t.Run("a promise that is over does not make every date one of the past", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.later(40 * 24 * time.Hour)
		b.must(func(tx *store.Tx) error {
			_, err := b.l.Take(t.Context(), tx, b.event(), p.ID, sato())
			return err
		})
		if now := b.state(p, proposal.Screening); now.NextDate.Before(b.clock()) {
			t.Errorf("next date %s is in the past", day(now.NextDate))
		}
	})
	t.Run("reopened, a new one is promised, also after a letter that declined it", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.kind(b.send(sato(), b.write(p, sato(), "cost").ID, 0), "")
		b.later(14 * 24 * time.Hour)
		b.kind(b.move(p, sato(), ledger.Change{On: proposal.Reopened}), "")
		b.ask(p, "welfare", 12, 25)
		if now, want := b.state(p, proposal.Coordinating), b.desk.AnswerBy(b.clock()).String(); day(now.NextDate) != want || !now.AskedAt().Equal(b.clock()) {
			t.Errorf("next date %s, want %s; asked at %v", day(now.NextDate), want, now.AskedAt())
		}
	})
}
