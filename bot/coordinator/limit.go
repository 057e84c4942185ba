package coordinator

import (
	"context"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeLimit tells the desk that somebody has sent as much as is taken, and until when nothing more is.
func (c *Coordinator) composeLimit(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	contact, _ := strconv.ParseInt(d.Args["contact"], 10, 64)
	until, _ := strconv.ParseInt(d.Args["until"], 10, 64)
	person, err := r.Contact(ctx, bot.ContactID(contact))
	who := text.Say("limit.who", "organization", person.Organization, "name", person.Name)
	if person.Organization == "" {
		who = text.Say("limit.somebody")
	}
	line := c.say("limit."+d.Args["limit"], "who", who, "most", d.Args["most"], "at", c.at(time.Unix(until, 0)))
	return outbox.Parcel{To: c.desk.Channel, Message: plain(line)}, err
}
