package proposal

import (
	"fmt"
	"slices"

	"tsunagi/bot/calendar"
)

// Situation is where one proposal stands. Before and Until are set on hold and only there: the state it came from, and
// the date until when. Was is set as long as a withdrawal can be undone: the state it was withdrawn from, and if that was
// a hold, Before and Until are those of the hold.
type Situation struct {
	State  State
	Before State
	Until  calendar.Date
	Was    State
}

// Act is something somebody wants to do to a proposal. Why and Until are given where the rule needs them. Today is the
// date at the desk.
type Act struct {
	On    Event
	By    Role
	Why   string
	Until calendar.Date
	Today calendar.Date
}

// Step is a rule applied: from where, and where the proposal stands then.
type Step struct {
	Rule
	Was  State
	Then Situation
}

// Moved reports whether the state has changed.
func (s Step) Moved() bool { return s.Was != s.Then.State }

// Next says what an act leads to. What may not be done is a *Refusal: Forbidden if the role may not, Conflict if it is
// not possible in this situation, Invalid if a reason or a date is missing. A situation that cannot be is another error.
func Next(at Situation, act Act) (Step, error) {
	if err := at.check(); err != nil {
		return Step{}, err
	}
	rule, err := find(at, act)
	if err != nil {
		return Step{}, err
	}
	for _, need := range rule.Needs {
		if !act.brings(need) {
			return Step{}, &Refusal{Kind: Invalid, On: act.On, By: act.By, In: at.State, Missing: need}
		}
	}
	return Step{Rule: rule, Was: at.State, Then: at.after(rule, act.Until)}, nil
}

// find is the one rule for the act, or why there is none.
func find(at Situation, act Act) (Rule, error) {
	refusal := &Refusal{Kind: Forbidden, On: act.On, By: act.By, In: at.State}
	for _, rule := range Table() {
		if rule.On != act.On {
			continue
		}
		allowed := rule.allows(act.By)
		switch {
		case allowed && slices.Contains(rule.From, at.State) && rule.If.holds(at, act.Today):
			return rule, nil
		case allowed:
			refusal.Kind = Conflict // this role may at times, but not now
		}
	}
	return Rule{}, refusal
}

// allows reports whether the role may act by this rule.
func (r Rule) allows(by Role) bool {
	return slices.Contains(r.By, by) || by == Manager && slices.Contains(r.By, Desk)
}

func (g Guard) holds(at Situation, today calendar.Date) bool {
	switch g {
	case NotBegun:
		return at.Before != InProgress && at.Before != Completed // by state alone the rule's From decides
	case HoldOver:
		return !today.Before(at.Until)
	case WithinADay:
		return at.Was != ""
	}
	return true
}

func (a Act) brings(need Need) bool {
	if need == NeedUntil {
		return a.Until.After(a.Today)
	}
	return a.Why != ""
}

// after is the situation a rule leads to.
func (at Situation) after(r Rule, until calendar.Date) Situation {
	switch {
	case r.On == Held && at.State == OnHold:
		return Situation{State: OnHold, Before: at.Before, Until: until}
	case r.To == OnHold:
		return Situation{State: OnHold, Before: at.State, Until: until}
	case r.To == Same:
		return at
	case r.On == Withdrawn:
		return Situation{State: r.To, Before: at.Before, Until: at.Until, Was: at.State}
	case r.On == Undone:
		return Situation{State: at.Was, Before: at.Before, Until: at.Until}
	case r.To == Before:
		return Situation{State: at.Before}
	}
	return Situation{State: r.To}
}

// check refuses what no act leads to: a hold without the state before, or that state without a hold; a withdrawal from
// what is over, or from where without a withdrawal.
func (at Situation) check() error {
	held, hold := Open(at.Before) && at.Before != OnHold, at.State == OnHold || at.Was == OnHold
	switch {
	case at.State != Begin && !known(at.State):
		return fmt.Errorf("proposal in unknown state %q", at.State)
	case hold && !held:
		return fmt.Errorf("proposal on hold from impossible state %q", at.Before)
	case !hold && at.Before != "":
		return fmt.Errorf("proposal in state %s, though on hold from %s", at.State, at.Before)
	case at.Was != "" && (at.State != Withdrawn || !Open(at.Was)):
		return fmt.Errorf("proposal in state %s, though withdrawn from %s", at.State, at.Was)
	}
	return nil
}
