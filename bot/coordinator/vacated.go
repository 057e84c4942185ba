package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Left hears that somebody may have gone: the account was closed, or they are out of a channel. Slack is asked whether they
// are still of the desk, since the news may be late or of another channel; if not, what they own goes back to the desk's
// queue. A repeat finds nothing left to do. An error means that it has to be heard again.
func (c *Coordinator) Left(ctx context.Context, event, slackUser string) error {
	owned, err := c.db.OwnedBy(ctx, slackUser)
	if err != nil || len(owned) == 0 {
		return err
	}
	why, err := c.people.Absent(ctx, slackUser)
	if err != nil || why == bot.Present {
		return err
	}
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := c.ledger.Vacate(ctx, tx, ledger.Vacancy{Event: event, Owner: slackUser, Why: why})
		return err
	})
}

// composeVacated tells the desk whose proposals have nobody now, with a button to take each. Those that somebody has taken
// by now have none.
func (c *Coordinator) composeVacated(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	list := list{line: text.Say("vacated.line", "name", c.people.Name(ctx, d.Args["owner"]), "count", count(d), "why", text.Say("absence."+d.Args["why"]))}
	err := c.listed(ctx, r, d, func(p bot.Proposal) error {
		list.items = append(list.items, text.Say("vacated.item", "number", p.Number, "title", p.Title, "organization", p.Organization, "day", p.NextDate))
		if p.Owner == "" {
			list.offer(c.say("vacated.take", "number", p.Number), msg.Do("proposal.take", "proposal", id(p.ID)))
		}
		return nil
	})
	if more := count(d) - len(list.items); more > 0 {
		list.rest = text.Say("vacated.rest", "count", more)
		list.offer(c.say("vacated.all"), msg.Do("desk.run", "line", "list unowned"))
	}
	return outbox.Parcel{To: c.desk.Channel, Message: c.list(list)}, err
}
