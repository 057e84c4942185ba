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

// openRefer opens the modal that asks departments: which, with what note, until when, and what they may see.
func (c *Coordinator) openRefer(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	if err := ledger.May(now, proposal.Desk, proposal.Asked); err != nil {
		return Reaction{}, err
	}
	particulars, err := c.db.Particulars(ctx, now.ID)
	if err != nil {
		return Reaction{}, err
	}
	return Reaction{Open: &msg.Screen{
		Title: c.say("modal.refer.title"), Submit: c.say("modal.refer.submit"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.refer", "proposal", p.Press.Args.Get("proposal")),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}},
		Inputs: c.referInputs(now, particulars),
	}}, nil
}

func (c *Coordinator) referInputs(p bot.Proposal, particulars []store.Particular) []msg.Input {
	inputs := []msg.Input{
		{ID: "departments", Kind: msg.InputMulti, Label: c.say("modal.refer.departments"), Options: c.departments(p)},
		{ID: "note", Kind: msg.InputLong, Label: c.say("modal.refer.note"), Hint: c.say("modal.refer.note_hint"), Optional: true, Max: 1000},
		{ID: "due", Kind: msg.InputDate, Label: c.say("modal.refer.due"), Value: []string{c.verdictDue()}},
	}
	if options := clearable(particulars); len(options) > 0 {
		inputs = append(inputs, msg.Input{
			ID: "cleared", Kind: msg.InputMulti, Label: c.say("modal.refer.cleared"), Hint: c.say("modal.refer.cleared_hint"),
			Options: options, Optional: true,
		})
	}
	return inputs
}

// departments are the options of the modal: those whose topics fit come first, duties as the small print.
func (c *Coordinator) departments(p bot.Proposal) []msg.Option {
	var first, rest []msg.Option
	for _, d := range c.desk.Departments {
		o := msg.Option{ID: string(d.ID), Label: d.Name, Hint: d.Duties}
		if overlaps(d.Topics, p.Topics) {
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(first, rest...)
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
	faults := map[string]text.Line{}
	if len(s.Values["departments"]) == 0 {
		faults["departments"] = text.Say("modal.refer.departments_missing")
	}
	due, err := time.Parse(time.DateOnly, s.Values.First("due"))
	if err != nil || due.Before(c.today()) {
		faults["due"] = text.Say("modal.refer.due_past")
	}
	if len(faults) > 0 {
		return Response{Faults: faults}, nil
	}
	return Response{}, c.once(ctx, s.ID, func(tx *store.Tx) error {
		_, _, err := c.ledger.Refer(ctx, tx, ledger.Referral{
			Event: s.ID, Again: true, Proposal: proposalOf(s.Press), By: s.Actor, Departments: departmentIDs(s.Values["departments"]),
			Note: strings.TrimSpace(s.Values.First("note")), Due: due, Cleared: s.Values["cleared"],
		})
		return err
	})
}

// forward asks the department that another named as the right one, with the same note and the same clearance.
func (c *Coordinator) forward(ctx context.Context, p Press) (Reaction, error) {
	to := bot.DepartmentID(p.Press.Args.Get("to"))
	return Reaction{}, c.once(ctx, p.ID, func(tx *store.Tx) error {
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

func overlaps(a, b []bot.TopicID) bool {
	for _, t := range a {
		for _, u := range b {
			if t == u {
				return true
			}
		}
	}
	return false
}
