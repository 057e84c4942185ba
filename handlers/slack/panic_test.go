package slack_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
)

// A fault of ours in one request ends neither the process nor the requests after it, and its words, which may be a
// person's, do not stand in the log.
func TestPanic_is_of_one_request(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *world{
		"over HTTP": func(t *testing.T) *world { return newWorld(t) }, "over the socket": socketWorld,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			begun := make(chan struct{}, 2)
			w.commands.will(func(context.Context, desk.Call) (msg.Message, error) {
				begun <- struct{}{}
				panic("佐藤 花子")
			})
			w.sim.SetAckTimeout(100 * time.Millisecond)
			out, err := w.sim.Command(w.ctx(), clerk, deskRoom, "/desk list")
			w.sim.SetAckTimeout(5 * time.Second)
			if err == nil && out.Error == "" {
				t.Errorf("got %+v, want Slack's own error", out)
			}
			w.must(w.sim.OpenHome(w.ctx(), clerk)) // what goes on after an answer
			<-begun
			<-begun
			w.commands.will(nil)
			w.answers()
			if log := w.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "佐藤") {
				t.Errorf("the log has %s", log)
			}
		})
	}
}
