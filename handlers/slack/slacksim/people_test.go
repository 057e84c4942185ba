package slacksim_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"tsunagi/handlers/slack/slacksim"
	"tsunagi/store/testwait"
)

// TestSignature recomputes the example that Slack publishes.
func TestSignature(t *testing.T) {
	t.Parallel()
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	got := slacksim.Sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", []byte(body))
	if want := "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRequestsAreSigned lets the official verifier judge every sort of request.
func TestRequestsAreSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Now = time.Now })
	w.openForm(clerk)
	v, _ := w.sim.View(clerk)
	_, err := w.sim.Submit(t.Context(), clerk, v.ID, slacksim.Values{"words": {"a"}})
	w.must(err)
	_, err = w.sim.Say(t.Context(), clerk, desk, "", "hello")
	w.must(err)
	for _, path := range []string{"/commands", "/interactions", "/events"} {
		g := w.app.last(t, path)
		verifier, err := slack.NewSecretsVerifier(g.header, "shh")
		w.must(err)
		_, err = verifier.Write(g.body)
		w.must(err)
		if err := verifier.Ensure(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestForge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.script(func(rw http.ResponseWriter, g got) { rw.WriteHeader(http.StatusTeapot) })
	status, _, err := w.sim.Forge(t.Context(), slacksim.Forged{To: w.app.server.URL + "/commands", Body: []byte("a=b"), Header: http.Header{"X-Slack-Signature": {"v0=00"}}})
	w.must(err)
	if g := w.app.last(t, "/commands"); status != http.StatusTeapot || g.header.Get("X-Slack-Signature") != "v0=00" {
		t.Errorf("status %d, headers %v", status, g.header)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	command := func(w *world, answer string) slacksim.Outcome {
		w.app.script(reply(answer))
		out, err := w.sim.Command(w.t.Context(), clerk, desk, "/desk list  overdue")
		w.must(err)
		return out
	}
	t.Run("the app reads it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		command(w, "")
		f := w.app.last(t, "/commands").form
		want := map[string]string{
			"command": "/desk", "text": "list  overdue", "user_id": clerk, "channel_id": desk, "channel_name": "desk",
			"team_id": "T0SIM", "api_app_id": "A0SIM",
		}
		for k, v := range want {
			if f.Get(k) != v {
				t.Errorf("%s: %q, want %q", k, f.Get(k), v)
			}
		}
		if !strings.HasPrefix(f.Get("response_url"), w.server.URL+"/response/") {
			t.Errorf("response_url %q", f.Get("response_url"))
		}
	})
	t.Run("an ephemeral answer is the default", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		out := command(w, `{"text":"yours","blocks":[{"type":"divider"}]}`)
		if out.Message == nil || out.Message.EphemeralTo != clerk || len(w.sim.Channel(desk)) != 0 || len(w.sim.EphemeralTo(desk, clerk)) != 1 {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("an answer in the channel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		if out := command(w, `{"text":"all","response_type":"in_channel"}`); out.Message.EphemeralTo != "" || len(w.sim.Channel(desk)) != 1 {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("answers that Slack refuses", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for _, answer := range []string{`{"text":`, `{"blocks":[{"type":"hero"}]}`} {
			if out := command(w, answer); !strings.HasPrefix(out.Error, "invalid_command_response") || out.Message != nil {
				t.Errorf("%s: %+v", answer, out)
			}
		}
	})
	t.Run("who may not", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.must(w.sim.Deactivate(t.Context(), guest))
		for name, c := range map[string][2]string{
			"outsider": {alien, desk}, "deactivated": {guest, desk}, "not a member": {chief, secret}, "a bot": {"U0BOT", desk},
		} {
			if _, err := w.sim.Command(t.Context(), c[0], c[1], "/desk"); !errors.Is(err, slacksim.NotAllowed) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.sim.Command(t.Context(), clerk, desk, "/other"); !errors.Is(err, slacksim.NotThere) {
			t.Errorf("another app's command: %v", err)
		}
		if n := len(w.app.received("/commands")); n != 0 {
			t.Errorf("the app got %d commands", n)
		}
	})
	t.Run("no answer, and a bad one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.app.script(hold(t))
		w.sim.SetAckTimeout(30 * time.Millisecond)
		out, err := w.sim.Command(t.Context(), clerk, desk, "/desk")
		w.must(err)
		if out.Error != "operation_timeout" {
			t.Errorf("got %+v", out)
		}
		w.sim.SetAckTimeout(testwait.Limit)
		w.app.script(func(rw http.ResponseWriter, _ got) { rw.WriteHeader(http.StatusServiceUnavailable) })
		out, err = w.sim.Command(t.Context(), clerk, desk, "/desk")
		w.must(err)
		if out.Error != "dispatch_failed" {
			t.Errorf("got %+v", out)
		}
		if e := w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.ErrorShown }); e.User != clerk || e.Error != "operation_timeout" {
			t.Errorf("the record says %+v", e)
		}
	})
	t.Run("mentions with should_escape", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *slacksim.Config) { c.EscapeCommands = true })
		_, err := w.sim.Command(t.Context(), clerk, desk, "/desk assign 1 @chief #desk")
		w.must(err)
		if got := w.app.last(t, "/commands").form.Get("text"); got != "assign 1 <@U0CHIEF> <#C0DESK|desk>" {
			t.Errorf("got %q", got)
		}
	})
}

// card is a message with every sort of element that a card has.
func (w *world) card() string {
	w.t.Helper()
	yes, no := slack.NewOptionBlockObject("yes", label("はい"), nil), slack.NewOptionBlockObject("no", label("いいえ"), nil)
	_, ts, err := w.api.PostMessageContext(w.t.Context(), desk, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(
		slack.NewSectionBlock(label("proposal"), nil, slack.NewAccessory(slack.NewOverflowBlockElement("menu", yes, no))),
		slack.NewActionBlock("b1", slack.NewButtonBlockElement("take", "1", label("take")), slack.NewOptionsSelectBlockElement("static_select", nil, "verdict", yes, no)),
		slack.NewActionBlock("b2", slack.NewButtonBlockElement("take", "2", label("take")), slack.NewOptionsMultiSelectBlockElement("multi_static_select", nil, "topics", yes, no)),
		slack.NewActionBlock("b3", slack.NewOptionsSelectBlockElement("users_select", nil, "owner"), slack.NewDatePickerBlockElement("until")),
	))
	w.must(err)
	return ts
}

func TestPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.card()
	press := func(user, action string, value ...string) (slack.InteractionCallback, error) {
		_, err := w.sim.Press(t.Context(), user, desk, ts, action, value...)
		var ic slack.InteractionCallback
		if err == nil {
			w.must(ic.UnmarshalJSON([]byte(w.app.last(t, "/interactions").form.Get("payload"))))
		}
		return ic, err
	}
	t.Run("a button", func(t *testing.T) {
		ic, err := press(clerk, "take", "2")
		w.must(err)
		a := ic.ActionCallback.BlockActions[0]
		if ic.Type != slack.InteractionTypeBlockActions || a.BlockID != "b2" || a.Value != "2" || a.ActionID != "take" ||
			ic.User.ID != clerk || ic.Channel.ID != desk || ic.Message.Timestamp != ts || ic.Container.MessageTs != ts || ic.ResponseURL == "" || ic.TriggerID == "" {
			t.Errorf("got %+v", ic)
		}
	})
	t.Run("menus", func(t *testing.T) {
		ic, err := press(clerk, "menu", "no")
		w.must(err)
		if got := ic.ActionCallback.BlockActions[0].SelectedOption.Value; got != "no" {
			t.Errorf("overflow: %q", got)
		}
		ic, err = press(clerk, "verdict", "はい")
		w.must(err)
		if got := ic.ActionCallback.BlockActions[0].SelectedOption.Value; got != "yes" {
			t.Errorf("select: %q", got)
		}
		ic, err = press(clerk, "topics", "yes", "no")
		w.must(err)
		if got := ic.ActionCallback.BlockActions[0].SelectedOptions; len(got) != 2 {
			t.Errorf("multi select: %v", got)
		}
		ic, err = press(clerk, "owner", chief)
		w.must(err)
		if got := ic.ActionCallback.BlockActions[0].SelectedUser; got != chief {
			t.Errorf("users select: %q", got)
		}
		ic, err = press(clerk, "until", "2026-12-01")
		w.must(err)
		if got := ic.ActionCallback.BlockActions[0].SelectedDate; got != "2026-12-01" {
			t.Errorf("date: %q", got)
		}
		if got := ic.BlockActionState.Values["b1"]["verdict"].SelectedOption.Value; got != "yes" {
			t.Errorf("the state forgot the verdict: %q", got)
		}
	})
	t.Run("an outsider presses with their own team", func(t *testing.T) {
		ic, err := press(alien, "take", "1")
		w.must(err)
		if ic.User.TeamID == "T0SIM" || ic.User.TeamID == "" {
			t.Errorf("team %q", ic.User.TeamID)
		}
	})
	t.Run("what cannot be pressed", func(t *testing.T) {
		w.sim.AddUser("U0OUT", "out")
		for name, c := range map[string]struct {
			user, action string
			value        []string
			want         error
		}{
			"no such element":   {clerk, "fly", nil, slacksim.NotThere},
			"no such value":     {clerk, "take", []string{"3"}, slacksim.NotThere},
			"two of them":       {clerk, "take", nil, slacksim.Ambiguous},
			"not a member":      {"U0OUT", "take", []string{"1"}, slacksim.NotAllowed},
			"option not there":  {clerk, "verdict", []string{"maybe"}, slacksim.NotOffered},
			"two in a menu":     {clerk, "verdict", []string{"yes", "no"}, slacksim.NotOffered},
			"an unknown person": {"U0NONE", "take", []string{"1"}, slacksim.NotThere},
		} {
			if _, err := press(c.user, c.action, c.value...); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, _, _, err := w.api.UpdateMessageContext(t.Context(), desk, ts, slack.MsgOptionText("done", false))
		w.must(err)
		if _, err := press(clerk, "take", "1"); !errors.Is(err, slacksim.NotThere) {
			t.Errorf("a button that an update took away: %v", err)
		}
	})
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	// pressed returns a workspace in which the card was pressed, and the response_url of that.
	pressed := func(t *testing.T) (*world, string, string) {
		w := newWorld(t)
		ts := w.card()
		_, err := w.sim.Press(t.Context(), clerk, desk, ts, "take", "1")
		w.must(err)
		to, _ := w.app.last(t, "/interactions").json["response_url"].(string)
		return w, ts, to
	}
	t.Run("replace, answer, delete", func(t *testing.T) {
		t.Parallel()
		w, ts, to := pressed(t)
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "replaced", ReplaceOriginal: true}))
		if m, _ := w.sim.Message(desk, ts); m.Text != "replaced" || m.Blocks != nil {
			t.Errorf("got %+v", m)
		}
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "only you"}))
		if got := w.sim.EphemeralTo(desk, clerk); len(got) != 1 || got[0].Text != "only you" {
			t.Errorf("got %+v", got)
		}
		_, _, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("all", false), slack.MsgOptionResponseURL(to, "in_channel"))
		w.must(err)
		if got := w.sim.Channel(desk); len(got) != 2 || got[1].Text != "all" {
			t.Errorf("got %+v", got)
		}
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{DeleteOriginal: true}))
		if _, there := w.sim.Message(desk, ts); there {
			t.Error("the original is still there")
		}
	})
	t.Run("of a message with replies", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ts := w.card()
		_, _, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("a reply", false), slack.MsgOptionTS(ts))
		w.must(err)
		_, err = w.sim.Press(t.Context(), clerk, desk, ts, "take", "1")
		w.must(err)
		to, _ := w.app.last(t, "/interactions").json["response_url"].(string)
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "in the channel"}))
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "in the thread", ThreadTimestamp: ts}))
		if got := w.sim.EphemeralTo(desk, clerk); len(got) != 2 || got[0].ThreadTS != "" || got[1].ThreadTS != ts {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("five times", func(t *testing.T) {
		t.Parallel()
		w, _, to := pressed(t)
		for i := range 6 {
			err := slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: fmt.Sprint(i)})
			if (err == nil) != (i < 5) {
				t.Errorf("use %d: %v", i+1, err)
			}
		}
		if n := len(w.sim.EphemeralTo(desk, clerk)); n != 5 {
			t.Errorf("%d messages", n)
		}
		if e := w.wait(func(e slacksim.Entry) bool { return e.Error == "used_url" }); e.Status != http.StatusNotFound {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("thirty minutes", func(t *testing.T) {
		t.Parallel()
		w, _, to := pressed(t)
		w.clock.Add(30*time.Minute - time.Second)
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "in time"}))
		w.clock.Add(time.Second)
		if err := slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "late"}); err == nil {
			t.Error("taken after 30 minutes")
		}
	})
	t.Run("an ephemeral message stays ephemeral", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.app.script(reply(`{"text":"yours","blocks":[{"type":"actions","elements":[{"type":"button","action_id":"x","text":{"type":"plain_text","text":"x"}}]}]}`))
		out, err := w.sim.Command(t.Context(), clerk, desk, "/desk")
		w.must(err)
		if _, err = w.sim.Press(t.Context(), chief, desk, out.Message.TS, "x"); !errors.Is(err, slacksim.NotAllowed) {
			t.Errorf("somebody else pressed it: %v", err)
		}
		_, err = w.sim.Press(t.Context(), clerk, desk, out.Message.TS, "x")
		w.must(err)
		to, _ := w.app.last(t, "/interactions").json["response_url"].(string)
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Text: "next", ReplaceOriginal: true, ResponseType: "in_channel"}))
		if got := w.sim.EphemeralTo(desk, clerk); len(got) != 1 || got[0].Text != "next" || len(w.sim.Channel(desk)) != 0 {
			t.Errorf("got %+v", got)
		}
		w.must(slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{DeleteOriginal: true}))
		if got := w.sim.EphemeralTo(desk, clerk); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("blocks are checked here too", func(t *testing.T) {
		t.Parallel()
		w, _, to := pressed(t)
		if err := slack.PostWebhookContext(t.Context(), to, &slack.WebhookMessage{Blocks: &slack.Blocks{BlockSet: []slack.Block{section("")}}}); err == nil {
			t.Error("an empty text was taken")
		}
		if n := len(w.sim.EphemeralTo(desk, clerk)); n != 0 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	_, root, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("root", false))
	w.must(err)
	w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.Sent && e.Method == "message" })
	ts, err := w.sim.Say(ctx, clerk, desk, root, "a < b & c, @chief see #desk https://e.jp/x?a=1&b=2")
	w.must(err)
	g := w.app.last(t, "/events")
	ev, err := slackevents.ParseEvent(g.body, slackevents.OptionNoVerifyToken())
	w.must(err)
	m := ev.InnerEvent.Data.(*slackevents.MessageEvent)
	want := "a &lt; b &amp; c, <@U0CHIEF> see <#C0DESK|desk> <https://e.jp/x?a=1&amp;b=2>"
	if m.Text != want || m.TimeStamp != ts || m.ThreadTimeStamp != root || m.User != clerk || m.ChannelType != "channel" || m.BotID != "" {
		t.Errorf("got %+v", m)
	}
	if e := w.wait(func(e slacksim.Entry) bool { return e.TS == ts && e.Kind == slacksim.Posted }); cmp.Diff([]string{chief}, e.Notified) != "" {
		t.Errorf("notified %v", e.Notified)
	}
	if shared, _ := dig(g.json, "is_ext_shared_channel").(bool); !shared {
		t.Error("the channel has an outsider in it")
	}

	w.must(w.sim.Edit(ctx, clerk, desk, ts, "better"))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "subtype") != "message_changed" || dig(ev, "message", "text") != "better" || dig(ev, "previous_message", "text") != want {
		t.Errorf("edit: %v", ev)
	}
	w.must(w.sim.Unsay(ctx, clerk, desk, ts))
	if ev := w.app.last(t, "/events").json["event"]; dig(ev, "subtype") != "message_deleted" || dig(ev, "deleted_ts") != ts {
		t.Errorf("delete: %v", ev)
	}
	if err := w.sim.Edit(ctx, clerk, desk, root, "x"); !errors.Is(err, slacksim.NotMine) {
		t.Errorf("somebody else's message: %v", err)
	}
	if _, err := w.sim.Say(ctx, chief, secret, "", "x"); !errors.Is(err, slacksim.NotAllowed) {
		t.Errorf("not a member: %v", err)
	}
}
