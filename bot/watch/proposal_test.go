package watch_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// holds puts a proposal on hold until a day.
func (p *post) holds(id bot.ProposalID, until string) {
	p.t.Helper()
	day, err := calendar.ParseDate(until)
	if err != nil {
		p.t.Fatal(err)
	}
	p.tx(func(tx *store.Tx) error {
		_, err := ledger.New(p.desk).Move(p.t.Context(), tx, ledger.Change{
			Event: "hold", Proposal: id, On: proposal.Held, By: bot.Actor{ID: "U0MORI", Desk: true}, Why: "予算", Until: day,
		})
		return err
	})
}

func (p *post) read(id bot.ProposalID) bot.Proposal {
	p.t.Helper()
	now, err := p.db.Proposal(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return now
}

// delivered counts the deliveries of a kind into one chat.
func (p *post) delivered(lane, kind string) int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM deliveries WHERE lane LIKE $1 || '%' AND kind = $2`, lane, kind)
}

// resumed counts what history has of holds that time has ended.
func (p *post) resumed() int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM history WHERE event = 'resumed' AND actor = ''`)
}

// shown puts the card of each proposal where it stands, and takes away what is still on its way.
func (p *post) shown() {
	p.t.Helper()
	p.count(`WITH gone AS (DELETE FROM deliveries RETURNING 1), cards AS (
		INSERT INTO cards (proposal, channel, ts) SELECT id, 'C0DESK', id FROM proposals ON CONFLICT DO NOTHING RETURNING 1)
		SELECT count(*) FROM gone`)
}

func TestHolds(t *testing.T) {
	t.Parallel()
	t.Run("end at the opening of their day, once, and all are told", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		id := p.owns("U0MORI", "a")
		p.holds(id, "2026-12-01")
		p.shown()
		p.at("2026-11-30 12:00")
		p.at("2026-12-01 08:59")
		if p.read(id).State != proposal.OnHold {
			t.Fatal("the hold has ended before its day began")
		}
		p.at("2026-12-01 09:00")
		now := p.read(id)
		if now.State != proposal.Screening || now.Before != "" || now.NextDate.Format(time.DateOnly) != "2026-12-03" || now.Owner != "U0MORI" {
			t.Errorf("got %+v", now)
		}
		p.at("2026-12-01 09:01")
		_, other := p.replica()
		other.Sweep(t.Context())
		if p.resumed() != 1 || p.delivered("line/Ua", "state") != 1 || p.delivered("slack/", "told") != 1 || p.delivered("slack/", "card") != 1 {
			t.Errorf("%d resumed, company told %d, desk told %d, cards %d", p.resumed(), p.delivered("line/Ua", "state"),
				p.delivered("slack/", "told"), p.delivered("slack/", "card"))
		}
		if p.seen["resumed"] != 1 || !strings.Contains(p.log.String(), "proposal resumed") || strings.Contains(p.log.String(), "見守り") {
			t.Errorf("counted %v, logged %s", p.seen, p.log)
		}
	})
	t.Run("of a day off end when the desk next opens", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		id := p.owns("U0MORI", "a")
		p.holds(id, "2026-12-05") // a Saturday
		p.at("2026-12-05 12:00")
		p.at("2026-12-07 08:59")
		if p.resumed() != 0 {
			t.Error("ended while the desk is closed")
		}
		p.at("2026-12-07 09:00")
		if p.read(id).State != proposal.Screening {
			t.Errorf("got %+v", p.read(id))
		}
	})
	t.Run("wait for office hours, if nobody watched before", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		id := p.owns("U0MORI", "a")
		p.holds(id, "2026-12-01")
		p.at("2026-12-03 20:00")
		if p.read(id).State != proposal.OnHold {
			t.Error("the company was told in the evening")
		}
		p.at("2026-12-04 09:00")
		if p.read(id).State != proposal.Screening {
			t.Errorf("got %+v", p.read(id))
		}
	})
	t.Run("that were put off, or ended by hand, are left alone", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		off, ended := p.owns("U0MORI", "a"), p.owns("U0MORI", "b")
		p.holds(off, "2026-12-01")
		p.holds(off, "2026-12-08")
		p.holds(ended, "2026-12-01")
		p.tx(func(tx *store.Tx) error {
			_, err := ledger.New(p.desk).Move(t.Context(), tx, ledger.Change{
				Event: "e", Proposal: ended, On: proposal.Resumed, By: bot.Actor{ID: "U0MORI", Desk: true}})
			return err
		})
		p.at("2026-12-01 09:00")
		if p.read(off).State != proposal.OnHold || p.resumed() != 0 {
			t.Errorf("%d ended by time: %+v", p.resumed(), p.read(off))
		}
	})
}

// Replicas that sweep at the same moment end each hold once, and make one digest, which counts all of them.
func TestHolds_on_several_replicas(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	const held = 20
	for i := range held {
		p.holds(p.owns("U0MORI", string(rune('a'+i))), "2026-12-01")
	}
	p.mu.Lock()
	p.now = time.Date(2026, 12, 1, 9, 0, 0, 0, p.desk.Location)
	p.mu.Unlock()
	var all sync.WaitGroup
	for range 3 {
		_, w := p.replica()
		all.Go(func() { w.Sweep(t.Context()); w.Sweep(t.Context()) })
	}
	all.Wait()
	if p.resumed() != held || p.digests() != 1 || p.count(`SELECT resumed FROM digests WHERE day = '2026-12-01'`) != held {
		t.Errorf("%d ended, %d digests", p.resumed(), p.digests())
	}
}

// A proposal that somebody works on at this moment is left to the next sweep, holds up no other, and the digest waits for it.
func TestHolds_wait_for_nobody(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	first, second := p.owns("U0MORI", "a"), p.owns("U0MORI", "b")
	p.holds(first, "2026-12-01")
	p.holds(second, "2026-12-01")
	p.tx(func(tx *store.Tx) error {
		err := tx.LockContactOf(t.Context(), first)
		if err == nil {
			p.at("2026-12-01 09:00")
		}
		return err
	})
	if p.read(first).State != proposal.OnHold || p.read(second).State != proposal.Screening || p.digests() != 0 {
		t.Errorf("%s, %s, %d digests", p.read(first).State, p.read(second).State, p.digests())
	}
	p.tx(func(tx *store.Tx) error {
		err := tx.LockContactOf(t.Context(), first)
		if err == nil {
			p.at("2026-12-01 09:10")
		}
		return err
	})
	if p.digests() != 1 {
		t.Error("the digest waits longer than ten minutes")
	}
	p.at("2026-12-01 09:11")
	if p.read(first).State != proposal.Screening || p.digests() != 1 {
		t.Errorf("%s, %d digests", p.read(first).State, p.digests())
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := p.owns("U0MORI", "a") // due on Wednesday, 25 November
	p.shown()
	p.at("2026-11-25 17:00")
	p.at("2026-11-26 08:59")
	if p.delivered("slack/", "card") != 0 {
		t.Error("the card is drawn before it is overdue, or before the desk opens")
	}
	p.at("2026-11-26 09:00")
	p.at("2026-11-26 09:01")
	p.at("2026-11-27 09:00")
	if p.delivered("slack/", "card") != 1 || p.delivered("slack/", "told") != 0 || p.delivered("line/", "") != 0 || p.seen["overdue"] != 1 {
		t.Errorf("drawn %d times, counted %v", p.delivered("slack/", "card"), p.seen)
	}
	p.holds(id, "2026-12-01")
	p.at("2026-12-01 09:00") // due again on 3 December
	p.shown()
	p.at("2026-12-04 09:00")
	if p.delivered("slack/", "card") != 1 || p.seen["overdue"] != 2 {
		t.Errorf("with another date it is drawn %d times, counted %v", p.delivered("slack/", "card"), p.seen)
	}
}

// Where a department still owes its verdict, its card says so too.
func TestOverdue_at_departments(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := p.owns("U0MORI", "a")
	p.tx(func(tx *store.Tx) error {
		by := bot.Actor{ID: "U0MORI", Desk: true}
		_, _, err := ledger.New(p.desk).Refer(t.Context(), tx, ledger.Referral{
			Event: "e", Proposal: id, By: by, Departments: []bot.DepartmentID{"welfare", "health"}})
		if err != nil {
			return err
		}
		_, err = ledger.New(p.desk).Answer(t.Context(), tx, ledger.Verdict{
			Event: "v", Proposal: id, Department: "health", By: bot.Actor{ID: "U0KENKO", Departments: []bot.DepartmentID{"health"}},
			Verdict: bot.VerdictJoin})
		return err
	})
	p.shown()
	p.at("2026-12-25 10:00")
	if n := p.delivered("slack/", "card"); n != 2 {
		t.Errorf("%d cards are drawn, want the desk's and the one that waits", n)
	}
}

// Each department that is late shows on the desk's card and its own from the day after, also when the next date is another's or
// has passed before.
func TestOverdue_of_each_department(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id, ended := p.owns("U0MORI", "a"), p.owns("U0MORI", "b")
	ask := func(id bot.ProposalID, d bot.DepartmentID, dayOf int) {
		t.Helper()
		p.tx(func(tx *store.Tx) error {
			_, _, err := ledger.New(p.desk).Refer(t.Context(), tx, ledger.Referral{
				Event: "e", Proposal: id, By: bot.Actor{ID: "U0MORI", Desk: true}, Departments: []bot.DepartmentID{d},
				Due: time.Date(2026, 11, dayOf, 0, 0, 0, 0, time.UTC)})
			return err
		})
	}
	ask(id, "welfare", 24)
	ask(id, "health", 26)
	ask(ended, "health", 24)
	p.tx(func(tx *store.Tx) error {
		_, err := ledger.New(p.desk).Withdraw(t.Context(), tx, "w", bot.Contact{ID: p.read(ended).Contact, LineUser: "Ub"}, ended)
		return err
	})
	drawn := func(moment string, desk, welfare, health int) {
		t.Helper()
		p.shown()
		p.at(moment)
		p.at(moment)
		got := []int{p.delivered("slack/C0DESK", "card"), p.delivered("slack/C0WELFARE", "card"), p.delivered("slack/C0HEALTH", "card")}
		if got[0] != desk || got[1] != welfare || got[2] != health || p.delivered("slack/", "told")+p.delivered("line/", "") != 0 {
			t.Errorf("%s: drawn %v", moment, got)
		}
	}
	drawn("2026-11-24 09:00", 0, 0, 0)
	drawn("2026-11-25 08:59", 0, 0, 0)
	drawn("2026-11-25 09:00", 1, 1, 0)
	if n := p.count(`SELECT overdue FROM digests WHERE day = '2026-11-25'`); n != 1 {
		t.Errorf("the digest counts %d overdue", n)
	}
	drawn("2026-11-26 09:00", 0, 0, 0)
	drawn("2026-11-27 09:00", 1, 0, 1)
	if n := p.count(`SELECT count(*) FROM referrals WHERE late_shown IS NULL`); n != 0 {
		t.Errorf("%d of what has ended are looked at every minute", n)
	}
}
