package coordinator

import (
	"context"
	"strings"

	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// reasons are the ids of why a proposal is declined, in the order offered; words are reason.<id> in the catalogue.
func reasons() []string { return []string{"overlap", "policy", "cost", "timing", "fairness", "other"} }

// openDecline opens the modal of a no: a reason from the list and words to the organization.
func (c *Coordinator) openDecline(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	if err := ledger.May(now, proposal.Desk, proposal.Declined); err != nil {
		return Reaction{}, err
	}
	var options []msg.Option
	for _, r := range reasons() {
		options = append(options, msg.Option{ID: r, Label: c.say("reason." + r)})
	}
	return Reaction{Open: &msg.Screen{
		Title: c.say("modal.decline.title"), Submit: c.say("modal.reply.preview"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.decline", "proposal", p.Press.Args.Get("proposal")),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}, msg.Text{Body: c.say("modal.decline.note")}},
		Inputs: []msg.Input{
			{ID: "reason", Kind: msg.InputChoice, Label: c.say("modal.decline.reason"), Options: options},
			{ID: "body", Kind: msg.InputLong, Label: c.say("modal.reply.body"), Hint: c.say("modal.decline.hint"), Max: replyMax},
		},
	}}, nil
}

func (c *Coordinator) previewDecline(ctx context.Context, s Submission) (Response, error) {
	reason := s.Values.First("reason")
	if reason == "" {
		return Response{Faults: map[string]text.Line{"reason": text.Say("modal.decline.reason_missing")}}, nil
	}
	return c.preview(ctx, s, ledger.Reply{
		Proposal: proposalOf(s.Press), By: s.Actor, Body: strings.TrimSpace(s.Values.First("body")), Reason: reason,
	})
}
