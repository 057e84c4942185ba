package ledger_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// withdraws takes a proposal back for its organization.
func (b *book) withdraws(p bot.Proposal) {
	b.t.Helper()
	b.must(func(tx *store.Tx) error {
		c, err := tx.Contact(b.t.Context(), p.Contact)
		if err == nil {
			_, err = b.l.Withdraw(b.t.Context(), tx, b.event(), c, p.ID)
		}
		return err
	})
}

// What is written after the end is promised an answer: it has the day of the first that waits, until it is answered, waived or
// taken back.
func TestNextDate_of_what_was_written_after_the_end(t *testing.T) {
	t.Parallel()
	const promised = "2026-12-07"
	begin := func(t *testing.T) (*book, bot.Proposal, bot.MessageID) {
		b := newBook(t)
		p := b.submit()
		b.withdraws(p)
		if now := b.state(p, proposal.Withdrawn); !now.NextDate.IsZero() {
			t.Errorf("its next date is %s, want none", now.NextDate)
		}
		m := b.hear(p)
		b.later(4 * 24 * time.Hour)
		b.hear(p)
		if now := b.state(p, proposal.Withdrawn); day(now.NextDate) != promised {
			t.Errorf("next date %s, want %s", day(now.NextDate), promised)
		}
		return b, p, m
	}
	none := func(b *book, p bot.Proposal) {
		b.t.Helper()
		if now := b.state(p, proposal.Withdrawn); !now.NextDate.IsZero() {
			b.t.Errorf("its next date is %s, want none", now.NextDate)
		}
	}
	t.Run("answered", func(t *testing.T) {
		t.Parallel()
		b, p, _ := begin(t)
		b.kind(b.send(sato(), b.write(p, sato(), "").ID, 0), "")
		none(b, p)
	})
	t.Run("waived", func(t *testing.T) {
		t.Parallel()
		b, p, _ := begin(t)
		if _, err := b.waive(p, sato(), b.line(p).ID); err != nil {
			t.Fatal(err)
		}
		none(b, p)
	})
	t.Run("taken back", func(t *testing.T) {
		t.Parallel()
		b, p, first := begin(t)
		b.takesBack(first)
		if now := b.state(p, proposal.Withdrawn); day(now.NextDate) != "2026-12-08" {
			t.Errorf("next date %s, want that of the second", day(now.NextDate))
		}
		b.takesBack(first + 1)
		none(b, p)
	})
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		b, p, _ := begin(t)
		b.later(20 * 24 * time.Hour)
		shows := func() (shown bool) {
			b.must(func(tx *store.Tx) (err error) {
				shown, err = b.l.ShowLate(t.Context(), tx, b.event(), p.ID)
				return err
			})
			return shown
		}
		if !shows() || shows() {
			t.Error("the card is not told once that it is late")
		}
	})
	t.Run("of an owner who goes", func(t *testing.T) {
		t.Parallel()
		b, p, _ := begin(t)
		b.kind(b.send(sato(), b.write(p, sato(), "").ID, 0), "")
		b.later(time.Hour)
		b.hear(p)
		b.must(func(tx *store.Tx) error {
			gone, err := b.l.Vacate(t.Context(), tx, ledger.Vacancy{Event: b.event(), Owner: sato().ID, Why: bot.Left})
			if len(gone) != 1 {
				t.Errorf("%d are left without an owner, want 1", len(gone))
			}
			return err
		})
		if now := b.state(p, proposal.Withdrawn); now.Owner != "" {
			t.Errorf("it is still %s's", now.Owner)
		}
	})
}

func (b *book) takesBack(m bot.MessageID) {
	b.t.Helper()
	b.must(func(tx *store.Tx) error {
		was, err := tx.Message(b.t.Context(), m)
		if err != nil {
			return err
		}
		taken, err := tx.Unsend(b.t.Context(), was.LineMessage)
		if err != nil {
			return err
		}
		return b.l.Unsent(b.t.Context(), tx, b.event(), taken[0])
	})
}

func TestWritten_to_what_was_declined_keeps_its_reason(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.send(sato(), b.write(p, sato(), "cost").ID, 0), "")
	b.later(time.Hour)
	b.hear(p)
	if why, err := b.db.OutcomeOf(t.Context(), p.ID); err != nil || why != "cost" {
		t.Errorf("it was declined for %q, %v, want cost", why, err)
	}
}
