package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

func TestSubmit_tells_the_desk_and_gives_it_the_files(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.wantTold("C0DESK card", "C0DESK file", "C0DESK file")
	now := b.state(p, proposal.Received)
	if p.Number != "K2026-0001" || day(now.NextDate) != "2026-11-25" { // Friday, a holiday on Monday, two working days
		t.Errorf("got %s until %s", p.Number, day(now.NextDate))
	}
}

func TestSubmit_numbers_have_neither_gaps_nor_doubles(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	const many = 50
	numbers := make([]string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			err := b.db.InTx(t.Context(), func(tx *store.Tx) error {
				talk, _, err := tx.Hear(t.Context(), b.event(), fmt.Sprintf("U%032x", i%7))
				if err != nil {
					return err
				}
				p, err := b.l.Submit(t.Context(), tx, ledger.Submission{Event: b.event(), Kind: bot.KindProposal, Contact: talk.Contact, Title: "同時"})
				numbers[i] = p.Number
				if i%5 == 0 {
					numbers[i] = ""
					return fmt.Errorf("this one fails at the last moment")
				}
				return err
			})
			if (err != nil) != (i%5 == 0) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	slices.Sort(numbers)
	var want []string
	for range many / 5 {
		want = append(want, "")
	}
	for i := range many - many/5 {
		want = append(want, fmt.Sprintf("K2026-%04d", i+1))
	}
	if diff := cmp.Diff(want, numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestSubmit_numbers_begin_anew_each_fiscal_year(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.submit()
	b.now = time.Date(2027, 3, 31, 23, 59, 0, 0, b.desk.Location)
	if p := b.submit(); p.Number != "K2026-0002" {
		t.Errorf("on March 31: got %s", p.Number)
	}
	b.later(time.Minute)
	if p := b.submit(); p.Number != "K2027-0001" {
		t.Errorf("on April 1: got %s", p.Number)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	take := func(by bot.Actor) error {
		return b.do(func(tx *store.Tx) error {
			_, err := b.l.Take(t.Context(), tx, b.event(), p.ID, by)
			return err
		})
	}
	b.kind(take(sato()), "")
	b.wantTold("C0DESK card", "C0DESK told")
	if now := b.state(p, proposal.Screening); now.Owner != "U0SATO" {
		t.Errorf("owner is %q", now.Owner)
	}
	b.kind(take(sato()), "")
	b.wantTold()
	b.kind(take(mori()), bot.Conflict)
	b.kind(take(welfare()), bot.Conflict)
	b.kind(b.do(func(tx *store.Tx) error {
		_, err := b.l.Assign(t.Context(), tx, b.event(), p.ID, chief(), "U0MORI")
		return err
	}), "")
	b.kind(b.do(func(tx *store.Tx) error {
		_, err := b.l.Assign(t.Context(), tx, b.event(), p.ID, welfare(), "U0FUKUSHI")
		return err
	}), bot.Forbidden)
	if now := b.state(p, proposal.Screening); now.Owner != "U0MORI" {
		t.Errorf("owner is %q", now.Owner)
	}
}

func TestTake_by_many_at_once_gives_one_owner(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = b.db.InTx(t.Context(), func(tx *store.Tx) error {
				_, err := b.l.Take(t.Context(), tx, b.event(), p.ID, bot.Actor{ID: fmt.Sprintf("U%d", i), Desk: true})
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
		case bot.SayOf(err).Key != "ledger.taken":
			t.Errorf("who came second reads %q (%v)", bot.SayOf(err).Key, err)
		}
	}
	if b.state(p, proposal.Screening); first != 1 {
		t.Errorf("%d owners", first)
	}
}

func TestRefer(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false), bot.Invalid)
	b.kind(b.refer(p, false, "nobody"), bot.Invalid)
	b.kind(b.refer(p, false, "welfare", "welfare"), "")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told", "C0WELFARE file")
	now := b.state(p, proposal.Coordinating)
	if now.Owner != "U0SATO" || day(now.NextDate) != "2026-11-30" {
		t.Errorf("owned by %q until %s", now.Owner, day(now.NextDate))
	}
	b.kind(b.refer(p, false, "welfare", "health"), "")
	b.wantTold("C0DESK card", "C0DESK told", "C0HEALTH card", "C0HEALTH told", "C0HEALTH file")
	b.kind(b.refer(p, false, "health", "welfare"), bot.Conflict)
	b.state(p, proposal.Coordinating)
}

func TestRefer_again_clears_the_verdict_and_gives_only_new_files(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare"), "")
	b.kind(b.answer(p, welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictJoin}), "")
	b.kind(b.refer(p, true, "welfare"), bot.Conflict) // no verdict is cleared by the way
	if f, err := b.db.Referral(t.Context(), p.ID, "welfare"); err != nil || f.Verdict != bot.VerdictJoin {
		t.Errorf("got %+v, %v", f, err)
	}
	ask := func(cleared ...string) {
		t.Helper()
		b.must(func(tx *store.Tx) error {
			_, _, err := b.l.Refer(t.Context(), tx, ledger.Referral{
				Event: b.event(), Proposal: p.ID, By: sato(), Departments: []bot.DepartmentID{"welfare"}, Again: true, Cleared: cleared,
				Reopen: []bot.DepartmentID{"welfare"},
			})
			return err
		})
	}
	ask("documents")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told", "C0WELFARE file")
	ask("documents", "idea")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told")
	f, err := b.db.Referral(t.Context(), p.ID, "welfare")
	if err != nil || f.Verdict != "" || len(f.Cleared) != 2 {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		q       store.Particular
		cleared []string
		want    bool
	}{
		{store.Particular{Field: "title"}, nil, true},
		{store.Particular{Field: "idea", Protected: true}, nil, false},
		{store.Particular{Field: "idea", Protected: true}, []string{"title"}, false},
		{store.Particular{Field: "idea", Protected: true}, []string{"idea"}, true},
		{store.Particular{Field: "contact_mail", Private: true}, nil, false},
		{store.Particular{Field: "contact_name", Private: true}, nil, true},
	} {
		if got := ledger.Visible(row.q, row.cleared); got != row.want {
			t.Errorf("%+v cleared %v: got %v", row.q, row.cleared, got)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.answer(p, welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictJoin}), bot.NotFound)
	b.kind(b.refer(p, false, "welfare", "health"), "")
	for _, row := range []struct {
		by   bot.Actor
		v    ledger.Verdict
		want bot.ErrorKind
	}{
		{welfare(), ledger.Verdict{Department: "health", Verdict: bot.VerdictJoin}, bot.Forbidden},
		{bot.Actor{ID: "U0GUEST"}, ledger.Verdict{Department: "health", Verdict: bot.VerdictJoin}, bot.Forbidden},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: "perhaps"}, bot.Invalid},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictUnable}, bot.Invalid},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictAsk}, bot.Invalid},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictOther, Other: "nobody"}, bot.Invalid},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictOther, Other: "welfare"}, bot.Invalid},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictOther, Other: "town"}, ""},
		{welfare(), ledger.Verdict{Department: "welfare", Verdict: bot.VerdictConsider, Until: b.now.AddDate(0, 0, 7)}, ""},
		{sato(), ledger.Verdict{Department: "health", Verdict: bot.VerdictJoin}, ""},
	} {
		b.kind(b.answer(p, row.by, row.v), row.want)
	}
	b.wantTold("C0DESK card", "C0DESK told", "C0HEALTH card", "C0HEALTH told") // not welfare: it is not its verdict
	f, err := b.db.Referral(t.Context(), p.ID, "welfare")
	if err != nil || f.Verdict != bot.VerdictConsider || f.Other != "" || f.AnsweredBy != "U0FUKUSHI" {
		t.Errorf("got %+v, %v", f, err)
	}
	b.state(p, proposal.Coordinating)
}

func TestReply(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	m := b.write(p, sato(), "")
	b.wantTold()
	b.kind(b.send(mori(), m.ID, 0), bot.Forbidden)
	b.kind(b.send(sato(), m.ID, 0), "")
	b.wantTold("C0DESK card", "LINE reply")
	if now := b.state(p, proposal.Screening); now.Owner != "U0SATO" {
		t.Errorf("owner is %q", now.Owner)
	}
	b.kind(b.send(sato(), m.ID, 0), "")
	b.wantTold() // confirmed twice, sent once

	second := b.write(p, mori(), "")
	b.kind(b.send(mori(), second.ID, 0), bot.Conflict) // somebody else has replied since
	b.wantTold()
	b.later(time.Minute)
	b.kind(b.send(mori(), second.ID, m.ID), "")
	b.wantTold("C0DESK card", "LINE reply")

	third := b.write(p, welfare(), "")
	b.kind(b.send(welfare(), third.ID, second.ID), bot.Conflict) // nobody has asked welfare, so it is not its turn
}

func TestReply_by_a_department_while_it_works_on_it(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare", "health"), "")
	m := b.write(p, welfare(), "")
	b.kind(b.send(welfare(), m.ID, 0), "")
	b.wantTold("C0DESK card", "C0HEALTH card", "C0WELFARE card", "LINE reply")
	b.must(func(tx *store.Tx) error {
		return b.l.Sent(t.Context(), tx, b.event(), p.ID, fmt.Sprint(m.ID), "")
	})
	b.wantTold("C0DESK outcome", "C0HEALTH outcome", "C0WELFARE outcome")
	b.state(p, proposal.Coordinating)
}

func TestSend_by_two_at_once_lets_one_through(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	first, second := b.write(p, sato(), ""), b.write(p, mori(), "")
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, m := range []store.Message{first, second} {
		both.Go(func() {
			errs[i] = b.db.InTx(t.Context(), func(tx *store.Tx) error {
				_, err := b.l.Send(t.Context(), tx, b.event(), bot.Actor{ID: m.Author, Desk: true}, m.ID, 0)
				return err
			})
		})
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("want one refused, got %v and %v", errs[0], errs[1])
	}
}

func TestDecline(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare"), "")
	m := b.write(p, sato(), "overlap")
	if m.Kind != store.MessageDecline {
		t.Fatalf("got kind %s", m.Kind)
	}
	b.kind(b.send(sato(), m.ID, 0), "")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told", "LINE reply")
	b.state(p, proposal.Declined)
	if why, err := b.db.OutcomeOf(t.Context(), p.ID); why != "overlap" || err != nil {
		t.Errorf("outcome is %q (%v)", why, err)
	}
	again := b.write(p, mori(), "cost")
	b.kind(b.send(mori(), again.ID, m.ID), bot.Conflict)
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Reopened}), "")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told", "LINE state")
	b.state(p, proposal.Screening)
	if why, err := b.db.OutcomeOf(t.Context(), p.ID); why != "" || err != nil {
		t.Errorf("outcome is still %q (%v)", why, err)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare"), "")
	withdraw := func(c bot.Contact) error {
		return b.do(func(tx *store.Tx) error {
			_, err := b.l.Withdraw(t.Context(), tx, b.event(), c, p.ID)
			return err
		})
	}
	own, err := b.db.Contact(t.Context(), p.Contact)
	if err != nil {
		t.Fatal(err)
	}
	b.kind(withdraw(bot.Contact{ID: own.ID + 1, LineUser: "U1"}), bot.NotFound)
	b.kind(withdraw(own), "")
	b.wantTold("C0DESK card", "C0DESK told", "C0WELFARE card", "C0WELFARE told")
	b.state(p, proposal.Withdrawn)
	b.kind(withdraw(own), bot.Conflict)
}

func TestWithdraw_is_over_once_the_work_has_begun(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	for _, on := range []proposal.Event{proposal.DialogueOpened, proposal.Prepared, proposal.Started} {
		b.kind(b.move(p, sato(), ledger.Change{On: on}), "")
		b.wantTold("C0DESK card", "C0DESK told", "LINE state")
	}
	own, err := b.db.Contact(t.Context(), p.Contact)
	if err != nil {
		t.Fatal(err)
	}
	b.kind(b.do(func(tx *store.Tx) error {
		_, err := b.l.Withdraw(t.Context(), tx, b.event(), own, p.ID)
		return err
	}), bot.Conflict)
	b.state(p, proposal.InProgress)
}

func TestWritten_reaches_the_desk_and_whoever_works_on_it(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare", "health", "town"), "")
	b.kind(b.answer(p, health(), ledger.Verdict{Department: "health", Verdict: bot.VerdictUnable, Reason: "所管外"}), "")
	id := b.hear(p)
	b.wantTold("C0DESK card", "C0DESK message", "C0HEALTH card", "C0TOWN card", "C0TOWN message", "C0WELFARE card", "C0WELFARE message")
	m, err := b.db.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b.must(func(tx *store.Tx) error { return b.l.Unsent(t.Context(), tx, b.event(), m) })
	b.wantTold("C0DESK card", "C0DESK message", "C0HEALTH message", "C0TOWN message", "C0WELFARE message") // whoever may have read it
	b.state(p, proposal.Coordinating)
}

func TestArrived_shows_a_protected_file_to_nobody_else(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.refer(p, false, "welfare"), "")
	files, err := b.db.FilesOf(t.Context(), p.ID)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b.must(func(tx *store.Tx) error { return b.l.Arrived(t.Context(), tx, b.event(), f) })
		want := []string{"C0DESK file", "C0WELFARE file"}
		if f.Name == "secret.pdf" {
			want = want[:1]
		}
		b.wantTold(want...)
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held}), bot.Invalid)
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "予算待ち"}), bot.Invalid)
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "予算待ち", Until: calendar.Date{Year: 2026, Month: 11, Day: 20}}), bot.Invalid)
	until := calendar.Date{Year: 2026, Month: 12, Day: 25}
	b.kind(b.move(p, welfare(), ledger.Change{On: proposal.Held, Why: "予算待ち", Until: until}), bot.Forbidden)
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "予算待ち", Until: until}), "")
	b.wantTold("C0DESK card", "C0DESK told", "LINE state")
	if now := b.state(p, proposal.OnHold); day(now.NextDate) != "2026-12-25" || now.Before != proposal.Received {
		t.Errorf("held from %s until %s", now.Before, day(now.NextDate))
	}
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "もう少し", Until: until.AddDays(7)}), "")
	b.state(p, proposal.OnHold)
	b.kind(b.move(p, chief(), ledger.Change{On: proposal.Resumed}), "")
	b.state(p, proposal.Received)
}

// Whatever people try, in whatever order: the history explains the state, an open proposal has an owner once somebody
// has touched it, and always a next date.
func TestHistory_explains_any_life(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	people := []bot.Actor{sato(), mori(), chief(), welfare(), health()}
	rapid.Check(t, func(rt *rapid.T) {
		p := b.submit()
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			by := rapid.SampledFrom(people).Draw(rt, "by")
			err := tryAnything(rt, b, p, by)
			if bot.KindOf(err) == bot.Internal {
				rt.Fatal(err)
			}
		}
		now, err := b.db.Proposal(t.Context(), p.ID)
		if err != nil {
			rt.Fatal(err)
		}
		b.state(p, now.State)
	})
}

func tryAnything(rt *rapid.T, b *book, p bot.Proposal, by bot.Actor) error {
	department := rapid.SampledFrom([]bot.DepartmentID{"welfare", "health"}).Draw(rt, "department")
	switch rapid.IntRange(0, 5).Draw(rt, "what") {
	case 0:
		return b.refer(p, rapid.Bool().Draw(rt, "again"), department)
	case 1:
		return b.answer(p, by, ledger.Verdict{Department: department, Verdict: rapid.SampledFrom(bot.Verdicts()).Draw(rt, "verdict"), Reason: "理由"})
	case 2:
		m := b.write(p, by, rapid.SampledFrom([]string{"", "", "cost"}).Draw(rt, "reason"))
		last, err := b.db.LastReply(b.t.Context(), p.ID)
		if bot.KindOf(err) == bot.Internal {
			return err
		}
		return b.send(by, m.ID, last.ID)
	case 3:
		b.hear(p)
		return nil
	case 4:
		return b.do(func(tx *store.Tx) error {
			_, err := b.l.Assign(b.t.Context(), tx, b.event(), p.ID, by, "U0MORI")
			return err
		})
	}
	c := ledger.Change{On: rapid.SampledFrom(proposal.Events()).Draw(rt, "event"), Why: "理由", Until: calendar.Date{Year: 2027, Month: 1, Day: 8}}
	return b.move(p, by, c)
}

func TestMove_is_only_for_steps(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	for _, on := range []proposal.Event{proposal.Declined, proposal.RuledOut, proposal.HandedOff, proposal.Replied, proposal.Waived, proposal.Asked, proposal.Taken, proposal.Withdrawn, "nonsense"} {
		if err := b.move(p, sato(), ledger.Change{On: on, Why: "理由"}); err == nil {
			t.Errorf("%s was done without its own action", on)
		}
	}
	now := b.state(p, proposal.Received)
	for _, on := range proposal.Choices(ledger.Situation(now), proposal.Desk) {
		if !ledger.IsStep(on) {
			continue
		}
		q := b.submit()
		b.kind(b.move(q, sato(), ledger.Change{On: on, Why: "理由", Until: calendar.Date{Year: 2027, Month: 1, Day: 8}}), "")
	}
}

func TestMove_is_for_nobody_without_a_part(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	p := b.submit()
	b.kind(b.move(p, sato(), ledger.Change{On: proposal.Held, Why: "理由", Until: calendar.Date{Year: 2026, Month: 12, Day: 1}}), "")
	b.later(31 * 24 * time.Hour)
	b.kind(b.move(p, bot.Actor{ID: "U0GUEST", Name: "客"}, ledger.Change{On: proposal.Resumed}), bot.Forbidden)
	b.kind(b.move(p, bot.Actor{}, ledger.Change{On: proposal.Resumed}), "") // a date that has come
}
