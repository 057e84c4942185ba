package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// What a withdrawal has ended stands again as it stood: state, owner, referrals, next date; departments read so, too.
func TestUndo(t *testing.T) {
	t.Parallel()
	for name, lead := range map[string]func(b *book, p bot.Proposal) proposal.State{
		"received": func(*book, bot.Proposal) proposal.State { return proposal.Received },
		"asked": func(b *book, p bot.Proposal) proposal.State {
			b.kind(b.refer(p, false, "welfare", "health"), "")
			b.kind(b.answer(p, welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictJoin}), "")
			return proposal.Coordinating
		},
		"on hold": func(b *book, p bot.Proposal) proposal.State {
			b.kind(b.move(p, sato(), ledger.Change{On: proposal.DialogueOpened}), "")
			b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "予算", Until: calendar.Date{Year: 2026, Month: 12, Day: 21}}), "")
			return proposal.OnHold
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t)
			p := b.submit()
			state := lead(b, p)
			before, asked := b.state(p, state), b.referrals(p)
			b.later(3 * time.Hour)
			b.withdraws(p)
			b.state(p, proposal.Withdrawn)
			b.hear(p) // what is written meanwhile changes nothing of it
			b.later(20 * time.Hour)
			b.kind(b.undo(p, b.clock()), "")
			after := b.state(p, state)
			if after.Owner != before.Owner || !after.NextDate.Equal(before.NextDate) || after.Before != before.Before {
				t.Errorf("it was %+v, and is %+v", before, after)
			}
			if diff := cmp.Diff(asked, b.referrals(p)); diff != "" {
				t.Errorf("referrals (-before +after):\n%s", diff)
			}
			if after.Withdrawal != (bot.Withdrawal{}) {
				t.Errorf("it still remembers the withdrawal: %+v", after.Withdrawal)
			}
			b.withdraws(p)
			b.state(p, proposal.Withdrawn)
		})
	}
	t.Run("told to whom the withdrawal was", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.kind(b.refer(p, false, "welfare"), "")
		b.withdraws(p)
		b.kind(b.undo(p, b.clock()), "")
		b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told")
		b.kind(b.answer(p, welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictJoin}), "")
	})
}

// For a day, counted from the press and not from its arrival; by nobody else; and not once the desk has reopened it.
func TestUndo_refused(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.undo(p, b.clock()), bot.Conflict)
	b.withdraws(p)
	withdrawn := b.clock()
	b.kind(b.do(func(tx *store.Tx) error {
		_, err := b.l.Undo(t.Context(), tx, b.event(), bot.Contact{ID: p.Contact + 1, LineUser: "U1"}, p.ID, tx.Now)
		return err
	}), bot.NotFound)
	b.later(25 * time.Hour)
	b.kind(b.undo(p, b.clock()), bot.Conflict)
	b.kind(b.undo(p, withdrawn.Add(24*time.Hour)), bot.Conflict)
	b.state(p, proposal.Withdrawn)
	b.hear(p)
	b.kind(b.undo(p, withdrawn.Add(24*time.Hour-time.Second)), "")
	b.state(p, proposal.Received)
	b.withdraws(p)
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Reopened}), "")
	b.kind(b.undo(p, b.clock()), bot.Conflict)
	b.state(p, proposal.Screening)
}

func (b *book) undo(p bot.Proposal, at time.Time) error {
	return b.do(func(tx *store.Tx) error {
		_, err := b.l.Undo(b.t.Context(), tx, b.event(), bot.Contact{ID: p.Contact, LineUser: b.user}, p.ID, at)
		return err
	})
}

func (b *book) referrals(p bot.Proposal) []bot.Referral {
	b.t.Helper()
	all, err := b.db.Referrals(b.t.Context(), p.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}
