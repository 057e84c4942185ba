package slack

import (
	"context"
	"net/url"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
)

// conversation is a channel as far as it must be known before anything is said in it. What Slack does not say is taken for the
// worse: one that is not called private is public. https://docs.slack.dev/reference/objects/conversation-object
type conversation struct {
	Private  bool     `json:"is_private"`
	Archived bool     `json:"is_archived"`
	Member   bool     `json:"is_member"`
	Shared   bool     `json:"is_shared"`
	Outside  bool     `json:"is_ext_shared"`
	InOrg    bool     `json:"is_org_shared"`
	Invited  bool     `json:"is_pending_ext_shared"`
	Pending  []string `json:"pending_shared"`
	Asked    []string `json:"pending_connected_team_ids"`
}

// fault says what makes a channel unfit to carry cases. One that is shared within an enterprise is taken for shared, too: who reads it
// is then decided by others than the city.
func (c conversation) fault() bot.ChannelFault {
	switch {
	case c.Archived:
		return bot.ChannelArchived
	case !c.Member:
		return bot.ChannelAway
	case c.Shared || c.Outside || c.InOrg || c.Invited || len(c.Pending) > 0 || len(c.Asked) > 0:
		return bot.ChannelShared
	case !c.Private:
		return bot.ChannelPublic
	}
	return ""
}

// lookAt asks Slack about a channel. https://docs.slack.dev/reference/methods/conversations.info
func (c *Client) lookAt(ctx context.Context, channel string) (conversation, error) {
	var info struct {
		slackapi.SlackResponse
		Channel conversation `json:"channel"`
	}
	err := c.call(ctx, "conversations.info", url.Values{"channel": {channel}}, &info)
	return info.Channel, err
}

// Look tells whether a channel may carry cases now. An error means that Slack has not told, as when it does not answer or does not let
// us look: then nothing is known, and what was known before still holds. That a channel is not there for us, Slack has told.
func (d *Directory) Look(ctx context.Context, channel string) (bot.ChannelFault, error) {
	found, err := d.client.lookAt(ctx, channel)
	switch {
	case err == nil:
		return found.fault(), nil
	case isGone(code(err)):
		return goneBy(err), nil
	}
	return "", fault("look at channel "+channel, err)
}

// goneBy is what Slack's refusal says about a channel.
func goneBy(err error) bot.ChannelFault {
	switch code(err) {
	case "is_archived", "is_inactive", "channel_is_archived":
		return bot.ChannelArchived
	}
	return bot.ChannelAway
}
