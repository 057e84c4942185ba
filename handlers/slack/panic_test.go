package slack_test

import (
	"context"
	"strings"
	"testing"

	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

// A fault of ours in one request ends neither the process nor the requests after it, and its words, which may be a
// person's, do not stand in the log.
//
// Over HTTP Slack is answered with an error; over the socket nothing comes, so there it has to give up. It does so when
// the request has got to the flow: before, it would never get there, and the test waited for it in vain.
func TestPanic_is_of_one_request(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"over HTTP": false, "over the socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *slacksim.Config) { c.SocketMode = socket })
			ctx, giveUp := testwait.Expiring(w.ctx())
			begun := make(chan struct{}, 2)
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) {
				begun <- struct{}{}
				if socket {
					giveUp()
				}
				panic("佐藤 花子")
			})
			out, err := w.sim.Command(ctx, clerk, deskRoom, "/desk list")
			if err == nil && out.Error == "" {
				t.Errorf("got %+v, want Slack's own error", out)
			}
			testwait.For(t, "the command", begun)
			w.must(w.sim.OpenHome(w.ctx(), clerk)) // what goes on after an answer
			testwait.For(t, "the Home tab", begun)
			w.commands.will(nil)
			w.answers()
			if log := w.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "佐藤") {
				t.Errorf("the log has %s", log)
			}
		})
	}
}
