package proposal

import "strings"

// State is where a proposal stands.
type State string

// The states, but for those that share their word with the event leading to them: Completed, Reported, Declined,
// Withdrawn and HandedOff.
const (
	Begin        State = ""             // before submission; no proposal is ever saved in it
	Received     State = "received"     // the receipt is out, nobody has taken it
	Screening    State = "screening"    // a member of the desk is reading it
	Coordinating State = "coordinating" // departments have been asked
	InDialogue   State = "in_dialogue"  // city and organization talk it over
	Preparing    State = "preparing"    // both want it; who does what is being settled
	InProgress   State = "in_progress"  // it is being done
	OnHold       State = "on_hold"      // put aside until a date
	OutOfScope   State = "out_of_scope" // not what the desk is for
)

// Words that name both an event and the state it leads to, so they serve as State and as Event.
const (
	Completed = "completed"  // it is done; the report is owed
	Reported  = "reported"   // the report is in
	Declined  = "declined"   // the city will not do it
	Withdrawn = "withdrawn"  // the organization took it back
	HandedOff = "handed_off" // another body goes on with it
)

// Targets a rule may name in place of a state.
const (
	Same   State = "same"   // where it is
	Before State = "before" // where it was when it was put on hold, or withdrawn
)

// States lists all states in the order of a life. The CHECK in the database has them in the same order.
func States() []State {
	var all []State
	for _, t := range traits() {
		all = append(all, t.state)
	}
	return all
}

// SQLCheck is the condition the database holds every saved state against.
func SQLCheck() string {
	var quoted []string
	for _, s := range States() {
		quoted = append(quoted, "'"+string(s)+"'")
	}
	return "state IN (" + strings.Join(quoted, ", ") + ")"
}

// Key is the catalogue key of the state's words.
func (s State) Key() string { return "state." + string(s) }

// Open reports whether somebody still owes the next step, so that there must be an owner and a next date.
func Open(s State) bool { return DeadlineOf(s) != NoDeadline }

// Ended reports whether the life is over, unless the desk reopens it.
func Ended(s State) bool { return known(s) && !Open(s) }

// Deadline names what sets the next date of a proposal: a key of the profile's deadlines, or the date of a hold.
type Deadline string

// Triage, verdict and reply count working days as the profile says. A hold brings its own date.
const (
	NoDeadline      Deadline = ""
	DeadlineTriage  Deadline = "triage"
	DeadlineVerdict Deadline = "verdict"
	DeadlineReply   Deadline = "reply"
	DeadlineUntil   Deadline = "until"
)

// DeadlineOf says which deadline applies in a state, to be counted from the day the state began; NoDeadline in those
// that ended. For work that takes months (preparing, in progress, completed without a report) the reply deadline is
// the rhythm in which somebody looks.
func DeadlineOf(s State) Deadline { return traitOf(s).deadline }

// Facts are what WhoseTurn needs to know beside the state.
type Facts struct {
	AwaitingVerdicts     int  // departments that were asked and have not answered
	AwaitingOrganization bool // the last message went to the organization and wants an answer
}

// WhoseTurn says who owes the next step: Organization, Desk or Department; empty when the life is over.
func WhoseTurn(s State, f Facts) Role {
	turn := traitOf(s).turn
	switch {
	case s == Coordinating && f.AwaitingVerdicts > 0:
		return Department
	case f.AwaitingOrganization && (s == Screening || s == Coordinating || s == InDialogue || s == Preparing):
		return Organization
	}
	return turn
}

// trait is what holds in a state for itself; an open one has a deadline.
type trait struct {
	state    State
	deadline Deadline
	turn     Role // whose turn it is when the facts say nothing else
}

// traits is an array, so that asking for one costs nothing.
func traits() [13]trait {
	return [...]trait{
		{Received, DeadlineTriage, Desk},
		{Screening, DeadlineTriage, Desk},
		{Coordinating, DeadlineVerdict, Desk},
		{InDialogue, DeadlineReply, Desk},
		{Preparing, DeadlineReply, Department},
		{InProgress, DeadlineReply, Department},
		{Completed, DeadlineReply, Department},
		{Reported, NoDeadline, ""},
		{OnHold, DeadlineUntil, Desk},
		{Declined, NoDeadline, ""},
		{OutOfScope, NoDeadline, ""},
		{Withdrawn, NoDeadline, ""},
		{HandedOff, NoDeadline, ""},
	}
}

func known(s State) bool { return s != "" && traitOf(s).state == s }

func traitOf(s State) trait {
	for _, t := range traits() {
		if t.state == s {
			return t
		}
	}
	return trait{}
}
