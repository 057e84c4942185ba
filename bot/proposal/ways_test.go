package proposal_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsunagi/bot/calendar"
	"tsunagi/bot/proposal"
)

func TestPath(t *testing.T) {
	t.Parallel()
	held := proposal.Situation{State: proposal.OnHold, Before: proposal.InDialogue}
	tests := []struct {
		name string
		at   proposal.Situation
		to   proposal.State
		by   proposal.Role
		want proposal.Event // empty: no single event leads there
	}{
		{"the plainest of several", proposal.Situation{State: proposal.Received}, proposal.Screening, proposal.Desk, proposal.Taken},
		{"asking", proposal.Situation{State: proposal.Screening}, proposal.Coordinating, proposal.Desk, proposal.Asked},
		{"back", proposal.Situation{State: proposal.InDialogue}, proposal.Coordinating, proposal.Desk, proposal.Returned},
		{"too far", proposal.Situation{State: proposal.Received}, proposal.InProgress, proposal.Desk, ""},
		{"nowhere", proposal.Situation{State: proposal.Screening}, proposal.Screening, proposal.Desk, ""},
		{"not the desk's to say", proposal.Situation{State: proposal.Screening}, proposal.Withdrawn, proposal.Desk, ""},
		{"its own to say", proposal.Situation{State: proposal.Screening}, proposal.Withdrawn, proposal.Organization, proposal.Withdrawn},
		{"from hold to where it was", held, proposal.InDialogue, proposal.Manager, proposal.Resumed},
		{"from hold to elsewhere", held, proposal.Preparing, proposal.Manager, ""},
		{"reopened", proposal.Situation{State: proposal.Withdrawn}, proposal.Screening, proposal.Desk, proposal.Reopened},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := proposal.Path(tt.at, tt.to, tt.by)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Path(%+v, %s, %s) = %q, %v; want %q", tt.at, tt.to, tt.by, got, ok, tt.want)
			}
		})
	}
}

// Choices and Path offer exactly what Next then allows to somebody who brings reason and date.
func TestChoicesAreWhatNextAllows(t *testing.T) {
	t.Parallel()
	for _, at := range saved() {
		for _, by := range roles() {
			var allowed []proposal.Event
			for _, on := range proposal.Events() {
				if _, err := proposal.Next(at, whenDue(at, on, by)); err == nil {
					allowed = append(allowed, on)
				}
			}
			offered := proposal.Choices(at, by)
			slices.Sort(allowed)
			slices.Sort(offered)
			if diff := cmp.Diff(allowed, offered); diff != "" {
				t.Errorf("choices of %s in %+v (-allowed +offered):\n%s", by, at, diff)
			}
			for _, to := range proposal.States() {
				on, ok := proposal.Path(at, to, by)
				if step, err := proposal.Next(at, whenDue(at, on, by)); ok && (err != nil || step.Then.State != to) {
					t.Errorf("Path(%+v, %s, %s) = %s leads to %+v, %v", at, to, by, on, step.Then, err)
				}
			}
		}
	}
}

func whenDue(at proposal.Situation, on proposal.Event, by proposal.Role) proposal.Act {
	a := act(on, by)
	if !at.Until.IsZero() {
		a.Today, a.Until = at.Until, at.Until.AddDays(1)
	}
	return a
}

// However people and time act: the table is never left, what is refused changes nothing, and the history alone
// explains where the proposal stands.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at, day := proposal.Situation{}, today
		var history []proposal.Change
		for range rapid.IntRange(1, 80).Draw(t, "acts") {
			day = day.AddDays(rapid.IntRange(0, 3).Draw(t, "days"))
			step, err := proposal.Next(at, anyAct(t, at, day))
			if kind(err) == "" && err != nil {
				t.Fatalf("in %+v: %v", at, err)
			}
			if err != nil {
				continue
			}
			history = append(history, proposal.Change{On: step.On, From: step.Was, To: step.Then.State})
			at = step.Then
			holdsTogether(t, at, history)
		}
	})
}

// anyAct is any act half of the time, and else one that the role may choose.
func anyAct(t *rapid.T, at proposal.Situation, day calendar.Date) proposal.Act {
	by := rapid.SampledFrom(roles()).Draw(t, "by")
	events := proposal.Events()
	if choices := proposal.Choices(at, by); len(choices) > 0 && rapid.Bool().Draw(t, "sensible") {
		events = choices
	}
	return proposal.Act{
		On: rapid.SampledFrom(events).Draw(t, "on"), By: by, Today: day,
		Why:   rapid.SampledFrom([]string{"", "reason"}).Draw(t, "why"),
		Until: day.AddDays(rapid.IntRange(-1, 20).Draw(t, "until")),
	}
}

func holdsTogether(t *rapid.T, at proposal.Situation, history []proposal.Change) {
	if !slices.Contains(proposal.States(), at.State) {
		t.Fatalf("left the table: %+v", at)
	}
	if held := at.State == proposal.OnHold || at.Was == proposal.OnHold; held != (at.Before != "") || held == at.Until.IsZero() {
		t.Fatalf("a hold is half remembered: %+v", at)
	}
	explained, err := proposal.Explain(history)
	if err != nil || explained.State != at.State || explained.Before != at.Before || explained.Was != at.Was {
		t.Fatalf("history explains %+v, %v; the proposal stands at %+v", explained, err, at)
	}
}

func TestExplainFindsTheBreak(t *testing.T) {
	t.Parallel()
	begun := proposal.Change{On: proposal.Submitted, To: proposal.Received}
	for name, history := range map[string][]proposal.Change{
		"a line is missing": {begun, {On: proposal.Answered, From: proposal.Coordinating, To: proposal.Coordinating}},
		"a from that lies":  {begun, {On: proposal.Written, From: proposal.Screening, To: proposal.Received}},
		"no such rule":      {begun, {On: proposal.Started, From: proposal.Received, To: proposal.InProgress}},
		"never submitted":   {{On: proposal.Taken, From: proposal.Received, To: proposal.Screening}},
		"resumed elsewhere": {
			begun, {On: proposal.Held, From: proposal.Received, To: proposal.OnHold},
			{On: proposal.Resumed, From: proposal.OnHold, To: proposal.Preparing},
		},
	} {
		if at, err := proposal.Explain(history); err == nil {
			t.Errorf("%s: explained as %+v, want an error", name, at)
		}
	}
}
