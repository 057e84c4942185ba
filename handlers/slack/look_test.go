package slack_test

import (
	"testing"

	"tsunagi/bot"
	"tsunagi/handlers/slack/slacksim"
)

// What a channel is like decides whether it may carry cases; when Slack does not tell, nothing is known.
func TestLook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*world)
		want  bot.ChannelFault
		err   bool
	}{
		"private":                     {spoil: func(*world) {}},
		"public":                      {spoil: func(w *world) { w.must(w.sim.Publish(welfareRoom)) }, want: bot.ChannelPublic},
		"shared":                      {spoil: func(w *world) { w.must(w.sim.Share(w.ctx(), welfareRoom)) }, want: bot.ChannelShared},
		"somebody from outside in it": {spoil: func(w *world) { w.must(w.sim.Join(w.ctx(), alien, welfareRoom)) }, want: bot.ChannelShared},
		"offered":                     {spoil: func(w *world) { w.must(w.sim.Offer(welfareRoom)) }, want: bot.ChannelShared},
		"in the enterprise":           {spoil: func(w *world) { w.must(w.sim.ShareInOrg(welfareRoom)) }, want: bot.ChannelShared},
		"archived":                    {spoil: func(w *world) { w.must(w.sim.Archive(w.ctx(), welfareRoom)) }, want: bot.ChannelArchived},
		"without us":                  {spoil: func(w *world) { w.must(w.sim.RemoveBot(w.ctx(), welfareRoom)) }, want: bot.ChannelAway},
		"not there":                   {spoil: refusing("channel_not_found"), want: bot.ChannelAway},
		"public, without us": {spoil: func(w *world) {
			w.must(w.sim.Publish(welfareRoom))
			w.must(w.sim.RemoveBot(w.ctx(), welfareRoom))
		}, want: bot.ChannelAway},
		"not to be asked":  {spoil: refusing("missing_scope"), err: true},
		"no longer let in": {spoil: refusing("invalid_auth"), err: true},
		"broken": {spoil: func(w *world) {
			w.sim.Misbehave(slacksim.Fault{Kind: slacksim.ServerError, Method: "conversations.info"})
		}, err: true},
		"cut short": {spoil: func(w *world) {
			w.sim.Misbehave(slacksim.Fault{Kind: slacksim.MalformedJSON, Method: "conversations.info"})
		}, err: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.sim.AddPrivateChannel(welfareRoom, "welfare", carer)
			c.spoil(w)
			if got, err := w.directory.Look(w.ctx(), welfareRoom); got != c.want || (err != nil) != c.err {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func refusing(code string) func(*world) {
	return func(w *world) {
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Refuse, Method: "conversations.info", Error: code})
	}
}
