package coordinator

import (
	"context"
	"strconv"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// list is a message of the desk about several proposals: what is the matter, the proposals, where those are that did not fit,
// and what can be done.
type list struct {
	line, rest text.Line
	items      []text.Line
	buttons    []msg.Button
}

func (l *list) offer(label string, p msg.Press) {
	l.buttons = append(l.buttons, msg.Button{Label: label, Press: p})
}

func (c *Coordinator) list(l list) msg.Message {
	m := plain(c.words.Say(l.line))
	m.Blocks = append(m.Blocks, msg.Text{Body: c.words.SayAll(l.items)})
	if !l.rest.Empty() {
		m.Blocks = append(m.Blocks, msg.Text{Body: c.words.Say(l.rest)})
	}
	m.Choices = l.buttons
	return m
}

// listed reads each proposal that a delivery names.
func (c *Coordinator) listed(ctx context.Context, r *store.Reader, d store.Delivery, do func(bot.Proposal) error) error {
	return each(ctx, r, d.Args["proposals"], do)
}

// each reads each of the proposals with these ids.
func each(ctx context.Context, r *store.Reader, ids string, do func(bot.Proposal) error) error {
	for one := range strings.SplitSeq(ids, ",") {
		n, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return err
		}
		p, err := r.Proposal(ctx, bot.ProposalID(n))
		if err != nil {
			return err
		}
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// count is how many proposals a delivery is about, listed or not.
func count(d store.Delivery) int {
	n, _ := strconv.Atoi(d.Args["count"])
	return n
}
