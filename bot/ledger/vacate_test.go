package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// another submits a proposal of another organization, which somebody of the desk then takes.
func (b *book) another(owner bot.Actor) bot.Proposal {
	b.t.Helper()
	b.user = "U" + fmt.Sprintf("%032s", strings.TrimPrefix(b.event(), "event-"))
	p := b.submit()
	b.must(func(tx *store.Tx) (err error) {
		p, err = b.l.Take(b.t.Context(), tx, b.event(), p.ID, owner)
		return err
	})
	return p
}

func (b *book) vacate(owner string, why bot.Absence) (vacant []bot.Proposal, err error) {
	err = b.do(func(tx *store.Tx) (err error) {
		vacant, err = b.l.Vacate(b.t.Context(), tx, ledger.Vacancy{Event: b.event(), Owner: owner, Why: why})
		return err
	})
	return vacant, err
}

func TestVacate(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	held, asked, ended, others := b.another(mori()), b.another(mori()), b.another(mori()), b.another(sato())
	if err := b.refer(asked, false, "welfare"); err != nil {
		t.Fatal(err)
	}
	b.must(func(tx *store.Tx) error {
		until := calendar.Date{Year: 2027, Month: 1, Day: 8}
		_, err := b.l.Move(t.Context(), tx, ledger.Change{Event: b.event(), Proposal: held.ID, On: proposal.Held, By: mori(), Why: "予算", Until: until})
		if err != nil {
			return err
		}
		m, err := b.l.Write(t.Context(), tx, ledger.Reply{Proposal: ended.ID, By: mori(), Body: "お受けできません。", Reason: "営業", Ends: proposal.RuledOut})
		if err != nil {
			return err
		}
		_, err = b.l.Send(t.Context(), tx, b.event(), mori(), m.ID, m.ID)
		return err
	})
	before := []bot.Proposal{b.read(held), b.read(asked)}
	vacant, err := b.vacate("U0MORI", bot.Closed)
	if err != nil || len(vacant) != 2 || vacant[0].ID != asked.ID {
		t.Fatalf("got %+v, %v, want the more urgent of two first", vacant, err)
	}
	b.wantTold("C0DESK card", "C0DESK told", "C0DESK card", "C0DESK told", "C0DESK vacated")
	for _, p := range before {
		now := b.read(p)
		if now.Owner != "" || !now.NextDate.Equal(p.NextDate) || now.State != p.State || now.Before != p.Before {
			t.Errorf("got %+v, want %+v without its owner", now, p)
		}
		at, err := proposal.Explain(b.history(p))
		if err != nil || at.State != now.State {
			t.Errorf("history explains %+v, %v", at, err)
		}
		last, err := b.db.History(t.Context(), p.ID, 1)
		if err != nil || last[0].Actor != "" || last[0].Event != proposal.Vacated || last[0].Why != "closed" || last[0].Details["owner"] != "U0MORI" {
			t.Errorf("history ends with %+v, %v", last, err)
		}
	}
	if b.read(ended).Owner != "U0MORI" || b.read(others).Owner != "U0SATO" {
		t.Error("what has ended, or is somebody else's, has lost its owner")
	}
	if again, err := b.vacate("U0MORI", bot.Closed); err != nil || len(again) != 0 || len(b.told()) != 0 {
		t.Errorf("again: %+v, %v, told %v", again, err, b.told())
	}
	b.must(func(tx *store.Tx) error {
		_, err := b.l.Take(t.Context(), tx, b.event(), asked.ID, sato())
		return err
	})
	if now := b.state(asked, proposal.Coordinating); now.Owner != "U0SATO" {
		t.Errorf("taken again by %q", now.Owner)
	}
}

// read reads a proposal as it stands.
func (b *book) read(p bot.Proposal) bot.Proposal {
	b.t.Helper()
	now, err := b.db.Proposal(b.t.Context(), p.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return now
}

// The message names ten and says how many there are.
func TestVacate_lists_what_fits(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for range 12 {
		b.another(mori())
	}
	if _, err := b.vacate("U0MORI", bot.Left); err != nil {
		t.Fatal(err)
	}
	last := b.put[len(b.put)-1]
	if last.Kind != ledger.KindVacated || last.Args["count"] != "12" || len(strings.Split(last.Args["proposals"], ",")) != 10 {
		t.Errorf("got %+v", last.Args)
	}
}

// Two processes hear of the same at once, while somebody takes one over: nobody waits for another in a circle, and all of it
// happens once.
func TestVacate_at_once(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	var ps []bot.Proposal
	for range 8 {
		ps = append(ps, b.another(mori()))
	}
	type result struct {
		vacant []bot.Proposal
		err    error
	}
	results := make(chan result, 3)
	for range 3 {
		go func() {
			var r result
			r.err = b.db.InTx(t.Context(), func(tx *store.Tx) (err error) {
				r.vacant, err = b.l.Vacate(t.Context(), tx, ledger.Vacancy{Event: "e", Owner: "U0MORI", Why: bot.Closed})
				return err
			})
			results <- r
		}()
	}
	for _, p := range slices.Backward(ps) {
		err := b.db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := b.l.Assign(t.Context(), tx, "a", p.ID, sato(), "U0SATO")
			return err
		})
		if err != nil {
			t.Errorf("assign: %v", err)
		}
	}
	n, faults := 0, error(nil)
	for range 3 {
		r := <-results
		n, faults = n+len(r.vacant), errors.Join(faults, r.err)
	}
	told := 0
	for _, p := range ps {
		entries, err := b.db.History(t.Context(), p.ID, 100)
		faults = errors.Join(faults, err)
		for _, e := range entries {
			if e.Event == proposal.Vacated {
				told++
			}
		}
		if b.read(p).Owner != "U0SATO" {
			t.Errorf("%s has gone from whom it was given to", p.Number)
		}
	}
	if n != told || n > len(ps) || faults != nil {
		t.Errorf("%d vacated, %d in histories: %v", n, told, faults)
	}
}
