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
		k.fault(text.Say("slack.check.token"), text.Say("slack.check.token_fault", "code", k.why(err)), text.Say("slack.check.token_remedy"))
		return append(k.found, k.socket(ctx)...)
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
	return append(k.found, k.socket(ctx)...)
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

// why is Slack's own word for a refusal, which can be searched for; anything else is that Slack was not reached.
func (k *checkup) why(err error) string {
	if c := code(err); c != "" {
		return c
	}
	return k.words.Say(text.Say("slack.check.unreachable"))
}

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

// channel looks at one channel. One that is shared with another organisation would show proposals to its people.
func (k *checkup) channel(ctx context.Context, id, name string) {
	what := text.Say("slack.check.channel", "channel", id, "name", name)
	ch, err := k.client.api.GetConversationInfoContext(ctx, &slackapi.GetConversationInfoInput{ChannelID: id})
	switch {
	case err != nil:
		k.fault(what, text.Say("slack.check.channel_fault", "code", k.why(err)), text.Say("slack.check.channel_remedy"))
	case ch.IsArchived:
		k.fault(what, text.Say("slack.check.archived_fault"), text.Say("slack.check.archived_remedy"))
	case !ch.IsMember:
		k.fault(what, text.Say("slack.check.member_fault"), text.Say("slack.check.member_remedy", "bot", botName))
	case ch.IsExtShared:
		k.fault(what, text.Say("slack.check.external_fault"), text.Say("slack.check.external_remedy"))
	default:
		k.ok(what)
	}
}

func (k *checkup) manager(ctx context.Context, id string, self slackapi.AuthTestResponse) {
	what := text.Say("slack.check.manager", "user", id)
	u, err := k.client.api.GetUserInfoContext(ctx, id)
	switch {
	case err != nil:
		k.fault(what, text.Say("slack.check.manager_fault", "code", k.why(err)), text.Say("slack.check.manager_remedy"))
	case !colleague(*u, self):
		k.fault(what, text.Say("slack.check.manager_fault", "code", "not_a_member"), text.Say("slack.check.manager_remedy"))
	default:
		k.ok(what)
	}
}

// socket asks for a connection without using it; Slack forgets it by itself.
func (k *checkup) socket(ctx context.Context) []config.Finding {
	if !k.client.app.IsSet() {
		return nil
	}
	f := config.Finding{What: k.words.Say(text.Say("slack.check.socket")), OK: true}
	if _, _, err := k.client.api.StartSocketModeContext(ctx); err != nil {
		f.OK = false
		f.Fault = k.words.Say(text.Say("slack.check.socket_fault", "code", k.why(err)))
		f.Remedy = k.words.Say(text.Say("slack.check.socket_remedy"))
	}
	return []config.Finding{f}
}
