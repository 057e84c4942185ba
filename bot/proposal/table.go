package proposal

import (
	"slices"
	"time"
)

// Rule is one line of the table: in any of these states, on this event, if the guard holds, by one of these roles, the
// proposal goes there, and these people are told.
type Rule struct {
	From  []State
	On    Event
	If    Guard
	To    State
	By    []Role
	Needs []Need
	Tell  []Audience
}

// Event is what happens to a proposal.
type Event string

// The events, but for those that share their word with the state they lead to: Completed, Reported, Declined,
// Withdrawn and HandedOff.
const (
	Submitted      Event = "submitted"       // the draft became a proposal
	Taken          Event = "taken"           // a member of the desk is its owner now
	Assigned       Event = "assigned"        // another member of the desk is
	Vacated        Event = "vacated"         // its owner has gone, and nobody is until somebody takes it
	Asked          Event = "asked"           // departments were asked, each by a referral
	Forwarded      Event = "forwarded"       // another department was asked, because one said that it would fit
	Answered       Event = "answered"        // a verdict came
	DialogueOpened Event = "dialogue_opened" // city and organization begin to talk it over
	Written        Event = "written"         // the organization wrote
	Replied        Event = "replied"         // a confirmed reply went to the organization
	Waived         Event = "waived"          // the desk said that what the organization wrote needs no reply
	Prepared       Event = "prepared"        // both want it and begin to prepare
	Started        Event = "started"         // it is being done from now on
	Returned       Event = "returned"        // one step back, because the last was too early
	Held           Event = "held"            // put aside until a date, or until another
	Resumed        Event = "resumed"         // the hold is over
	RuledOut       Event = "ruled_out"       // it is not what the desk is for
	Undone         Event = "undone"          // its organization withdrew it by mistake
	Reopened       Event = "reopened"        // what ended goes on
)

// Key is the catalogue key of the event's words.
func (e Event) Key() string { return "event." + string(e) }

// Role is in which part somebody acts.
type Role string

// A manager may do whatever the desk may, though the table names only the desk. A department acts only where it was
// asked, which the caller sees to.
const (
	Organization Role = "organization"
	Desk         Role = "desk"
	Department   Role = "department"
	Manager      Role = "manager"
	Time         Role = "time" // no person: a date has come, or somebody has gone
)

// Audience is who reads a notice of a step. Where the step is itself a message to somebody, such as a receipt, a reply
// or a decline in words, the table does not name them again.
type Audience string

// ToDepartments are those that were asked about the proposal.
const (
	ToOrganization Audience = "organization"
	ToDesk         Audience = "desk"
	ToDepartments  Audience = "departments"
)

// Guard is a condition on top of state and role.
type Guard string

// NotBegun holds unless the proposal was put on hold in progress or later. HoldOver holds from the date of the hold on.
// WithinADay holds as long as it is known where a withdrawn proposal stood: for UndoFor after the withdrawal.
const (
	Always     Guard = ""
	NotBegun   Guard = "not begun"
	HoldOver   Guard = "hold over"
	WithinADay Guard = "within a day"
)

// UndoFor is how long an organization may undo its withdrawal: it can sleep over it.
const UndoFor = 24 * time.Hour

// Need is what an act must bring along.
type Need string

// A reason in words or by its id, and a date later than today.
const (
	NeedWhy   Need = "why"
	NeedUntil Need = "until"
)

// Table is the life of a proposal. It is ordered: where two events would lead to the same state, the plainer comes
// first.
func Table() []Rule {
	early := []State{Received, Screening, Coordinating, InDialogue, Preparing}
	working := []State{Coordinating, InDialogue, Preparing, InProgress}
	running := []State{Received, Screening, Coordinating, InDialogue, Preparing, InProgress, Completed}
	stopped := []State{Declined, OutOfScope, Withdrawn, HandedOff}
	and := func(some []State, more ...State) []State { return slices.Concat(some, more) }

	organization, desk, either := []Role{Organization}, []Role{Desk}, []Role{Desk, Department}
	why := []Need{NeedWhy}
	toDesk, toStaff := []Audience{ToDesk}, []Audience{ToDesk, ToDepartments}
	toAll := []Audience{ToOrganization, ToDesk, ToDepartments}

	return []Rule{
		{From: []State{Begin}, On: Submitted, To: Received, By: []Role{Organization, Desk}, Tell: toDesk},

		// The way forward.
		{From: []State{Received}, On: Taken, To: Screening, By: desk, Tell: toDesk},
		{From: []State{Received, Screening}, On: Asked, To: Coordinating, By: desk, Tell: toStaff},
		{From: []State{Received, Screening}, On: DialogueOpened, To: InDialogue, By: desk, Tell: toAll},
		{From: []State{Coordinating}, On: DialogueOpened, To: InDialogue, By: either, Tell: toAll},
		{From: []State{Coordinating, InDialogue}, On: Prepared, To: Preparing, By: either, Tell: toAll},
		{From: []State{Preparing}, On: Started, To: InProgress, By: either, Tell: toAll},
		{From: []State{InProgress}, On: Completed, To: Completed, By: either, Tell: toAll},
		{From: []State{Completed}, On: Reported, To: Reported, By: either, Tell: toStaff},

		// One step back, for a press too early.
		{From: []State{Coordinating}, On: Returned, To: Screening, By: desk, Tell: toStaff},
		{From: []State{InDialogue}, On: Returned, To: Coordinating, By: desk, Tell: toStaff},
		{From: []State{Preparing}, On: Returned, To: InDialogue, By: desk, Tell: toStaff},
		{From: []State{InProgress}, On: Returned, To: Preparing, By: desk, Tell: toStaff},
		{From: []State{Completed}, On: Returned, To: InProgress, By: desk, Tell: toStaff},

		// Aside, and back.
		{From: running, On: Held, To: OnHold, By: desk, Needs: []Need{NeedWhy, NeedUntil}, Tell: toAll},
		{From: []State{OnHold}, On: Held, To: Same, By: desk, Needs: []Need{NeedWhy, NeedUntil}, Tell: toAll},
		{From: []State{OnHold}, On: Resumed, To: Before, By: desk, Tell: toAll},
		{From: []State{OnHold}, On: Resumed, If: HoldOver, To: Before, By: []Role{Time}, Tell: toAll},

		// The end before the work has begun, and back.
		{From: and(early, OnHold), On: Declined, If: NotBegun, To: Declined, By: desk, Needs: why, Tell: toStaff},
		{From: and(early, OnHold), On: RuledOut, If: NotBegun, To: OutOfScope, By: desk, Needs: why, Tell: toStaff},
		{From: and(early, OnHold), On: HandedOff, If: NotBegun, To: HandedOff, By: desk, Needs: why, Tell: toStaff},
		{From: and(early, OnHold), On: Withdrawn, If: NotBegun, To: Withdrawn, By: organization, Tell: toStaff},
		{From: []State{Withdrawn}, On: Undone, If: WithinADay, To: Before, By: organization, Tell: toStaff},
		{From: stopped, On: Reopened, To: Screening, By: desk, Tell: toAll},
		{From: []State{Reported}, On: Reopened, To: Completed, By: desk, Tell: toStaff},

		// What happens on the way and leaves the state as it is, but that whoever replies to or is given a received
		// proposal has taken it.
		{From: []State{Received}, On: Assigned, To: Screening, By: desk, Tell: toDesk},
		{From: and(running[1:], OnHold), On: Assigned, To: Same, By: desk, Tell: toDesk},
		{From: States(), On: Vacated, To: Same, By: []Role{Time}, Needs: why, Tell: toDesk},
		{From: working, On: Asked, To: Same, By: desk, Tell: toStaff},
		{From: []State{Screening}, On: Forwarded, To: Coordinating, By: desk, Tell: toStaff},
		{From: working, On: Forwarded, To: Same, By: desk, Tell: toStaff},
		{From: and(working, Screening, OnHold), On: Answered, To: Same, By: []Role{Department, Desk}, Tell: toStaff},
		{From: States(), On: Written, To: Same, By: organization, Tell: toStaff},
		{From: States(), On: Waived, To: Same, By: desk, Tell: toDesk},
		{From: []State{Received}, On: Replied, To: Screening, By: desk, Tell: toStaff},
		{From: and(working, Completed), On: Replied, To: Same, By: either, Tell: toStaff},
		{From: and(stopped, Screening, OnHold, Reported), On: Replied, To: Same, By: desk, Tell: toStaff},
	}
}

// Events lists every event once, in the order of the table.
func Events() []Event {
	var all []Event
	for _, r := range Table() {
		if !slices.Contains(all, r.On) {
			all = append(all, r.On)
		}
	}
	return all
}
