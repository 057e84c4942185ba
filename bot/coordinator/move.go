package coordinator

import (
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// openMove opens the modal of all other steps the desk may take now.
func (c *Coordinator) openMove(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	steps := c.steps(now)
	if len(steps) == 0 {
		return Reaction{Say: text.Say("coordinator.no_step", "number", now.Number)}, nil
	}
	return Reaction{Open: &msg.Screen{
		Title: c.say("modal.move.title"), Submit: c.say("modal.move.submit"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.move", "proposal", p.Press.Args.Get("proposal")),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}},
		Inputs: []msg.Input{
			{ID: "event", Kind: msg.InputChoice, Label: c.say("modal.move.step"), Options: steps},
			{ID: "why", Kind: msg.InputLong, Label: c.say("modal.move.why"), Hint: c.say("modal.move.why_hint"), Optional: true, Max: 1000},
			{ID: "until", Kind: msg.InputDate, Label: c.say("modal.move.until"), Hint: c.say("modal.move.until_hint"), Optional: true},
		},
	}}, nil
}

// steps are the events that are nothing but a step; those with a dialog of their own have their own buttons.
func (c *Coordinator) steps(p bot.Proposal) []msg.Option {
	var out []msg.Option
	for _, e := range ledger.Steps(p, proposal.Desk) {
		out = append(out, msg.Option{ID: string(e), Label: c.words.Say(text.Say(e.Key()))})
	}
	return out
}

func (c *Coordinator) move(ctx context.Context, s Submission) (Response, error) {
	change := ledger.Change{
		Event: s.ID, Proposal: proposalOf(s.Press), On: proposal.Event(s.Values.First("event")), By: s.Actor,
		Why: strings.TrimSpace(s.Values.First("why")),
	}
	if until := s.Values.First("until"); until != "" {
		day, err := calendar.ParseDate(until)
		if err != nil {
			return Response{Faults: map[string]text.Line{"until": text.Say("ledger.date_missing")}}, nil
		}
		change.Until = day
	}
	err := c.once(ctx, s.ID, func(tx *store.Tx) error {
		_, err := c.ledger.Move(ctx, tx, change)
		return err
	})
	return fault(err)
}

// fault shows what is missing at the input it is missing from.
func fault(err error) (Response, error) {
	if bot.KindOf(err) != bot.Invalid {
		return Response{}, err
	}
	input := "why"
	if bot.SayOf(err).Key == "ledger.date_missing" {
		input = "until"
	}
	return Response{Faults: map[string]text.Line{input: bot.SayOf(err)}}, nil
}
