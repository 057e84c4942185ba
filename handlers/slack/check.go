package slack

import (
	"context"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/text"
	"tsunagi/config"
)

// Check finds out whether the workspace is as the profile needs it: the token, its scopes, each channel, each manager,
// and Socket Mode if it is used. It changes nothing.
func Check(ctx context.Context, c *Client, desk *bot.Desk, words *text.Catalogue) []config.Finding {
	k := checkup{client: c, words: words}
	self, err := c.api.AuthTestContext(ctx)
	if err != nil {
		k.failed(text.Say("slack.check.token"), err, "slack.check.token_fault", "slack.check.token_remedy")
		if away(err) { // nothing else can be found out either
			return k.found
		}
		return k.socket(ctx)
	}
	k.ok(text.Say("slack.check.token"))
	k.scopes(self.Header.Get("X-OAuth-Scopes"))
	k.channel(ctx, desk.Channel, desk.Name)
	for _, d := range desk.Departments {
		k.channel(ctx, d.Channel, d.Name)
	}
	for _, m := range desk.Managers {
		k.manager(ctx, m, *self)
	}
	return k.socket(ctx)
}

// checkup collects findings.
type checkup struct {
	client *Client
	words  *text.Catalogue
	found  []config.Finding
}

func (k *checkup) ok(what text.Line) {
	k.found = append(k.found, config.Finding{What: k.words.Say(what), OK: true})
}

func (k *checkup) fault(what, fault, remedy text.Line) {
	k.found = append(k.found, config.Finding{What: k.words.Say(what), Fault: k.words.Say(fault), Remedy: k.words.Say(remedy)})
}

// failed tells what Slack refused, with its own word for it, which can be searched for, from a Slack that was not reached:
// then the settings may well be right.
func (k *checkup) failed(what text.Line, err error, refusal, remedy string) {
	switch refused := code(err); {
	case away(err):
		k.fault(what, text.Say("slack.check.away_fault", "url", k.client.base.String(), "fault", withoutAddress(err).Error()),
			text.Say("slack.check.away_remedy"))
	case refused != "":
		k.fault(what, text.Say(refusal, "code", refused), text.Say(remedy))
	default:
		k.fault(what, text.Say("slack.check.other_fault", "url", k.client.base.String(), "fault", withoutAddress(err).Error()),
			text.Say("slack.check.other_remedy"))
	}
}

// away reports whether Slack was not reached, or is out of order.
func away(err error) bool { return bot.KindOf(fault("check", err)) == bot.Later }

func (k *checkup) scopes(granted string) {
	have := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range Scopes() {
		what := text.Say("slack.check.scope", "scope", scope)
		if slices.Contains(have, scope) {
			k.ok(what)
			continue
		}
		k.fault(what, text.Say("slack.check.scope_fault"), text.Say("slack.check.scope_remedy"))
	}
}

// channel looks at one channel. One that is public would show proposals to everybody and let everybody in who is then of the desk, and
// one that is shared with another organisation would show them to its people.
func (k *checkup) channel(ctx context.Context, id, name string) {
	what := text.Say("slack.check.channel", "channel", id, "name", name)
	ch, err := k.client.lookAt(ctx, id)
	if err != nil {
		k.failed(what, err, "slack.check.channel_fault", "slack.check.channel_remedy")
		return
	}
	switch ch.fault() {
	case bot.ChannelArchived:
		k.fault(what, text.Say("slack.check.archived_fault"), text.Say("slack.check.archived_remedy"))
	case bot.ChannelAway:
		k.fault(what, text.Say("slack.check.member_fault"), text.Say("slack.check.member_remedy", "bot", botName))
	case bot.ChannelShared:
		k.fault(what, text.Say("slack.check.external_fault"), text.Say("slack.check.external_remedy"))
	case bot.ChannelPublic:
		k.fault(what, text.Say("slack.check.public_fault"), text.Say("slack.check.public_remedy"))
	default:
		k.ok(what)
	}
}

func (k *checkup) manager(ctx context.Context, id string, self slackapi.AuthTestResponse) {
	what := text.Say("slack.check.manager", "user", id)
	u, err := k.client.api.GetUserInfoContext(ctx, id)
	switch {
	case err != nil:
		k.failed(what, err, "slack.check.manager_fault", "slack.check.manager_remedy")
	case !colleague(*u, self):
		k.fault(what, text.Say("slack.check.manager_fault", "code", "not_a_member"), text.Say("slack.check.manager_remedy"))
	default:
		k.ok(what)
	}
}

// socket asks for a connection without using it, which Slack forgets by itself, and ends the checkup.
func (k *checkup) socket(ctx context.Context) []config.Finding {
	if !k.client.app.IsSet() {
		return k.found
	}
	what := text.Say("slack.check.socket")
	if _, _, err := k.client.api.StartSocketModeContext(ctx); err != nil {
		k.failed(what, err, "slack.check.socket_fault", "slack.check.socket_remedy")
	} else {
		k.ok(what)
	}
	return k.found
}
