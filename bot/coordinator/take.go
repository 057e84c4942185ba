package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// take makes the presser the owner; whoever comes second is told who was first.
func (c *Coordinator) take(ctx context.Context, p Press) (Reaction, error) {
	var now bot.Proposal
	err := c.once(ctx, p.ID, func(tx *store.Tx) (err error) {
		now, err = c.ledger.Take(ctx, tx, p.ID, proposalOf(p.Press), p.Actor)
		return err
	})
	if bot.KindOf(err) == bot.Conflict && bot.SayOf(err).Key == "ledger.taken" {
		return Reaction{Say: text.Say("coordinator.taken", "number", now.Number, "name", c.people.Name(ctx, now.Owner))}, nil
	}
	return Reaction{}, err
}

func (c *Coordinator) openAssign(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	return Reaction{Open: &msg.Screen{
		Title: c.say("modal.assign.title"), Submit: c.say("modal.assign.submit"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.assign", "proposal", p.Press.Args.Get("proposal")),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}},
		Inputs: []msg.Input{{ID: "owner", Kind: msg.InputUser, Label: c.say("modal.assign.owner"), Value: some(now.Owner)}},
	}}, nil
}

func (c *Coordinator) assign(ctx context.Context, s Submission) (Response, error) {
	owner := s.Values.First("owner")
	if owner == "" {
		return Response{Faults: map[string]text.Line{"owner": text.Say("modal.assign.owner_missing")}}, nil
	}
	to, err := c.people.Actor(ctx, owner, "")
	if err != nil {
		return Response{}, err
	}
	if !to.AtDesk() {
		return Response{Faults: map[string]text.Line{"owner": text.Say("ledger.not_at_desk")}}, nil
	}
	return Response{}, c.once(ctx, s.ID, func(tx *store.Tx) error {
		_, err := c.ledger.Assign(ctx, tx, s.ID, proposalOf(s.Press), s.Actor, owner)
		return err
	})
}

// heading is how modals name a proposal: number, title and organization.
func (c *Coordinator) heading(p bot.Proposal) string {
	return c.say("modal.heading", "number", p.Number, "title", p.Title, "organization", p.Organization)
}

// some is a preset value, or none for "".
func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
