package coordinator

import (
	"context"
	"strconv"
	"strings"

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
	listed, err := c.listed(ctx, r, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	out := plain(c.say("vacated.line", "name", c.people.Name(ctx, d.Args["owner"]), "count", count(d),
		"why", text.Say("absence."+d.Args["why"])))
	var lines []string
	for _, p := range listed {
		lines = append(lines, c.say("vacated.item", "number", p.Number, "title", p.Title, "organization", p.Organization, "day", p.NextDate))
		if p.Owner == "" {
			out.Choices = append(out.Choices, msg.Button{
				Label: c.say("vacated.take", "number", p.Number), Press: msg.Do("proposal.take", "proposal", id(p.ID)),
			})
		}
	}
	out.Blocks = append(out.Blocks, msg.Text{Body: strings.Join(lines, "\n")})
	if more := count(d) - len(listed); more > 0 {
		out.Blocks = append(out.Blocks, msg.Text{Body: c.say("vacated.rest", "count", more)})
		out.Choices = append(out.Choices, msg.Button{Label: c.say("vacated.all"), Press: msg.Do("desk.run", "line", "list unowned")})
	}
	return outbox.Parcel{To: c.desk.Channel, Message: out}, nil
}

// listed are the proposals that a delivery names.
func (c *Coordinator) listed(ctx context.Context, r *store.Reader, d store.Delivery) ([]bot.Proposal, error) {
	var out []bot.Proposal
	for _, one := range strings.Split(d.Args["proposals"], ",") {
		n, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return nil, err
		}
		p, err := r.Proposal(ctx, bot.ProposalID(n))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// count is how many proposals a delivery is about, listed or not.
func count(d store.Delivery) int {
	n, _ := strconv.Atoi(d.Args["count"])
	return n
}
