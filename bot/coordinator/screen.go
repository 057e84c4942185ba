package coordinator

import (
	"context"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// screenFor is how long a modal, or what was said once, stands after it was shown.
const screenFor = 24 * time.Hour

// asOf adds to a press when its screen was shown, and at which revision of a proposal: what cannot be undone counts only
// while both hold. A card, which is changed in place, has no time.
func (c *Coordinator) asOf(press msg.Press, p bot.Proposal) msg.Press {
	return press.With("r", id(p.Revision)).Shown(c.db.Now())
}

// old reports whether the screen of a press has stood too long, or does not say since when.
func (c *Coordinator) old(press msg.Press) bool {
	return c.db.Now().Sub(press.ShownAt()) > screenFor
}

// fresh runs do in one transaction, unless the interaction was taken before, if the screen of a press is not over: then over
// says so, and nothing is done.
func (c *Coordinator) fresh(ctx context.Context, event string, press msg.Press, do func(*store.Tx) error) (over bool, err error) {
	err = c.once(ctx, event, func(tx *store.Tx) (err error) {
		if over, err = c.over(ctx, tx, press); over || err != nil {
			return err
		}
		return do(tx)
	})
	return over, err
}

// over reports whether the screen of a press is over. What is about no proposal has only its time.
func (c *Coordinator) over(ctx context.Context, tx *store.Tx, press msg.Press) (bool, error) {
	p := proposalOf(press)
	if c.old(press) || p == 0 {
		return c.old(press), nil
	}
	stands, err := c.ledger.Stands(ctx, tx, p, press.Int("r"))
	return !stands, err
}

// again is a screen once more, after the one before was over: what holds now on top, and what was typed.
func (c *Coordinator) again(ctx context.Context, s *msg.Screen, p bot.Proposal, typed msg.Values) (*msg.Screen, error) {
	now, err := c.holds(ctx, p)
	s.Blocks = append([]msg.Block{msg.Text{Body: now}}, s.Blocks...)
	for i, in := range s.Inputs {
		if v, filled := typed[in.ID]; filled {
			s.Inputs[i].Value = offered(in, v)
		}
	}
	return s, err
}

// offered are those of the values that an input still offers.
func offered(in msg.Input, values []string) []string {
	if in.Kind != msg.InputChoice && in.Kind != msg.InputMulti {
		return values
	}
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return !slices.ContainsFunc(in.Options, func(o msg.Option) bool { return o.ID == v })
	})
}

// holds says that a screen was over, in which state the proposal is, and what happened last.
func (c *Coordinator) holds(ctx context.Context, p bot.Proposal) (string, error) {
	last, err := c.db.History(ctx, p.ID, 1)
	if err != nil || len(last) == 0 {
		return c.say("coordinator.over", "number", p.Number, "state", text.Say(p.State.Key())), err
	}
	return c.say("coordinator.over_since", "number", p.Number, "state", text.Say(p.State.Key()), "last", c.cards.Told(ctx, last[0], "")), nil
}
