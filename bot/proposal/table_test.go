package proposal_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/calendar"
	"tsunagi/bot/proposal"
)

var today = calendar.Date{Year: 2026, Month: 11, Day: 20}

func TestStates(t *testing.T) {
	t.Parallel()
	want := []proposal.State{
		"received", "screening", "coordinating", "in_dialogue", "preparing", "in_progress", "completed", "reported",
		"on_hold", "declined", "out_of_scope", "withdrawn", "handed_off",
	}
	if diff := cmp.Diff(want, proposal.States()); diff != "" {
		t.Errorf("States() (-design +got):\n%s", diff)
	}
	check := "state IN ('received', 'screening', 'coordinating', 'in_dialogue', 'preparing', 'in_progress', 'completed', " +
		"'reported', 'on_hold', 'declined', 'out_of_scope', 'withdrawn', 'handed_off')"
	if diff := cmp.Diff(check, proposal.SQLCheck()); diff != "" {
		t.Errorf("SQLCheck() (-want +got):\n%s", diff)
	}
}

// The table speaks of known states only, and every line of it can happen.
func TestTableLines(t *testing.T) {
	t.Parallel()
	targets := append(proposal.States(), proposal.Same, proposal.Before)
	for _, r := range proposal.Table() {
		for _, from := range r.From {
			if from != proposal.Begin && !slices.Contains(proposal.States(), from) {
				t.Errorf("%s: from unknown state %q", r.On, from)
			}
		}
		if !slices.Contains(targets, r.To) || len(r.From) == 0 || len(r.By) == 0 || len(r.Tell) == 0 {
			t.Errorf("%s from %v: no known target, nobody to do it, or nobody to tell: %+v", r.On, r.From, r)
		}
	}
}

// From the draft every situation can be reached; from every open one a way leads to an end; what ended can be reopened.
func TestEverySituationHasAWayInAndOut(t *testing.T) {
	t.Parallel()
	reached := reachable(proposal.Situation{})
	var states []proposal.State
	for at := range reached {
		states = append(states, at.State)
	}
	for _, s := range proposal.States() {
		if !slices.Contains(states, s) {
			t.Errorf("state %s is never reached", s)
		}
		if proposal.Open(s) == proposal.Ended(s) {
			t.Errorf("state %s is open and ended, or neither", s)
		}
	}
	for at := range reached {
		ends := slices.ContainsFunc(slices.Collect(maps.Keys(reachable(at))), func(s proposal.Situation) bool { return proposal.Ended(s.State) })
		if at.State != proposal.Begin && !ends {
			t.Errorf("%+v leads to no end", at)
		}
		if proposal.Ended(at.State) && !slices.Contains(proposal.Choices(at, proposal.Desk), proposal.Reopened) {
			t.Errorf("the desk cannot reopen %+v", at)
		}
	}
	if proposal.Open(proposal.Begin) || proposal.Ended(proposal.Begin) {
		t.Error("a draft is neither open nor ended")
	}
}

// In no situation do two lines of the table answer the same event of the same role.
func TestNoEventIsAmbiguous(t *testing.T) {
	t.Parallel()
	for at := range reachable(proposal.Situation{}) {
		for _, by := range roles() {
			for _, on := range proposal.Events() {
				var lines []proposal.Rule
				for _, r := range proposal.Table() {
					if r.On == on && slices.Contains(r.From, at.State) && slices.Contains(r.By, by) {
						lines = append(lines, r)
					}
				}
				if len(lines) > 1 {
					t.Errorf("%s by %s in %+v is answered by %d lines", on, by, at, len(lines))
				}
			}
		}
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	before := []proposal.State{
		proposal.Received, proposal.Screening, proposal.Coordinating, proposal.InDialogue, proposal.Preparing,
	}
	for at := range reachable(proposal.Situation{}) {
		allowed := slices.Contains(before, at.State) || at.State == proposal.OnHold && slices.Contains(before, at.Before)
		_, err := proposal.Next(at, act(proposal.Withdrawn, proposal.Organization))
		if (err == nil) != allowed {
			t.Errorf("withdraw in %+v: error %v, want allowed %v", at, err, allowed)
		}
		if err != nil && kind(err) != proposal.Conflict {
			t.Errorf("withdraw in %+v: %v, want a conflict", at, err)
		}
		if _, err := proposal.Next(at, act(proposal.Withdrawn, proposal.Desk)); kind(err) != proposal.Forbidden {
			t.Errorf("the desk withdraws in %+v: %v, want forbidden", at, err)
		}
	}
}

// A withdrawal is undone by its organization alone, while it is known where the proposal stood: it then stands there again.
func TestUndo(t *testing.T) {
	t.Parallel()
	for at := range reachable(proposal.Situation{}) {
		withdrawn, err := proposal.Next(at, act(proposal.Withdrawn, proposal.Organization))
		if err != nil {
			continue
		}
		undone, err := proposal.Next(withdrawn.Then, act(proposal.Undone, proposal.Organization))
		if err != nil || undone.Then != at {
			t.Errorf("withdrawn in %+v and undone: %+v, %v", at, undone.Then, err)
		}
		if _, err := proposal.Next(withdrawn.Then, act(proposal.Undone, proposal.Manager)); kind(err) != proposal.Forbidden {
			t.Errorf("a manager undoes a withdrawal in %+v: %v, want forbidden", at, err)
		}
	}
	if _, err := proposal.Next(proposal.Situation{State: proposal.Withdrawn}, act(proposal.Undone, proposal.Organization)); kind(err) != proposal.Conflict {
		t.Errorf("undone after a day: %v, want a conflict", err)
	}
}

// What the organization writes is never turned away, and a reply by the desk always can go out.
func TestTalkIsAlwaysPossible(t *testing.T) {
	t.Parallel()
	for _, at := range saved() {
		if _, err := proposal.Next(at, act(proposal.Written, proposal.Organization)); err != nil {
			t.Errorf("the organization writes in %+v: %v", at, err)
		}
		if _, err := proposal.Next(at, act(proposal.Replied, proposal.Desk)); err != nil {
			t.Errorf("the desk replies in %+v: %v", at, err)
		}
	}
}

// A manager may do whatever the desk may.
func TestManagerIsOfTheDesk(t *testing.T) {
	t.Parallel()
	for _, at := range saved() {
		if diff := cmp.Diff(proposal.Choices(at, proposal.Desk), proposal.Choices(at, proposal.Manager)); diff != "" {
			t.Errorf("choices in %+v (-desk +manager):\n%s", at, diff)
		}
	}
}

func roles() []proposal.Role {
	return []proposal.Role{
		proposal.Organization, proposal.Desk, proposal.Department, proposal.Manager, proposal.Time,
	}
}

// act is complete: with a reason and a date, should the rule need them.
func act(on proposal.Event, by proposal.Role) proposal.Act {
	return proposal.Act{On: on, By: by, Why: "reason", Until: today.AddDays(30), Today: today}
}

// reachable are all situations to which acts lead, with the one they begin in.
func reachable(from proposal.Situation) map[proposal.Situation]bool {
	seen, todo := map[proposal.Situation]bool{from: true}, []proposal.Situation{from}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		for _, on := range proposal.Events() {
			for _, by := range roles() {
				step, err := proposal.Next(at, act(on, by))
				if err == nil && !seen[step.Then] {
					seen[step.Then] = true
					todo = append(todo, step.Then)
				}
			}
		}
	}
	return seen
}

// saved are all situations a saved proposal can be in.
func saved() []proposal.Situation {
	all := reachable(proposal.Situation{})
	delete(all, proposal.Situation{})
	return slices.Collect(maps.Keys(all))
}
