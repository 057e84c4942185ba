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
	v, err := card.Read(ctx, &c.db.Reader, proposalOf(p.Press), c.readsAs(p))
	if err != nil {
		return Reaction{}, err
	}
	blocks := []msg.Block{msg.Text{Body: c.heading(v.Proposal)}}
	for _, q := range v.Particulars {
		blocks = append(blocks, c.particular(v, q))
	}
	thread, err := c.db.Thread(ctx, v.ID, detailsMost+1)
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

// readsAs: the desk reads everything; others read as the department whose card they pressed, if they are of it.
func (c *Coordinator) readsAs(p Press) bot.DepartmentID {
	if p.Actor.AtDesk() {
		return ""
	}
	if d := departmentOf(p.Press); p.Actor.Of(d) {
		return d
	}
	if len(p.Actor.Departments) > 0 {
		return p.Actor.Departments[0]
	}
	return "none"
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
