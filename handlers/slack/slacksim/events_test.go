package slacksim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	failing := func(rw http.ResponseWriter, _ got) { rw.WriteHeader(http.StatusServiceUnavailable) }
	t.Run("the bot's own post comes back with its bot_id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, _, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("a", false))
		w.must(err)
		w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.Sent && e.Method == "message" })
		if ev := w.app.last(t, "/events").json["event"]; dig(ev, "bot_id") != "B0SIM" {
			t.Errorf("got %v", ev)
		}
	})
	t.Run("a mention arrives twice", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, err := w.sim.Say(t.Context(), clerk, desk, "", "@bot help")
		w.must(err)
		all := w.app.received("/events")
		if len(all) != 2 || dig(all[1].json, "event", "type") != "app_mention" || dig(all[0].json, "event", "ts") != dig(all[1].json, "event", "ts") || all[0].json["event_id"] == all[1].json["event_id"] {
			t.Errorf("got %d events", len(all))
		}
	})
	t.Run("nothing without subscription, scope or membership", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.Events = []string{"app_home_opened"} })
		_, err := w.sim.Say(t.Context(), clerk, desk, "", "x")
		w.must(err)
		w2 := newWorld(t, func(c *slacksim.Config) { c.Scopes = []string{"chat:write"} })
		_, err = w2.sim.Say(t.Context(), clerk, desk, "", "x")
		w.must(err)
		w3 := newWorld(t)
		before := len(w3.app.received("/events"))
		_, err = w3.sim.Say(t.Context(), clerk, secret, "", "x")
		w.must(err)
		if a, b, c := len(w.app.received("/events")), len(w2.app.received("/events")), len(w3.app.received("/events"))-before; a+b+c != 0 {
			t.Errorf("got %d, %d, %d events", a, b, c)
		}
	})
	t.Run("three retries, then no more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.app.script(failing)
		_, err := w.sim.Say(t.Context(), clerk, desk, "", "x")
		w.must(err)
		for i, want := range []int{1, 1, 1, 0} {
			if n := w.sim.Redeliver(t.Context()); n != want {
				t.Errorf("round %d: %d events", i+1, n)
			}
		}
		var nums []string
		for _, g := range w.app.received("/events") {
			if dig(g.json, "event", "type") == "message" {
				nums = append(nums, g.header.Get("X-Slack-Retry-Num")+g.header.Get("X-Slack-Retry-Reason"))
			}
		}
		if diff := cmp.Diff([]string{"", "1http_error", "2http_error", "3http_error"}, nums); diff != "" {
			t.Errorf("retries (-want +got):\n%s", diff)
		}
	})
	t.Run("x-slack-no-retry", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.app.script(func(rw http.ResponseWriter, g got) {
			rw.Header().Set("X-Slack-No-Retry", "1")
			failing(rw, g)
		})
		_, err := w.sim.Say(t.Context(), clerk, desk, "", "x")
		w.must(err)
		if n := w.sim.Unacknowledged(); n != 0 {
			t.Errorf("%d events wait", n)
		}
	})
	t.Run("the first retry at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.RetryAtOnce = true })
		before := len(w.app.received("/events"))
		w.app.script(failing)
		_, err := w.sim.Say(t.Context(), clerk, desk, "", "x")
		w.must(err)
		if n := len(w.app.received("/events")) - before; n != 2 || w.sim.Unacknowledged() != 1 {
			t.Errorf("%d attempts, %d waiting", n, w.sim.Unacknowledged())
		}
	})
	t.Run("duplicate, reorder, drop", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		say := func(text string) {
			_, err := w.sim.Say(t.Context(), clerk, desk, "", text)
			w.must(err)
		}
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Duplicate, Method: "message"})
		say("twice")
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Reorder, Method: "message"})
		say("late")
		say("early")
		w.sim.Misbehave(slacksim.Fault{Kind: slacksim.Drop, Method: "message"})
		say("lost")
		say("last")
		w.sim.Again(t.Context(), 1)
		var texts []string
		for _, g := range w.app.received("/events") {
			if text, ok := dig(g.json, "event", "text").(string); ok {
				texts = append(texts, text)
			}
		}
		if diff := cmp.Diff([]string{"twice", "twice", "early", "late", "last", "last"}, texts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("url_verification", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		if err := w.sim.VerifyURL(t.Context()); err == nil {
			t.Error("an empty answer was taken")
		}
		w.app.script(func(rw http.ResponseWriter, g got) { _, _ = fmt.Fprint(rw, g.json["challenge"]) })
		w.must(w.sim.VerifyURL(t.Context()))
	})
}

func TestMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddUser("U0NEW", "new")
	w.must(w.sim.Join(t.Context(), "U0NEW", desk))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "member_joined_channel" || dig(ev, "user") != "U0NEW" {
		t.Errorf("got %v", ev)
	}
	w.must(w.sim.Deactivate(t.Context(), "U0NEW"))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "user_change" || dig(ev, "user", "deleted") != true {
		t.Errorf("got %v", ev)
	}
	if n := len(w.app.received("/events")); n != 2 {
		t.Errorf("%d events, want no more than one of joining and one of the closed account", n)
	}
	w.must(w.sim.Leave(t.Context(), guest, desk))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "member_left_channel" || dig(ev, "user") != guest || dig(ev, "channel") != desk {
		t.Errorf("got %v", ev)
	}
	w.must(w.sim.MakeGuest(t.Context(), clerk))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "user_change" || dig(ev, "user", "is_restricted") != true || dig(ev, "user", "deleted") != false {
		t.Errorf("got %v", ev)
	}
	w.must(w.sim.RemoveBot(t.Context(), desk))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "type") != "channel_left" {
		t.Errorf("got %v", ev)
	}
	if err := w.sim.Join(context.Background(), "U0NONE", desk); !errors.Is(err, slacksim.NotThere) {
		t.Errorf("got %v", err)
	}
}

// Of people and members an app hears only what it has subscribed to and may read.
func TestMembership_is_told_to_whom_it_concerns(t *testing.T) {
	t.Parallel()
	everything := slacksim.DefaultEvents()
	for name, c := range map[string]struct {
		events, scopes []string
		want           int
	}{
		"both":            {everything, []string{"channels:read", "groups:read", "users:read"}, 3},
		"public only":     {everything, []string{"channels:read", "users:read"}, 2},
		"no scope":        {everything, []string{"chat:write"}, 0},
		"not subscribed":  {[]string{"app_home_opened"}, slacksim.DefaultScopes(), 0},
		"accounts only":   {[]string{"user_change"}, slacksim.DefaultScopes(), 1},
		"membership only": {[]string{"member_left_channel"}, slacksim.DefaultScopes(), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(cfg *slacksim.Config) { cfg.Events, cfg.Scopes = c.events, c.scopes })
			w.sim.AddPrivateChannel("G0INNER", "inner", clerk)
			before := len(w.app.received("/events"))
			w.must(w.sim.Leave(t.Context(), clerk, desk))
			w.must(w.sim.Leave(t.Context(), clerk, "G0INNER"))
			w.must(w.sim.Deactivate(t.Context(), clerk))
			if n := len(w.app.received("/events")) - before; n != c.want {
				t.Errorf("%d events, want %d", n, c.want)
			}
		})
	}
}

func TestAnotherBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddUser("U0OTHER", "other", slacksim.Bot)
	w.must(w.sim.Join(t.Context(), "U0OTHER", desk))
	_, err := w.sim.Say(t.Context(), "U0OTHER", desk, "", "beep")
	w.must(err)
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "bot_id") != "BU0OTHER" || dig(ev, "app_id") == "A0SIM" || dig(ev, "client_msg_id") != nil {
		t.Errorf("got %v", ev)
	}
}
