package coordinator

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Handlings are the kinds of delivery the coordinator composes, all to Slack.
func (c *Coordinator) Handlings() map[string]outbox.Handling {
	return map[string]outbox.Handling{
		ledger.KindCard:    {Compose: c.composeCard, Settle: c.settleCard},
		ledger.KindTold:    {Compose: c.composeTold, Settle: c.settle},
		ledger.KindMessage: {Compose: c.composeMessage, Settle: c.settle},
		ledger.KindFile:    {Compose: c.composeFile, Settle: c.settle},
		ledger.KindOutcome: {Compose: c.composeOutcome},
		ledger.KindAlarm:   {Compose: c.composeAlarm},
	}
}

// composeTold is one line of history under the card.
func (c *Coordinator) composeTold(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	entry, err := strconv.ParseInt(d.Args["entry"], 10, 64)
	if err != nil {
		return outbox.Parcel{}, err
	}
	e, err := r.Entry(ctx, entry)
	if err != nil {
		return outbox.Parcel{}, err
	}
	line := c.told(ctx, e)
	return c.under(ctx, r, d, msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}})
}

// told words one line of history: when, who, what, why.
func (c *Coordinator) told(ctx context.Context, e store.Entry) string {
	what := c.words.Say(text.Say(e.Event.Key()))
	if d := e.Details["department"]; d != "" {
		what = c.say("told.verdict", "department", c.departmentName(bot.DepartmentID(d)), "verdict", text.Say(bot.Verdict(e.Details["verdict"]).Key()))
	}
	if ds := e.Details["departments"]; ds != "" {
		what = c.say("told.asked", "departments", c.departmentNames(ds))
	}
	if owner := e.Details["owner"]; owner != "" {
		what = c.say("told.owner", "name", c.people.Name(ctx, owner))
	}
	if e.From != e.To {
		what = c.say("told.moved", "what", what, "state", text.Say(e.To.Key()))
	}
	return c.say("told.line", "at", c.at(e.At), "who", c.who(ctx, e.Actor), "what", what)
}

func (c *Coordinator) departmentNames(ids string) string {
	var names []string
	for _, d := range strings.Split(ids, ",") {
		names = append(names, c.departmentName(bot.DepartmentID(d)))
	}
	return c.say("card.list", "items", names)
}

// who names an actor: staff by name, the organization as such, time as the system.
func (c *Coordinator) who(ctx context.Context, actor string) string {
	switch {
	case actor == "":
		return c.say("told.system")
	case len(actor) == 33 && actor[0] == 'U':
		return c.say("told.organization")
	}
	return c.people.Name(ctx, actor)
}

// under places a message in the thread of the reader's card; if the card does not stand, it goes to the channel itself.
func (c *Coordinator) under(ctx context.Context, r *store.Reader, d store.Delivery, m msg.Message) (outbox.Parcel, error) {
	p, department := place(d)
	parcel := outbox.Parcel{To: c.channel(department), Message: m}
	card, err := r.Card(ctx, p, department)
	if err == nil {
		parcel.To, parcel.Thread = card.Channel, card.TS
	} else if bot.KindOf(err) != bot.NotFound {
		return parcel, err
	}
	return parcel, nil
}

// at is a moment in the desk's time zone.
func (c *Coordinator) at(t time.Time) time.Time { return t.In(c.desk.Location) }
