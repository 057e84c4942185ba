package coordinator

import (
	"cmp"
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
	screen := c.moveScreen(now)
	if screen == nil {
		return Reaction{Say: text.Say("coordinator.no_step", "number", now.Number)}, nil
	}
	return Reaction{Open: screen}, nil
}

// moveScreen asks for the step; nil where there is none.
func (c *Coordinator) moveScreen(now bot.Proposal) *msg.Screen {
	steps := c.steps(now)
	if len(steps) == 0 {
		return nil
	}
	return &msg.Screen{
		Title: c.say("modal.move.title"), Submit: c.say("modal.move.submit"), Close: c.say("modal.close"),
		Then:   c.asOf(msg.Do("proposal.move", "proposal", id(now.ID)), now),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}},
		Inputs: []msg.Input{
			{ID: "event", Kind: msg.InputChoice, Label: c.say("modal.move.step"), Options: steps},
			{ID: "why", Kind: msg.InputLong, Label: c.say("modal.move.why"), Hint: c.say("modal.move.why_hint"), Optional: true, Max: 1000},
			{ID: "until", Kind: msg.InputDate, Label: c.say("modal.move.until"), Hint: c.say("modal.move.until_hint"), Optional: true},
		},
	}
}

// steps are the events that may be chosen here: those that are nothing but a step, and the ends that have no button of
// their own on the card.
func (c *Coordinator) steps(p bot.Proposal) []msg.Option {
	var out []msg.Option
	for _, e := range proposal.Choices(ledger.Situation(p), proposal.Desk) {
		if ledger.IsStep(e) || (ledger.WantsWords(e) && e != proposal.Declined) {
			out = append(out, msg.Option{ID: string(e), Label: c.words.Say(text.Say(e.Key()))})
		}
	}
	return out
}

// move does a step. One that ends with words to the organization leads to their dialog, and one that the organization is
// told of first shows what it will read.
func (c *Coordinator) move(ctx context.Context, s Submission) (Response, error) {
	change, err := wished(s)
	if err != nil {
		return fault(err)
	}
	now, err := c.db.Proposal(ctx, change.Proposal)
	if err != nil {
		return Response{}, err
	}
	switch {
	case ledger.WantsWords(change.On):
		screen, err := c.ending(ctx, now, change.On, change.Why)
		return Response{Show: screen, Back: true}, err
	case !ledger.IsStep(change.On):
		return Response{}, bot.Refuse(bot.Invalid, "error.invalid")
	}
	step, told, err := c.ledger.Would(now, change, c.db.Now())
	if err != nil {
		return fault(err)
	}
	if told && s.Press.Args.Get("on") == "" {
		blocked, err := c.blocked(ctx, now)
		return Response{Show: c.sure(now, change, step, blocked), Back: true}, err
	}
	over, err := c.fresh(ctx, s.ID, s.Press, func(tx *store.Tx) error {
		_, err := c.ledger.Move(ctx, tx, change)
		return err
	})
	if over && err == nil {
		return c.moveAgain(ctx, s, change)
	}
	return fault(err)
}

// moveAgain shows once more what the screen showed that was over: what the organization would read now, or the steps.
func (c *Coordinator) moveAgain(ctx context.Context, s Submission, change ledger.Change) (Response, error) {
	now, err := c.db.Proposal(ctx, change.Proposal)
	if err != nil {
		return Response{}, err
	}
	step, _, err := c.ledger.Would(now, change, c.db.Now())
	if err != nil {
		return fault(err)
	}
	screen := c.moveScreen(now)
	if s.Press.Args.Get("on") != "" {
		blocked, err := c.blocked(ctx, now)
		if err != nil {
			return Response{}, err
		}
		screen = c.sure(now, change, step, blocked)
	}
	screen, err = c.again(ctx, screen, now, s.Values)
	return Response{Show: screen}, err
}

// wished reads the change from the first view, or from the second, which carries event and date of the first.
func wished(s Submission) (ledger.Change, error) {
	change := ledger.Change{
		Event: s.ID, Proposal: proposalOf(s.Press), By: s.Actor, Why: strings.TrimSpace(s.Values.First("why")),
		On: proposal.Event(cmp.Or(s.Press.Args.Get("on"), s.Values.First("event"))),
	}
	until := cmp.Or(s.Press.Args.Get("until"), s.Values.First("until"))
	if until == "" {
		return change, nil
	}
	day, err := calendar.ParseDate(until)
	if err != nil {
		return change, bot.Refuse(bot.Invalid, "ledger.date_missing")
	}
	change.Until = day
	return change, nil
}

// sure shows whom a step tells, and what they will read, or would if they had not blocked the account. The reason stays
// inside, and can still be changed.
func (c *Coordinator) sure(p bot.Proposal, change ledger.Change, step proposal.Step, blocked bool) *msg.Screen {
	until, note := "", c.say("modal.sure.note")
	if blocked {
		note = c.say("delivery.unreachable")
	}
	if !change.Until.IsZero() {
		until = change.Until.String()
	}
	return &msg.Screen{
		Title: c.say("modal.sure.title"), Submit: c.say("modal.move.submit"), Close: c.say("modal.back"),
		Then: c.asOf(msg.Do("proposal.move", "proposal", id(p.ID), "on", string(change.On), "until", until), p),
		Blocks: []msg.Block{
			msg.Text{Body: note},
			msg.Card{Title: c.recipient(p), Body: c.cards.Notice(p, step, c.db.Now()), Notes: []string{c.heading(p)}},
		},
		Inputs: []msg.Input{{
			ID: "why", Kind: msg.InputLong, Label: c.say("modal.move.why"), Hint: c.say("modal.sure.why_hint"), Value: some(change.Why),
			Optional: true, Max: 1000,
		}},
	}
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
