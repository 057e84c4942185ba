package coordinator

import (
	"context"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeOutcome says under the card whether confirmed words reached the organization: when, from whom, what; or that
// they wait, or why they did not and what can be done.
func (c *Coordinator) composeOutcome(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	m, err := r.MessageOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if err := c.takesPart(ctx, r, d, m.SaidAt); err != nil {
		return outbox.Parcel{}, err
	}
	line := c.outcome(d.Args["fault"], "at", c.at(d.CreatedAt), "name", c.people.Name(ctx, m.Author))
	out := msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}, msg.Quote{Body: m.Body}}}
	return c.under(ctx, r, d, out)
}

func (c *Coordinator) outcome(fault string, about ...any) string {
	switch fault {
	case "":
		return c.say("outcome.sent", about...)
	case "delivery.waiting":
		return c.say("outcome.waiting", append(about, "why", text.Say(fault))...)
	}
	return c.say("outcome.failed", append(about, "why", text.Say(fault))...)
}

// composeAlarm tells the desk of a delivery that could not be made, with a button to try it again; of those that were held
// at a start, with one to their list.
func (c *Coordinator) composeAlarm(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, _ := place(d)
	line := c.say("alarm.other", "why", text.Say(d.Args["fault"]))
	about, err := r.Proposal(ctx, p)
	if err == nil {
		line = c.say("alarm.line", "number", about.Number, "why", text.Say(d.Args["fault"]))
	} else if bot.KindOf(err) != bot.NotFound {
		return outbox.Parcel{}, err
	}
	out := msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}}
	switch failed := d.Args["delivery"]; {
	case failed != "" && failed != uuid.Nil.String():
		press := msg.Do("delivery.release", "delivery", failed, "proposal", id(p), "r", id(about.Revision)).Shown(d.CreatedAt)
		out.Choices = []msg.Button{c.button("release", press)}
	case d.Args["fault"] == "delivery.held":
		out.Choices = []msg.Button{{Label: c.say("button.desk.dead"), Press: msg.Do("desk.run", "line", "dead")}}
	}
	return c.under(ctx, r, d, out)
}

// settle tells the desk when a delivery to Slack could not be made.
func (c *Coordinator) settle(_ context.Context, tx *store.Tx, d store.Delivery, _ outbox.Receipt, fault error) error {
	if fault == nil {
		return nil
	}
	return c.alarm(tx, d, fault)
}

// alarm puts the news of a failed delivery under the desk's own card, or into the desk's channel.
func (c *Coordinator) alarm(tx *store.Tx, d store.Delivery, fault error) error {
	return tx.Put(ledger.Alarm(c.desk, d, bot.SayOf(fault).Key))
}
