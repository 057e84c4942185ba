package coordinator

import (
	"context"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/rights"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// openVerdict opens the short modal of one of the five verdicts.
func (c *Coordinator) openVerdict(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	if err := ledger.May(now, proposal.Department, proposal.Answered); err != nil {
		return Reaction{}, err
	}
	if !rights.May(rights.Of(p.Actor, p.Actor.Of(departmentOf(p.Press))), rights.Verdict) {
		return Reaction{}, bot.Refuse(bot.Forbidden, "ledger.not_your_department")
	}
	v := bot.Verdict(p.Press.Args.Get("verdict"))
	return Reaction{Open: &msg.Screen{
		Title: c.say(v.Key()), Submit: c.say("modal.verdict.submit"), Close: c.say("modal.close"),
		Then: msg.Do("verdict", "proposal", p.Press.Args.Get("proposal"), "department", p.Press.Args.Get("department"),
			"verdict", string(v)),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}},
		Inputs: c.verdictInputs(v, departmentOf(p.Press)),
	}}, nil
}

func (c *Coordinator) verdictInputs(v bot.Verdict, d bot.DepartmentID) []msg.Input {
	reason := msg.Input{
		ID: "reason", Kind: msg.InputLong, Label: c.say("modal.verdict.reason." + string(v)),
		Optional: v == bot.VerdictJoin || v == bot.VerdictConsider || v == bot.VerdictOther, Max: 1000,
	}
	switch v {
	case bot.VerdictConsider:
		return []msg.Input{{ID: "until", Kind: msg.InputDate, Label: c.say("modal.verdict.until"), Value: []string{c.verdictDue()}}, reason}
	case bot.VerdictOther:
		return []msg.Input{{
			ID: "other", Kind: msg.InputChoice, Label: c.say("modal.verdict.other"), Options: c.others(d), Optional: true,
		}, reason}
	}
	return []msg.Input{reason}
}

// others are the departments but one.
func (c *Coordinator) others(but bot.DepartmentID) []msg.Option {
	var out []msg.Option
	for _, d := range c.desk.Departments {
		if d.ID != but {
			out = append(out, msg.Option{ID: string(d.ID), Label: d.Name, Hint: d.Duties})
		}
	}
	return out
}

func (c *Coordinator) verdict(ctx context.Context, s Submission) (Response, error) {
	v := ledger.Verdict{
		Event: s.ID, Proposal: proposalOf(s.Press), Department: departmentOf(s.Press), By: s.Actor,
		Verdict: bot.Verdict(s.Press.Args.Get("verdict")), Reason: strings.TrimSpace(s.Values.First("reason")),
		Other: bot.DepartmentID(s.Values.First("other")),
	}
	if until := s.Values.First("until"); until != "" {
		day, err := time.Parse(time.DateOnly, until)
		if err != nil || day.Before(c.today()) {
			return Response{Faults: map[string]text.Line{"until": text.Say("modal.verdict.until_past")}}, nil
		}
		v.Until = day
	}
	err := c.once(ctx, s.ID, func(tx *store.Tx) error {
		_, err := c.ledger.Answer(ctx, tx, v)
		return err
	})
	if bot.KindOf(err) != bot.Invalid {
		return Response{}, err
	}
	input := "reason"
	if bot.SayOf(err).Key == "ledger.other_missing" {
		input = "other"
	}
	return Response{Faults: map[string]text.Line{input: bot.SayOf(err)}}, nil
}
