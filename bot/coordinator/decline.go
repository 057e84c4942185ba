package coordinator

import (
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// reasons are the ids of why a proposal is declined, in the order offered; words are reason.<id> in the catalogue.
func reasons() []string { return []string{"overlap", "policy", "cost", "timing", "fairness", "other"} }

// openDecline opens the modal of a no, or of handing a proposal to somebody else: why, and the words to the organization.
// It is the only way to such an end, wherever one comes from.
func (c *Coordinator) openDecline(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	screen, err := c.ending(ctx, now, endOf(p.Press), "")
	return Reaction{Open: screen}, err
}

// endOf is how a proposal is to end; a button that does not say declines.
func endOf(p msg.Press) proposal.Event {
	if on := proposal.Event(p.Args.Get("on")); ledger.WantsWords(on) {
		return on
	}
	return proposal.Declined
}

func (c *Coordinator) ending(ctx context.Context, p bot.Proposal, on proposal.Event, why string) (*msg.Screen, error) {
	if err := ledger.May(p, proposal.Desk, on); err != nil {
		return nil, err
	}
	blocks, err := c.unreachable(ctx, p)
	return &msg.Screen{
		Title: c.say("modal.end.title." + string(on)), Submit: c.say("modal.reply.preview"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.decline", "proposal", id(p.ID), "on", string(on)),
		Blocks: append([]msg.Block{msg.Text{Body: c.heading(p)}, msg.Text{Body: c.say("modal.end.note")}}, blocks...),
		Inputs: []msg.Input{
			c.endReason(on, why),
			{ID: "body", Kind: msg.InputLong, Label: c.say("modal.reply.body"), Hint: c.say("modal.end.hint." + string(on)), Max: replyMax},
		},
	}, err
}

// endReason asks why: from the list for a decline, so that reasons can be counted, else in words.
func (c *Coordinator) endReason(on proposal.Event, why string) msg.Input {
	in := msg.Input{ID: "reason", Kind: msg.InputLong, Label: c.say("modal.end.reason." + string(on)), Value: some(why), Max: 1000}
	if on != proposal.Declined {
		return in
	}
	in.Kind, in.Value, in.Max = msg.InputChoice, nil, 0
	for _, r := range reasons() {
		in.Options = append(in.Options, msg.Option{ID: r, Label: c.say("reason." + r)})
	}
	return in
}

func (c *Coordinator) previewDecline(ctx context.Context, s Submission) (Response, error) {
	on, reason := endOf(s.Press), strings.TrimSpace(s.Values.First("reason"))
	if reason == "" {
		return Response{Faults: map[string]text.Line{"reason": text.Say("modal.end.reason_missing." + string(on))}}, nil
	}
	return c.preview(ctx, s, ledger.Reply{
		Proposal: proposalOf(s.Press), By: s.Actor, Body: strings.TrimSpace(s.Values.First("body")), Ends: on, Reason: reason,
	})
}
