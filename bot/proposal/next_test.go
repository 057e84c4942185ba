package proposal_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/proposal"
)

func TestNext(t *testing.T) {
	t.Parallel()
	in := func(s proposal.State) proposal.Situation { return proposal.Situation{State: s} }
	held := proposal.Situation{State: proposal.OnHold, Before: proposal.InDialogue, Until: today}
	later := today.AddDays(30)
	tests := []struct {
		name string
		at   proposal.Situation
		act  proposal.Act
		want proposal.Situation
	}{
		{"a draft is submitted", in(proposal.Begin), act(proposal.Submitted, proposal.Organization), in(proposal.Received)},
		{"the desk takes it", in(proposal.Received), act(proposal.Taken, proposal.Desk), in(proposal.Screening)},
		{"asking at once skips screening", in(proposal.Received), act(proposal.Asked, proposal.Desk), in(proposal.Coordinating)},
		{"asking more departments", in(proposal.InDialogue), act(proposal.Asked, proposal.Desk), in(proposal.InDialogue)},
		{"a verdict changes no state", in(proposal.Coordinating), act(proposal.Answered, proposal.Department), in(proposal.Coordinating)},
		{"a late verdict on hold", held, act(proposal.Answered, proposal.Department), held},
		{"a first reply takes it", in(proposal.Received), act(proposal.Replied, proposal.Desk), in(proposal.Screening)},
		{"a later reply changes no state", in(proposal.Coordinating), act(proposal.Replied, proposal.Department), in(proposal.Coordinating)},
		{"a department opens the dialogue", in(proposal.Coordinating), act(proposal.DialogueOpened, proposal.Department), in(proposal.InDialogue)},
		{
			"hold remembers", in(proposal.InDialogue), act(proposal.Held, proposal.Desk),
			proposal.Situation{State: proposal.OnHold, Before: proposal.InDialogue, Until: later},
		},
		{
			"holding longer still remembers", held, act(proposal.Held, proposal.Desk),
			proposal.Situation{State: proposal.OnHold, Before: proposal.InDialogue, Until: later},
		},
		{"the desk resumes", held, act(proposal.Resumed, proposal.Desk), in(proposal.InDialogue)},
		{"time resumes on the day", held, act(proposal.Resumed, proposal.Time), in(proposal.InDialogue)},
		{"withdrawn from hold", held, act(proposal.Withdrawn, proposal.Organization), withdrawnFrom(held)},
		{"undone", withdrawnFrom(held), act(proposal.Undone, proposal.Organization), held},
		{"reopened", in(proposal.Declined), act(proposal.Reopened, proposal.Desk), in(proposal.Screening)},
		{"a report is reopened", in(proposal.Reported), act(proposal.Reopened, proposal.Desk), in(proposal.Completed)},
		{"one step back", in(proposal.InProgress), act(proposal.Returned, proposal.Desk), in(proposal.Preparing)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			step, err := proposal.Next(tt.at, tt.act)
			if err != nil {
				t.Fatalf("Next: %v", err)
			}
			if diff := cmp.Diff(tt.want, step.Then); diff != "" {
				t.Errorf("Next leads elsewhere (-want +got):\n%s", diff)
			}
			if step.Was != tt.at.State || step.On != tt.act.On || step.Moved() != (tt.at.State != tt.want.State) {
				t.Errorf("step = %+v, was %s", step, tt.at.State)
			}
		})
	}
}

func TestNextRefuses(t *testing.T) {
	t.Parallel()
	lacking := func(on proposal.Event, change func(*proposal.Act)) proposal.Act {
		a := act(on, proposal.Desk)
		change(&a)
		return a
	}
	noReason := func(a *proposal.Act) { a.Why = "" }
	tests := []struct {
		name    string
		at      proposal.Situation
		act     proposal.Act
		want    proposal.Kind
		missing proposal.Need
	}{
		{"taken twice", proposal.Situation{State: proposal.Screening}, act(proposal.Taken, proposal.Desk), proposal.Conflict, ""},
		{"an organization takes", proposal.Situation{State: proposal.Received}, act(proposal.Taken, proposal.Organization), proposal.Forbidden, ""},
		{"a department declines", proposal.Situation{State: proposal.Coordinating}, act(proposal.Declined, proposal.Department), proposal.Forbidden, ""},
		{"a verdict after the end", proposal.Situation{State: proposal.Declined}, act(proposal.Answered, proposal.Department), proposal.Conflict, ""},
		{"submitted twice", proposal.Situation{State: proposal.Received}, act(proposal.Submitted, proposal.Organization), proposal.Conflict, ""},
		{"an unknown event", proposal.Situation{State: proposal.Received}, act("eaten", proposal.Desk), proposal.Forbidden, ""},
		{"declined without a reason", proposal.Situation{State: proposal.Screening}, lacking(proposal.Declined, noReason), proposal.Invalid, proposal.NeedWhy},
		{"held without a reason", proposal.Situation{State: proposal.Screening}, lacking(proposal.Held, noReason), proposal.Invalid, proposal.NeedWhy},
		{
			"held until today", proposal.Situation{State: proposal.Screening},
			lacking(proposal.Held, func(a *proposal.Act) { a.Until = today }), proposal.Invalid, proposal.NeedUntil,
		},
		{
			"declined while the work is on hold", proposal.Situation{State: proposal.OnHold, Before: proposal.InProgress, Until: today},
			act(proposal.Declined, proposal.Desk), proposal.Conflict, "",
		},
		{
			"time resumes too early", proposal.Situation{State: proposal.OnHold, Before: proposal.Screening, Until: today.AddDays(1)},
			act(proposal.Resumed, proposal.Time), proposal.Conflict, "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			step, err := proposal.Next(tt.at, tt.act)
			want := &proposal.Refusal{Kind: tt.want, On: tt.act.On, By: tt.act.By, In: tt.at.State, Missing: tt.missing}
			var got *proposal.Refusal
			if !errors.As(err, &got) {
				t.Fatalf("Next = %+v, %v; want a refusal", step, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

// A row that cannot be is a fault, never a refusal that a person would read.
func TestNextImpossibleSituation(t *testing.T) {
	t.Parallel()
	for _, at := range []proposal.Situation{
		{State: "lost"},
		{State: proposal.OnHold},
		{State: proposal.OnHold, Before: proposal.OnHold},
		{State: proposal.OnHold, Before: proposal.Declined},
		{State: proposal.Screening, Before: proposal.Received},
	} {
		_, err := proposal.Next(at, act(proposal.Written, proposal.Organization))
		if err == nil || kind(err) != "" {
			t.Errorf("Next in %+v: %v, want a plain error", at, err)
		}
	}
}

func kind(err error) proposal.Kind {
	var r *proposal.Refusal
	if errors.As(err, &r) {
		return r.Kind
	}
	return ""
}

func BenchmarkNext(b *testing.B) {
	at, a := proposal.Situation{State: proposal.InProgress}, act(proposal.Written, proposal.Organization)
	for b.Loop() {
		if _, err := proposal.Next(at, a); err != nil {
			b.Fatal(err)
		}
	}
}

// withdrawnFrom is where a proposal stands for a day after it was withdrawn.
func withdrawnFrom(at proposal.Situation) proposal.Situation {
	at.State, at.Was = proposal.Withdrawn, at.State
	return at
}
