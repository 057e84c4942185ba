package coordinator

import (
	"context"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// openRefer opens the modal that asks departments: which, with what note, until when, and what they may see. It shows who
// was asked already.
func (c *Coordinator) openRefer(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	if err := ledger.May(now, proposal.Desk, proposal.Asked); err != nil {
		return Reaction{}, err
	}
	screen, err := c.referOf(ctx, now)
	return Reaction{Open: screen}, err
}

func (c *Coordinator) referOf(ctx context.Context, now bot.Proposal) (*msg.Screen, error) {
	particulars, err := c.db.Particulars(ctx, now.ID)
	if err != nil {
		return nil, err
	}
	before, err := c.db.Referrals(ctx, now.ID)
	return c.referScreen(ctx, now, particulars, before), err
}

// referAgain is the modal once more for somebody whose screen was over: nobody was asked.
func (c *Coordinator) referAgain(ctx context.Context, p bot.ProposalID, typed msg.Values) (*msg.Screen, error) {
	now, err := c.db.Proposal(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := ledger.May(now, proposal.Desk, proposal.Asked); err != nil {
		return nil, err
	}
	screen, err := c.referOf(ctx, now)
	if err != nil {
		return nil, err
	}
	return c.again(ctx, screen, now, typed)
}

func (c *Coordinator) referScreen(ctx context.Context, now bot.Proposal, particulars []store.Particular, before []bot.Referral) *msg.Screen {
	blocks := []msg.Block{msg.Text{Body: c.heading(now)}}
	if len(before) > 0 {
		blocks = append(blocks, msg.Card{Title: c.say("modal.refer.before"), Rows: c.cards.Board(ctx, now, before, c.db.Now())})
	}
	return &msg.Screen{
		Title: c.say("modal.refer.title"), Submit: c.say("modal.refer.submit"), Close: c.say("modal.close"),
		Then:   c.asOf(msg.Do("proposal.refer", "proposal", id(now.ID)), now),
		Blocks: blocks,
		Inputs: c.referInputs(now, particulars, before),
	}
}

func (c *Coordinator) referInputs(p bot.Proposal, particulars []store.Particular, before []bot.Referral) []msg.Input {
	hint := "modal.refer.note_hint"
	if len(before) > 0 {
		hint = "modal.refer.note_again"
	}
	inputs := append(c.whom(p, before),
		msg.Input{ID: "note", Kind: msg.InputLong, Label: c.say("modal.refer.note"), Hint: c.say(hint), Optional: true, Max: 1000},
		msg.Input{ID: "due", Kind: msg.InputDate, Label: c.say("modal.refer.due"), Value: []string{c.verdictDue()}},
	)
	if options := clearable(particulars); len(options) > 0 {
		inputs = append(inputs, msg.Input{
			ID: "cleared", Kind: msg.InputMulti, Label: c.say("modal.refer.cleared"), Hint: c.say("modal.refer.cleared_hint"),
			Options: options, Optional: true,
		})
	}
	return inputs
}

// whom asks for the departments. Those that have answered stand apart: asking them again clears their verdict, which nobody
// is to do by the way.
func (c *Coordinator) whom(p bot.Proposal, before []bot.Referral) []msg.Input {
	given := map[bot.DepartmentID]string{}
	for _, f := range before {
		if f.Verdict != "" {
			given[f.Department] = c.cards.Verdict(f)
		}
	}
	free, answered := c.departments(p, given)
	var inputs []msg.Input
	if len(free) > 0 {
		inputs = append(inputs, msg.Input{
			ID: "departments", Kind: msg.InputMulti, Label: c.say("modal.refer.departments"), Options: free, Optional: len(answered) > 0,
		})
	}
	if len(answered) > 0 {
		inputs = append(inputs, msg.Input{
			ID: "again", Kind: msg.InputMulti, Label: c.say("modal.refer.again"), Hint: c.say("modal.refer.again_hint"),
			Options: answered, Optional: len(free) > 0,
		})
	}
	return inputs
}

// departments are the options of the modal: those whose topics fit come first, duties as the small print; and apart those
// that have answered, with their verdict.
func (c *Coordinator) departments(p bot.Proposal, given map[bot.DepartmentID]string) (free, answered []msg.Option) {
	var rest []msg.Option
	for _, d := range c.desk.Departments {
		verdict, has := given[d.ID]
		o := msg.Option{ID: string(d.ID), Label: d.Name, Hint: d.Duties}
		switch {
		case has:
			o.Hint = verdict
			answered = append(answered, o)
		case d.Fits(p.Topics):
			free = append(free, o)
		default:
			rest = append(rest, o)
		}
	}
	return append(free, rest...), answered
}

// verdictDue is the preset due date: the profile's working days from today.
func (c *Coordinator) verdictDue() string {
	return c.desk.Calendar.AddWorkingDays(c.desk.Calendar.Today(c.db.Now()), c.desk.Deadlines.Verdict).String()
}

// clearable are the fields a department sees only if the desk clears them. What it sees anyway is no choice.
func clearable(particulars []store.Particular) []msg.Option {
	var out []msg.Option
	for _, q := range particulars {
		if !ledger.Visible(q, nil) {
			out = append(out, msg.Option{ID: q.Field, Label: q.Label})
		}
	}
	return out
}

func (c *Coordinator) refer(ctx context.Context, s Submission) (Response, error) {
	faults, again := map[string]text.Line{}, departmentIDs(s.Values["again"])
	departments := append(departmentIDs(s.Values["departments"]), again...)
	if len(departments) == 0 { // where all have answered, the platform asks for one of them
		faults["departments"] = text.Say("modal.refer.departments_missing")
	}
	due, err := time.Parse(time.DateOnly, s.Values.First("due"))
	if err != nil || due.Before(c.today()) {
		faults["due"] = text.Say("modal.refer.due_past")
	}
	if len(faults) > 0 {
		return Response{Faults: faults}, nil
	}
	over, err := c.fresh(ctx, s.ID, s.Press, func(tx *store.Tx) error {
		_, _, err := c.ledger.Refer(ctx, tx, ledger.Referral{
			Event: s.ID, Again: true, Proposal: proposalOf(s.Press), By: s.Actor, Departments: departments, Reopen: again,
			Note: strings.TrimSpace(s.Values.First("note")), Due: due, Cleared: s.Values["cleared"],
		})
		return err
	})
	if over && err == nil {
		screen, err := c.referAgain(ctx, proposalOf(s.Press), s.Values)
		return Response{Show: screen}, err
	}
	if bot.SayOf(err).Key == "ledger.answered_before" {
		return Response{Faults: map[string]text.Line{"departments": bot.SayOf(err)}}, nil
	}
	return Response{}, err
}

// forward asks the department that another named as the right one, with the same note and the same clearance. A card on which
// the proposal has not moved on since does so at once; any other opens the modal, with that department chosen.
func (c *Coordinator) forward(ctx context.Context, p Press) (Reaction, error) {
	to := bot.DepartmentID(p.Press.Args.Get("to"))
	over, err := c.fresh(ctx, p.ID, p.Press.Shown(c.db.Now()), func(tx *store.Tx) error {
		from, err := tx.Referral(ctx, proposalOf(p.Press), departmentOf(p.Press))
		if err != nil {
			return err
		}
		_, _, err = c.ledger.Refer(ctx, tx, ledger.Referral{
			Event: p.ID, Named: from.Department, Proposal: from.Proposal, By: p.Actor, Departments: []bot.DepartmentID{to},
			Note: from.Note, Cleared: from.Cleared,
		})
		return err
	})
	if !over || err != nil {
		return Reaction{}, err
	}
	screen, err := c.referAgain(ctx, proposalOf(p.Press), msg.Values{"departments": {string(to)}})
	return Reaction{Open: screen}, err
}

// today is the desk's date at midnight UTC, as dates are kept.
func (c *Coordinator) today() time.Time { return c.desk.Calendar.Today(c.db.Now()).In(time.UTC) }

func departmentIDs(ids []string) []bot.DepartmentID {
	out := make([]bot.DepartmentID, len(ids))
	for i, d := range ids {
		out[i] = bot.DepartmentID(d)
	}
	return out
}
