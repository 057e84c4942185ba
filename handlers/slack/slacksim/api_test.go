package slacksim_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"tsunagi/handlers/slack/slacksim"
)

func TestAPI(t *testing.T) {
	t.Parallel()
	t.Run("auth.test names the bot", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		got, err := w.api.AuthTestContext(t.Context())
		w.must(err)
		if got.UserID != "U0BOT" || got.BotID != "B0SIM" || got.TeamID != "T0SIM" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an unknown method is refused", func(t *testing.T) {
		t.Parallel()
		got := newWorld(t).call("chat.shout", nil)
		if got["error"] != "unknown_method" || got["req_method"] != "chat.shout" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("tokens", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for token, want := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", "xapp-test": "not_allowed_token_type"} {
			_, err := slack.New(token, slack.OptionAPIURL(w.server.URL+"/api/")).AuthTestContext(t.Context())
			if err == nil || err.Error() != want {
				t.Errorf("token %q: got %v, want %s", token, err, want)
			}
		}
	})
	t.Run("forms and JSON mean the same", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		blocks := []any{map[string]any{"type": "divider"}}
		if got := w.call("chat.postMessage", map[string]any{"channel": desk, "text": "a", "blocks": blocks}); got["ok"] != true {
			t.Errorf("JSON: %v", got)
		}
		if got := w.call("chat.postMessage", map[string]any{"channel": desk, "text": "a", "blocks": `[{"type":"divider"}]`}); got["ok"] != true {
			t.Errorf("JSON with blocks as text: %v", got)
		}
		if got := w.form("chat.postMessage", url.Values{"channel": {desk}, "text": {"a"}, "blocks": {`[{"type":"divider"}]`}}); got["ok"] != true {
			t.Errorf("form: %v", got)
		}
		for _, m := range w.sim.Channel(desk) {
			if m.Text != "a" || string(m.Blocks) != `[{"type":"divider"}]` {
				t.Errorf("got %+v", m)
			}
		}
	})
	t.Run("a body that is no JSON is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		if got := w.do("chat.postMessage", "application/json", "{"); got["error"] != "invalid_json" {
			t.Errorf("got %v", got)
		}
		if got := w.do("chat.postMessage", "image/png", "{}"); got["error"] != "invalid_post_type" {
			t.Errorf("got %v", got)
		}
	})
}

func TestScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *slacksim.Config) { c.Scopes = []string{"chat:write", "channels:read"} })
	_, err := w.api.GetUserInfoContext(t.Context(), chief)
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "users:read" || refused.Provided != "chat:write,channels:read" {
		t.Fatalf("got %#v", err)
	}
	_, err = w.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: desk})
	if !errors.As(err, &refused) || refused.Needed != "channels:history" {
		t.Fatalf("a scope that depends on the channel: got %#v", err)
	}
	resp, err := http.Get(w.server.URL + "/api/auth.test?token=xoxb-test")
	w.must(err)
	_ = resp.Body.Close()
	if got := resp.Header.Get("X-Oauth-Scopes"); got != "chat:write,channels:read" {
		t.Errorf("x-oauth-scopes: %q", got)
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("members come in pages", func(t *testing.T) {
		var all []string
		params := &slack.GetUsersInConversationParameters{ChannelID: desk, Limit: 2}
		for pages := 1; ; pages++ {
			ids, next, err := w.api.GetUsersInConversationContext(t.Context(), params)
			w.must(err)
			all = append(all, ids...)
			if params.Cursor = next; next == "" {
				if pages != 3 || strings.Join(all, " ") != "U0ALIEN U0BOT U0CHIEF U0CLERK U0GUEST" {
					t.Errorf("%d pages: %v", pages, all)
				}
				break
			}
		}
		_, _, err := w.api.GetUsersInConversationContext(t.Context(), &slack.GetUsersInConversationParameters{ChannelID: desk, Cursor: "x"})
		if err == nil || err.Error() != "invalid_cursor" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("info", func(t *testing.T) {
		ch, err := w.api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: desk, IncludeNumMembers: true})
		w.must(err)
		if ch.Name != "desk" || !ch.IsMember || !ch.IsExtShared || ch.NumMembers != 5 {
			t.Errorf("got %+v", ch)
		}
		_, err = w.api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: secret})
		if err == nil || err.Error() != "channel_not_found" {
			t.Errorf("a private channel without the bot: %v", err)
		}
	})
	t.Run("list hides what the bot may not see", func(t *testing.T) {
		list, _, err := w.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
		w.must(err)
		if len(list) != 2 || list[0].ID != desk || list[1].ID != lonely || list[1].IsMember {
			t.Errorf("got %+v", list)
		}
	})
	t.Run("join", func(t *testing.T) {
		w := newWorld(t)
		_, _, _, err := w.api.JoinConversationContext(t.Context(), lonely)
		w.must(err)
		if rooms := w.sim.Rooms("U0BOT"); len(rooms) != 2 {
			t.Errorf("got %+v", rooms)
		}
		if _, _, _, err = w.api.JoinConversationContext(t.Context(), secret); err == nil || err.Error() != "channel_not_found" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("open a direct message", func(t *testing.T) {
		ch, _, _, err := w.api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{clerk}})
		w.must(err)
		if ch.ID != "D"+clerk {
			t.Errorf("got %+v", ch)
		}
	})
	t.Run("users", func(t *testing.T) {
		u, err := w.api.GetUserInfoContext(t.Context(), guest)
		w.must(err)
		if !u.IsRestricted || u.Profile.Email != "u0guest@example.jp" {
			t.Errorf("guest: %+v", u)
		}
		u, err = w.api.GetUserInfoContext(t.Context(), alien)
		w.must(err)
		if u.IsStranger || u.TeamID == "T0SIM" || u.Profile.Email != "" || u.Locale != "" {
			t.Errorf("outsider: %+v", u)
		}
		w.sim.AddUser("U0FAR", "far", slacksim.Outsider) // who shares no channel with the app
		if u, err = w.api.GetUserInfoContext(t.Context(), "U0FAR"); err != nil || !u.IsStranger {
			t.Errorf("stranger: %+v, %v", u, err)
		}
		all, err := w.api.GetUsersContext(t.Context())
		w.must(err)
		if len(all) != 6 {
			t.Errorf("got %d users", len(all))
		}
		if _, err = w.api.GetUserInfoContext(t.Context(), "U0NOBODY"); err == nil || err.Error() != "user_not_found" {
			t.Errorf("got %v", err)
		}
		bot, err := w.api.GetBotInfoContext(t.Context(), slack.GetBotInfoParameters{Bot: "B0SIM"})
		w.must(err)
		if bot.UserID != "U0BOT" {
			t.Errorf("got %+v", bot)
		}
	})
}
