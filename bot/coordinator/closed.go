package coordinator

import (
	"context"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeClosed is the one line that says which channel carries nothing for now, and what to do; of what waits for it, nothing.
func (c *Coordinator) composeClosed(_ context.Context, _ *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	channel := d.Args["channel"]
	why := text.Say(bot.ChannelFault(d.Args["fault"]).Key())
	line := c.say("alarm.closed", "name", c.nameOf(channel), "channel", channel, "why", why)
	return outbox.Parcel{Message: plain(line)}, nil
}

// nameOf is what people call those who read in a channel.
func (c *Coordinator) nameOf(channel string) string {
	var names []string
	if channel == c.desk.Channel {
		names = append(names, c.desk.Name)
	}
	for _, dep := range c.desk.Departments {
		if dep.Channel == channel {
			names = append(names, dep.Name)
		}
	}
	return c.say("card.list", "items", names)
}

// CloseChannel closes a channel that took nothing when something was to go there; fault says why.
func (c *Coordinator) CloseChannel(ctx context.Context, tx *store.Tx, channel string, fault error) error {
	why := bot.ChannelAway
	if bot.SayOf(fault).Key == bot.ChannelArchived.Key() {
		why = bot.ChannelArchived
	}
	_, err := c.ledger.CloseChannel(ctx, tx, "channel-"+channel, channel, why)
	return err
}
