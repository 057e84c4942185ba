package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// detailsMost is how many of the latest messages the details show; the thread under the card has them all.
const detailsMost = 20

// openDetails shows all that the presser may see of a proposal: every answer, and the words that went both ways.
func (c *Coordinator) openDetails(ctx context.Context, p Press) (Reaction, error) {
	reader, err := c.readsAs(ctx, p)
	if err != nil {
		return Reaction{}, err
	}
	v, err := card.Read(ctx, &c.db.Reader, proposalOf(p.Press), reader)
	if err != nil {
		return Reaction{}, err
	}
	blocks := []msg.Block{msg.Text{Body: c.heading(v.Proposal)}}
	for _, q := range v.Particulars {
		blocks = append(blocks, c.particular(v, q))
	}
	thread, err := c.talk(ctx, v)
	if err != nil {
		return Reaction{}, err
	}
	if len(thread) > detailsMost {
		thread = thread[1:]
		blocks = append(blocks, msg.Text{Body: c.say("modal.details.earlier", "count", detailsMost)})
	}
	for _, m := range thread {
		blocks = append(blocks, c.said(ctx, v.Proposal, m))
	}
	return Reaction{Open: &msg.Screen{Title: c.say("modal.details.title"), Close: c.say("modal.close"), Blocks: blocks}}, nil
}

// talk is what went both ways, as far as the reader takes part: the desk from the beginning, a department since it was first
// asked. One that was not asked reads nothing of it.
func (c *Coordinator) talk(ctx context.Context, v card.View) ([]store.Message, error) {
	own, asked := v.Own()
	if v.Reader != "" && !asked {
		return nil, nil
	}
	return c.db.ThreadSince(ctx, v.ID, own.FirstAskedAt, detailsMost+1)
}

// readsAs: the desk reads everything; others read as the department whose card they pressed, if they are of it, else as the
// first of theirs that was asked.
func (c *Coordinator) readsAs(ctx context.Context, p Press) (bot.DepartmentID, error) {
	if p.Actor.AtDesk() {
		return "", nil
	}
	if d := departmentOf(p.Press); p.Actor.Of(d) {
		return d, nil
	}
	asked, err := c.db.Referrals(ctx, proposalOf(p.Press))
	for _, f := range asked {
		if p.Actor.Of(f.Department) {
			return f.Department, nil
		}
	}
	return "none", err
}

func (c *Coordinator) particular(v card.View, q store.Particular) msg.Block {
	if !v.Sees(q) {
		return msg.Quote{Author: q.Label, Body: c.say("card.protected")}
	}
	return msg.Quote{Author: q.Label, Body: c.cards.Shown(q)}
}

func (c *Coordinator) said(ctx context.Context, p bot.Proposal, m store.Message) msg.Block {
	if m.Out {
		return msg.Quote{Author: c.say("message.to", "name", c.people.Name(ctx, m.Author), "at", c.at(m.CreatedAt)), Body: m.Body}
	}
	if m.Unsent {
		return msg.Text{Body: c.say("message.unsent", "author", p.Organization)}
	}
	return msg.Quote{Author: c.say("message.from", "organization", p.Organization, "name", p.ContactName, "at", c.at(m.CreatedAt)), Body: m.Body}
}
