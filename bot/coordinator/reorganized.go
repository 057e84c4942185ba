package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Reorganized sets right, at the start, what a new profile has changed for what was asked before: see ledger.Reorganize. It
// gives the departments that the profile no longer has.
func (c *Coordinator) Reorganized(ctx context.Context) (former []bot.Department, err error) {
	err = c.db.InTx(ctx, func(tx *store.Tx) (err error) {
		former, err = c.ledger.Reorganize(ctx, tx, "profile")
		return err
	})
	return former, err
}

// composeOrphan tells the desk which referrals a department that is gone cannot answer, with a button to ask another.
func (c *Coordinator) composeOrphan(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	_, department := place(d)
	name, _ := c.desk.DepartmentName(department)
	list := list{line: text.Say("orphan.line", "department", name, "count", count(d))}
	err := c.listed(ctx, r, d, func(p bot.Proposal) error {
		f, err := r.Referral(ctx, p.ID, department)
		list.items = append(list.items, text.Say("orphan.item", "number", p.Number, "title", p.Title, "organization", p.Organization, "day", f.Due))
		if ledger.May(p, proposal.Desk, proposal.Asked) == nil {
			list.offer(c.say("orphan.refer", "number", p.Number), msg.Do("proposal.refer", "proposal", id(p.ID)))
		}
		return err
	})
	if more := count(d) - len(list.items); more > 0 {
		list.rest = text.Say("orphan.rest", "count", more)
		list.offer(c.say("orphan.all"), msg.Do("desk.run", "line", "list department:"+string(department)))
	}
	return outbox.Parcel{To: c.desk.Channel, Message: c.list(list)}, err
}
