package proposal_test

import (
	"testing"

	"tsunagi/bot/proposal"
)

func TestDeadlineOf(t *testing.T) {
	t.Parallel()
	for s, want := range map[proposal.State]proposal.Deadline{
		proposal.Received: proposal.DeadlineTriage, proposal.Screening: proposal.DeadlineTriage,
		proposal.Coordinating: proposal.DeadlineVerdict, proposal.InDialogue: proposal.DeadlineReply,
		proposal.InProgress: proposal.DeadlineReply, proposal.OnHold: proposal.DeadlineUntil,
		proposal.Declined: proposal.NoDeadline, proposal.Reported: proposal.NoDeadline,
	} {
		if got := proposal.DeadlineOf(s); got != want {
			t.Errorf("DeadlineOf(%s) = %q, want %q", s, got, want)
		}
	}
}

func TestWhoseTurn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		state proposal.State
		facts proposal.Facts
		want  proposal.Role
	}{
		{proposal.Received, proposal.Facts{}, proposal.Desk},
		{proposal.Screening, proposal.Facts{AwaitingOrganization: true}, proposal.Organization},
		{proposal.Coordinating, proposal.Facts{AwaitingVerdicts: 2}, proposal.Department},
		{proposal.Coordinating, proposal.Facts{AwaitingVerdicts: 1, AwaitingOrganization: true}, proposal.Department},
		{proposal.Coordinating, proposal.Facts{}, proposal.Desk},
		{proposal.InDialogue, proposal.Facts{AwaitingOrganization: true}, proposal.Organization},
		{proposal.InDialogue, proposal.Facts{AwaitingVerdicts: 1}, proposal.Desk},
		{proposal.Preparing, proposal.Facts{}, proposal.Department},
		{proposal.Completed, proposal.Facts{AwaitingOrganization: true}, proposal.Department},
		{proposal.OnHold, proposal.Facts{AwaitingOrganization: true, AwaitingVerdicts: 1}, proposal.Desk},
		{proposal.Declined, proposal.Facts{AwaitingOrganization: true}, ""},
	}
	for _, tt := range tests {
		if got := proposal.WhoseTurn(tt.state, tt.facts); got != tt.want {
			t.Errorf("WhoseTurn(%s, %+v) = %q, want %q", tt.state, tt.facts, got, tt.want)
		}
	}
}
