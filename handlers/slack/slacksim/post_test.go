package slacksim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil)
}

func TestPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	meta := slack.SlackMetadata{EventType: "delivery", EventPayload: map[string]any{"id": "d1"}}
	_, ts, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("hello", false), slack.MsgOptionBlocks(section("*hello*")), slack.MsgOptionMetadata(meta))
	w.must(err)
	_, reply, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("in the thread", false), slack.MsgOptionTS(ts))
	w.must(err)

	t.Run("history shows the message with its metadata only when asked", func(t *testing.T) {
		for _, all := range []bool{false, true} {
			got, err := w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: desk, IncludeAllMetadata: all})
			w.must(err)
			if len(got.Messages) != 1 || got.Messages[0].ReplyCount != 1 || got.Messages[0].BotID != "B0SIM" {
				t.Fatalf("got %+v", got.Messages)
			}
			if found := got.Messages[0].Metadata.EventPayload["id"] == "d1"; found != all {
				t.Errorf("include_all_metadata=%v: metadata found: %v", all, found)
			}
			if got.Messages[0].Blocks.BlockSet[0].(*slack.SectionBlock).BlockID == "" {
				t.Error("the block has no block_id")
			}
		}
	})
	t.Run("replies come after their root", func(t *testing.T) {
		got, _, _, err := w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: desk, Timestamp: ts, IncludeAllMetadata: true})
		w.must(err)
		if len(got) != 2 || got[0].Timestamp != ts || got[1].Timestamp != reply || got[1].ParentUserId != "U0BOT" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a reply to a reply lands in the thread", func(t *testing.T) {
		_, third, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("x", false), slack.MsgOptionTS(reply))
		w.must(err)
		if m, _ := w.sim.Message(desk, third); m.ThreadTS != ts {
			t.Errorf("thread_ts %s, want %s", m.ThreadTS, ts)
		}
		if got := len(w.sim.Thread(desk, ts)); got != 3 {
			t.Errorf("%d messages in the thread", got)
		}
	})
	t.Run("a user id opens the direct message", func(t *testing.T) {
		ch, _, err := w.api.PostMessageContext(ctx, clerk, slack.MsgOptionText("psst", false))
		w.must(err)
		if ch != "D"+clerk {
			t.Errorf("posted to %s", ch)
		}
	})
	t.Run("a permalink", func(t *testing.T) {
		link, err := w.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: desk, Ts: ts})
		w.must(err)
		if !strings.Contains(link, "/archives/C0DESK/p") {
			t.Errorf("got %s", link)
		}
	})
	t.Run("reactions", func(t *testing.T) {
		w.must(w.api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(desk, ts)))
		if err := w.api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(desk, ts)); err == nil || err.Error() != "already_reacted" {
			t.Errorf("got %v", err)
		}
	})
}

func TestPostRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Scopes = []string{"chat:write"} })
	w.sim.AddChannel("C0OLD", "old", chief)
	w.must(w.sim.Archive(t.Context(), "C0OLD"))
	w.sim.AddUser("U0GONE", "gone", slacksim.Gone)
	for name, c := range map[string]struct {
		args map[string]any
		want string
	}{
		"no such channel":              {map[string]any{"channel": "C0NONE", "text": "a"}, "channel_not_found"},
		"private, bot not in it":       {map[string]any{"channel": secret, "text": "a"}, "channel_not_found"},
		"public, bot not in it":        {map[string]any{"channel": lonely, "text": "a"}, "not_in_channel"},
		"archived":                     {map[string]any{"channel": "C0OLD", "text": "a"}, "is_archived"},
		"deactivated person":           {map[string]any{"channel": "U0GONE", "text": "a"}, "channel_not_found"},
		"the bot itself":               {map[string]any{"channel": "U0BOT", "text": "a"}, "cannot_dm_bot"},
		"nothing to say":               {map[string]any{"channel": desk}, "no_text"},
		"empty blocks and no text":     {map[string]any{"channel": desk, "blocks": []any{}}, "no_text"},
		"thread of nothing":            {map[string]any{"channel": desk, "text": "a", "thread_ts": "1.000001"}, "thread_not_found"},
		"blocks that are no list":      {map[string]any{"channel": desk, "blocks": map[string]any{"blocks": 1}}, "invalid_blocks_format"},
		"metadata that is no JSON":     {map[string]any{"channel": desk, "text": "a", "metadata": "{"}, "invalid_metadata_format"},
		"metadata without payload":     {map[string]any{"channel": desk, "text": "a", "metadata": map[string]any{"event_type": "x"}}, "invalid_metadata_schema"},
		"text and markdown_text":       {map[string]any{"channel": desk, "text": "a", "markdown_text": "b"}, "markdown_text_conflict"},
		"101 attachments":              {map[string]any{"channel": desk, "attachments": make([]any, 101)}, "too_many_attachments"},
		"ephemeral to an absent one":   {map[string]any{"channel": desk, "text": "a", "user": "U0GONE"}, "user_not_in_channel"},
		"update of nothing":            {map[string]any{"channel": desk, "text": "a", "ts": "1.000001"}, "message_not_found"},
		"blocks that are a short list": {map[string]any{"channel": desk, "blocks": []any{"a"}}, "invalid_blocks"},
	} {
		method := "chat.postMessage"
		if c.args["user"] != nil {
			method = "chat.postEphemeral"
		} else if c.args["ts"] != nil {
			method = "chat.update"
		}
		if got := w.call(method, c.args); got["error"] != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
	if n := len(w.sim.Channel(desk)); n != 0 {
		t.Errorf("%d messages were posted all the same", n)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	_, ts, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("old", false), slack.MsgOptionBlocks(section("old")))
	w.must(err)
	t.Run("blocks without text keep the text", func(t *testing.T) {
		got := w.call("chat.update", map[string]any{"channel": desk, "ts": ts, "blocks": []any{map[string]any{"type": "divider"}}})
		m, _ := w.sim.Message(desk, ts)
		if got["ok"] != true || m.Text != "old" || !strings.Contains(string(m.Blocks), "divider") || m.EditedTS != "" {
			t.Errorf("got %v, %+v", got, m)
		}
	})
	t.Run("text without blocks drops the blocks", func(t *testing.T) {
		_, _, _, err := w.api.UpdateMessageContext(ctx, desk, ts, slack.MsgOptionText("new", false))
		w.must(err)
		if m, _ := w.sim.Message(desk, ts); m.Text != "new" || m.Blocks != nil || m.EditedTS == "" {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("text is measured in bytes after escaping", func(t *testing.T) {
		for text, want := range map[string]any{
			strings.Repeat("a", 4000): nil, strings.Repeat("a", 4001): "msg_too_long",
			strings.Repeat("あ", 1333): nil, strings.Repeat("あ", 1334): "msg_too_long",
			strings.Repeat("<", 1000): nil, strings.Repeat("<", 1001): "msg_too_long",
			strings.Repeat("&", 800): nil, strings.Repeat("&", 801): "msg_too_long",
			strings.Repeat("&amp;", 800): nil, strings.Repeat("&lt;", 1000): nil,
		} {
			if got := w.call("chat.update", map[string]any{"channel": desk, "ts": ts, "text": text}); got["error"] != want {
				t.Errorf("%d runes of %.5s: got %v, want %v", len([]rune(text)), text, got["error"], want)
			}
		}
	})
	t.Run("only the bot's own", func(t *testing.T) {
		said, err := w.sim.Say(ctx, clerk, desk, "", "mine")
		w.must(err)
		for method, want := range map[string]string{"chat.update": "cant_update_message", "chat.delete": "cant_delete_message"} {
			if got := w.call(method, map[string]any{"channel": desk, "ts": said, "text": "x"}); got["error"] != want {
				t.Errorf("%s: got %v", method, got)
			}
		}
	})
	t.Run("an ephemeral message cannot be updated", func(t *testing.T) {
		eph, err := w.api.PostEphemeralContext(ctx, desk, clerk, slack.MsgOptionText("for you", false))
		w.must(err)
		if _, _, _, err := w.api.UpdateMessageContext(ctx, desk, eph, slack.MsgOptionText("x", false)); err == nil || err.Error() != "message_not_found" {
			t.Errorf("got %v", err)
		}
		if len(w.sim.EphemeralTo(desk, clerk)) != 1 || len(w.sim.EphemeralTo(desk, chief)) != 0 {
			t.Error("the ephemeral message is not seen by its reader alone")
		}
	})
	t.Run("delete", func(t *testing.T) {
		_, _, err := w.api.DeleteMessageContext(ctx, desk, ts)
		w.must(err)
		if _, there := w.sim.Message(desk, ts); there {
			t.Error("still there")
		}
	})
	t.Run("an archived channel", func(t *testing.T) {
		w := newWorld(t)
		_, ts, err := w.api.PostMessageContext(ctx, desk, slack.MsgOptionText("a", false))
		w.must(err)
		w.must(w.sim.Archive(ctx, desk))
		if got := w.call("chat.update", map[string]any{"channel": desk, "ts": ts, "text": "b"}); got["error"] != "is_inactive" {
			t.Errorf("got %v", got)
		}
	})
}

func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var stamps []string
	for _, text := range []string{"one", "two", "three", "four"} {
		_, ts, err := w.api.PostMessageContext(t.Context(), desk, slack.MsgOptionText(text, false))
		w.must(err)
		stamps = append(stamps, ts)
		w.clock.Add(10 * time.Second)
	}
	read := func(p slack.GetConversationHistoryParameters) []string {
		p.ChannelID = desk
		got, err := w.api.GetConversationHistoryContext(t.Context(), &p)
		w.must(err)
		var texts []string
		for _, m := range got.Messages {
			texts = append(texts, m.Text)
		}
		return texts
	}
	for name, c := range map[string]struct {
		p    slack.GetConversationHistoryParameters
		want []string
	}{
		"newest first":    {slack.GetConversationHistoryParameters{}, []string{"four", "three", "two", "one"}},
		"oldest excluded": {slack.GetConversationHistoryParameters{Oldest: stamps[1]}, []string{"four", "three"}},
		"oldest included": {slack.GetConversationHistoryParameters{Oldest: stamps[1], Inclusive: true}, []string{"four", "three", "two"}},
		"latest excluded": {slack.GetConversationHistoryParameters{Latest: stamps[1]}, []string{"one"}},
		"limit":           {slack.GetConversationHistoryParameters{Limit: 1}, []string{"four"}},
	} {
		if diff := cmp.Diff(c.want, read(c.p)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	w.sim.SetHistoryLag(25 * time.Second)
	if diff := cmp.Diff([]string{"two", "one"}, read(slack.GetConversationHistoryParameters{})); diff != "" {
		t.Errorf("with a lag of 25 s (-want +got):\n%s", diff)
	}
	_, _, _, err := w.api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: desk, Timestamp: stamps[3]})
	if err == nil || err.Error() != "thread_not_found" {
		t.Errorf("replies within the lag: %v", err)
	}
	w.sim.Behave()
	if got := read(slack.GetConversationHistoryParameters{}); len(got) != 4 {
		t.Errorf("without the lag: %v", got)
	}
	_, err = w.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: lonely})
	if err == nil || err.Error() != "not_in_channel" {
		t.Errorf("got %v", err)
	}
}
