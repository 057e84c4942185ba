package slacksim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func TestWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := w.sim.Seq()
	found := make(chan slacksim.Entry, 1)
	waiting := w.sim.Changed()
	go func() {
		e, err := w.sim.Wait(t.Context(), from, func(e slacksim.Entry) bool { return e.Kind == slacksim.Posted && e.Text == "two" })
		if err == nil {
			found <- e
		}
		close(found)
	}()
	for _, text := range []string{"one", "two", "three"} {
		_, err := w.sim.Say(t.Context(), clerk, desk, "", text)
		w.must(err)
	}
	if e := <-found; e.Text != "two" || e.Seq <= from {
		t.Errorf("got %+v", e)
	}
	select {
	case <-waiting:
	default:
		t.Error("Changed was not closed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.sim.Wait(ctx, w.sim.Seq(), func(slacksim.Entry) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for i, e := range w.sim.Record() {
		if e.Seq != i+1 {
			t.Fatalf("entry %d has number %d", i, e.Seq)
		}
	}
}

func TestKeepRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.KeepRecord = 10 })
	for i := range 40 {
		_, err := w.sim.Say(t.Context(), clerk, desk, "", fmt.Sprint(i))
		w.must(err)
	}
	got := w.sim.Record()
	if len(got) != 10 || got[9].Seq != w.sim.Seq() || got[0].Seq != w.sim.Seq()-9 {
		t.Errorf("%d entries, %d to %d of %d", len(got), got[0].Seq, got[len(got)-1].Seq, w.sim.Seq())
	}
	if tail := w.sim.Since(w.sim.Seq() - 3); len(tail) != 3 {
		t.Errorf("%d entries", len(tail))
	}
}

func TestFindMentions(t *testing.T) {
	t.Parallel()
	block := func(b string) json.RawMessage { return json.RawMessage("[" + b + "]") }
	for name, c := range map[string]struct {
		text        string
		blocks      json.RawMessage
		attachments json.RawMessage
		want        slacksim.Mentions
	}{
		"plain":             {text: "hello @channel"},
		"escaped":           {text: "&lt;!channel&gt; &lt;@U1&gt;"},
		"broadcast":         {text: "<!channel> <!here> <!everyone|x>", want: slacksim.Mentions{Broadcasts: []string{"channel", "here", "everyone"}}},
		"user with label":   {text: "a <@U1|bob> b <@U1>", want: slacksim.Mentions{Users: []string{"U1"}}},
		"group":             {text: "<!subteam^S1|@all>", want: slacksim.Mentions{Groups: []string{"S1"}}},
		"bracket first":     {text: "< <@U1> <", want: slacksim.Mentions{Users: []string{"U1"}}},
		"link":              {text: "<https://evil.example|bank>", want: slacksim.Mentions{Links: []slacksim.Link{{URL: "https://evil.example", Label: "bank"}}}},
		"date is no link":   {text: "<!date^1^x|y> <#C1|desk>"},
		"mrkdwn":            {blocks: block(`{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}`), want: slacksim.Mentions{Broadcasts: []string{"channel"}}},
		"written \\u003c":   {blocks: block(`{"type":"section","text":{"type":"mrkdwn","text":"\u003c!channel\u003E"}}`), want: slacksim.Mentions{Broadcasts: []string{"channel"}}},
		"plain_text":        {blocks: block(`{"type":"section","text":{"type":"plain_text","text":"<!channel>"}}`)},
		"field":             {blocks: block(`{"type":"section","fields":[{"type":"mrkdwn","text":"<@U1>"}]}`), want: slacksim.Mentions{Users: []string{"U1"}}},
		"context":           {blocks: block(`{"type":"context","elements":[{"type":"mrkdwn","text":"<@U1>"}]}`), want: slacksim.Mentions{Users: []string{"U1"}}},
		"checkbox":          {blocks: block(`{"type":"actions","elements":[{"type":"checkboxes","options":[{"text":{"type":"mrkdwn","text":"<@U1>"},"value":"v"}]}]}`), want: slacksim.Mentions{Users: []string{"U1"}}},
		"markdown":          {blocks: block(`{"type":"markdown","text":"<!here>"}`), want: slacksim.Mentions{Broadcasts: []string{"here"}}},
		"rich text":         {blocks: block(`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"broadcast","range":"here"},{"type":"text","text":"<!channel>"},{"type":"usergroup","usergroup_id":"S1"}]}]}`), want: slacksim.Mentions{Users: []string{"U1"}, Broadcasts: []string{"here"}, Groups: []string{"S1"}}},
		"attachment":        {attachments: block(`{"text":"<!channel>","fields":[{"value":"<@U1>"}]}`), want: slacksim.Mentions{Broadcasts: []string{"channel"}, Users: []string{"U1"}}},
		"attachment blocks": {attachments: block(`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<@U2>"}}]}`), want: slacksim.Mentions{Users: []string{"U2"}}},
	} {
		if diff := cmp.Diff(c.want, slacksim.FindMentions(c.text, c.blocks, c.attachments)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNotified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everyone := []string{alien, chief, clerk, guest}
	for name, c := range map[string]struct {
		args obj
		want []string
	}{
		"hostile, escaped":        {obj{"text": "&lt;!channel&gt; @channel"}, nil},
		"hostile in plain_text":   {obj{"text": "a", "blocks": []obj{{"type": "header", "text": obj{"type": "plain_text", "text": "<!channel>"}}}}, nil},
		"hostile in the fallback": {obj{"text": "<!channel>", "blocks": dividers(1)}, everyone},
		"broadcast":               {obj{"text": "<!here>"}, everyone},
		"one person":              {obj{"text": "<@U0CHIEF>"}, []string{chief}},
		"group":                   {obj{"text": "<!subteam^S0ALL>"}, []string{clerk, guest}},
		"a name, linked":          {obj{"text": "@channel", "link_names": true}, everyone},
		"somebody elsewhere":      {obj{"text": "<@U0NONE>"}, nil},
	} {
		c.args["channel"] = desk
		got := w.call("chat.postMessage", c.args)
		e := w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.Posted && e.TS == got["ts"] })
		if diff := cmp.Diff(c.want, e.Notified); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got := w.call("chat.postMessage", obj{"channel": desk, "text": "quiet"})
	w.call("chat.update", obj{"channel": desk, "ts": got["ts"], "text": "<!channel>"})
	e := w.wait(func(e slacksim.Entry) bool { return e.Kind == slacksim.Updated })
	if e.Notified != nil || e.Mentions == nil {
		t.Errorf("an update notifies nobody, but its mention is live: %+v", e)
	}
}

func TestRooms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unread := func() (int, int) {
		for _, r := range w.sim.Rooms(clerk) {
			if r.ID == desk {
				return r.Unread, r.Mentions
			}
		}
		t.Fatal("the channel is not in the side bar")
		return 0, 0
	}
	_, ts, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("a", false))
	w.must(err)
	_, _, err = w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText("<@U0CLERK>", false))
	w.must(err)
	if n, m := unread(); n != 2 || m != 1 {
		t.Errorf("%d unread, %d mentions", n, m)
	}
	w.sim.Read(clerk, desk, ts)
	if n, m := unread(); n != 1 || m != 1 {
		t.Errorf("after reading one: %d unread, %d mentions", n, m)
	}
	w.sim.Read(clerk, desk, "")
	if n, _ := unread(); n != 0 {
		t.Errorf("after reading all: %d unread", n)
	}
	raw, err := json.Marshal(w.sim.Rooms(clerk))
	w.must(err)
	if !strings.Contains(string(raw), `"id":"C0DESK"`) || len(w.sim.Users()) != 5 {
		t.Errorf("got %s", raw)
	}
}

// TestConcurrency lets many people and the app act at once; the race detector judges.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Rates.Off = true; c.Now = time.Now })
	ts := w.card()
	var wg sync.WaitGroup
	each := func(f func() error) {
		wg.Go(func() {
			for range 20 {
				if err := f(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ctx := t.Context()
	each(func() error { _, err := w.sim.Press(ctx, clerk, desk, ts, "take", "1"); return err })
	each(func() error { _, err := w.sim.Say(ctx, chief, desk, ts, "x @clerk"); return err })
	each(func() error { _, err := w.sim.Command(ctx, guest, desk, "/desk"); return err })
	each(func() error {
		_, _, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("x", false))
		return err
	})
	each(func() error {
		_, _, _, err := w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: desk, Timestamp: ts})
		return err
	})
	each(func() error { w.sim.Rooms(chief); w.sim.Channel(desk); w.sim.Record(); return nil })
	each(func() error { w.sim.SetBaseURL(w.server.URL); w.sim.Read(chief, desk, ""); return nil })
	wg.Wait()
	seen := map[string]bool{}
	for _, m := range w.sim.Channel(desk) {
		if seen[m.TS] {
			t.Errorf("ts %s twice", m.TS)
		}
		seen[m.TS] = true
	}
	if len(seen) != 41 {
		t.Errorf("%d messages", len(seen))
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := `{"display_information":{"name":"desk"},"features":{"slash_commands":[{"command":"/desk","url":"https://e.jp","description":"d"}]},
		"oauth_config":{"scopes":{"bot":["commands","channels:history"]}},
		"settings":{"event_subscriptions":{"request_url":"https://e.jp","bot_events":["message.channels"]}}}`
	if got := w.call("apps.manifest.validate", obj{"manifest": good}); got["ok"] != true {
		t.Errorf("got %v", got)
	}
	for change, want := range map[[2]string]string{
		{`"name":"desk"`, `"name":"` + chars(36) + `"`}:          "/display_information/name",
		{`"/desk"`, `"desk"`}:                                    "/features/slash_commands/0/command",
		{`"commands",`, ``}:                                      "requires scope commands",
		{`"channels:history"`, `"chat:write"`}:                   "requires scope channels:history",
		{`"settings"`, `"sittings"`}:                             "invalid additional property: sittings",
		{`"request_url":"https://e.jp",`, ``}:                    "requires a request_url",
		{`"description":"d"`, `"description":""`}:                "/features/slash_commands/0/description",
		{`"name":"desk"`, `"name":"desk","description":` + `[]`}: "not valid JSON of the manifest's form",
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if got := w.call("apps.manifest.validate", obj{"manifest": bad}); got["error"] != "invalid_manifest" || !strings.Contains(fmt.Sprint(got["errors"]), want) {
			t.Errorf("%s: got %v", change[1], got)
		}
	}
}
