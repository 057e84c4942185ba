package ledger_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// ask asks a department until a day of 2026.
func (b *book) ask(p bot.Proposal, d bot.DepartmentID, month time.Month, dayOf int) {
	b.t.Helper()
	b.must(func(tx *store.Tx) error {
		_, _, err := b.l.Refer(b.t.Context(), tx, ledger.Referral{
			Event: b.event(), Proposal: p.ID, By: sato(), Departments: []bot.DepartmentID{d}, Again: true,
			Due: time.Date(2026, month, dayOf, 0, 0, 0, 0, time.UTC),
		})
		return err
	})
}

func (b *book) says(p bot.Proposal, by bot.Actor, d bot.DepartmentID) {
	b.t.Helper()
	b.kind(b.answer(p, by, ledger.Verdict{Department: d, Verdict: bot.VerdictJoin}), "")
}

// Of several departments the first that owes its answer counts: a later date of another hides no delay.
func TestNextDate_of_several_departments(t *testing.T) {
	t.Parallel()
	due := func(b *book, p bot.Proposal, s proposal.State, want string) {
		b.t.Helper()
		if now := b.state(p, s); day(now.NextDate) != want {
			b.t.Errorf("next date %s, want %s", day(now.NextDate), want)
		}
	}
	t.Run("is the earliest of those that still owe theirs", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.ask(p, "welfare", 11, 24)
		b.ask(p, "health", 12, 1)
		b.ask(p, "children", 12, 3)
		due(b, p, proposal.Coordinating, "2026-11-24")
		b.says(p, health(), "health") // whose date it is not
		due(b, p, proposal.Coordinating, "2026-11-24")
		b.later(5 * 24 * time.Hour)
		b.hear(p)
		due(b, p, proposal.Coordinating, "2026-11-24") // it is late, and counts as overdue
		b.ask(p, "town", 12, 2)
		due(b, p, proposal.Coordinating, "2026-11-24") // also when yet another is asked
		b.says(p, welfare(), "welfare")
		due(b, p, proposal.Coordinating, "2026-12-02")
		b.says(p, sato(), "town")
		due(b, p, proposal.Coordinating, "2026-12-03")
		b.says(p, sato(), "children")
		due(b, p, proposal.Coordinating, "2026-12-03") // all have answered: the desk has something to look at until then
	})
	t.Run("is another if the late one is asked again", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.ask(p, "welfare", 11, 24)
		b.ask(p, "health", 12, 1)
		b.later(5 * 24 * time.Hour)
		b.ask(p, "welfare", 12, 4)
		due(b, p, proposal.Coordinating, "2026-12-01")
	})
	t.Run("is no other because of a verdict that did not draw it", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.ask(p, "welfare", 12, 25)
		b.ask(p, "health", 12, 28)
		due(b, p, proposal.Coordinating, "2026-12-07") // the receipt's promise
		b.later(20 * 24 * time.Hour)
		b.says(p, welfare(), "welfare")
		due(b, p, proposal.Coordinating, "2026-12-07")
	})
	t.Run("is nearer when one is asked in the dialogue", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.kind(b.send(sato(), b.write(p, sato(), "").ID, 0), "")
		b.ask(p, "welfare", 11, 26)
		b.kind(b.move(p, sato(), ledger.Change{On: proposal.DialogueOpened}), "")
		due(b, p, proposal.InDialogue, "2026-12-07") // the dialogue goes on without the answer
		b.ask(p, "health", 11, 25)
		due(b, p, proposal.InDialogue, "2026-11-25")
		b.says(p, health(), "health")
		due(b, p, proposal.InDialogue, "2026-11-26")
	})
	t.Run("is a hold's own while it lasts", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.ask(p, "welfare", 12, 1)
		b.ask(p, "health", 11, 27)
		b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "予算", Until: b.desk.Calendar.Today(b.clock().AddDate(0, 0, 11))}), "")
		due(b, p, proposal.OnHold, "2026-12-01")
		b.says(p, welfare(), "welfare")
		due(b, p, proposal.OnHold, "2026-12-01")
	})
	t.Run("is not that of a department which is gone", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		p := b.submit()
		b.ask(p, "health", 11, 24)
		b.desk.Departments = b.desk.Departments[:1]
		if b.desk.Departments[0].ID != "welfare" {
			t.Fatal("the profile begins with another department")
		}
		b.ask(p, "welfare", 12, 1)
		due(b, p, proposal.Coordinating, "2026-12-01")
	})
}
