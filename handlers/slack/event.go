package slack

import (
	"context"
	"encoding/json"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/text"
)

// eventEnvelope is https://docs.slack.dev/apis/events-api
type eventEnvelope struct {
	Type      string          `json:"type"`
	Challenge string          `json:"challenge"`
	ID        string          `json:"event_id"`
	Event     json.RawMessage `json:"event"`
}

// event handles an event. A repeat does no harm: what changes facts, that somebody has gone, finds nothing left to do. An
// event is refused only so that Slack sends it again: when what it changes could not be done now.
//
// What people say in channels and threads is not listened to at all: it stays inside because nothing here reads it.
func (a *App) event(ctx context.Context, body []byte) (answer, error) {
	var e eventEnvelope
	if loosely(body, &e) != nil || e.Type == "" {
		return answer{}, errMalformed
	}
	if e.Type == "url_verification" {
		return answer{body: compact(map[string]string{"challenge": e.Challenge})}, nil
	}
	var kind struct {
		Type string `json:"type"`
	}
	_ = loosely(e.Event, &kind) // what cannot be read is of no kind we know
	switch kind.Type {
	case "app_home_opened":
		a.homeOpened(ctx, e)
	case "member_joined_channel":
		a.membersChanged(e)
	case "member_left_channel":
		return answer{}, a.memberLeft(ctx, e)
	case "channel_archive", "group_archive", "channel_unarchive", "group_unarchive", "channel_left", "group_left", "channel_deleted":
		a.channelChanged(kind.Type, e)
	case "user_change":
		return answer{}, a.userChanged(ctx, e)
	case "tokens_revoked", "app_uninstalled":
		a.Log.Error("slack has taken the app's access away", "kind", kind.Type, "event", e.ID)
	}
	return answer{}, nil
}

func (a *App) membersChanged(e eventEnvelope) {
	var event struct {
		Channel string `json:"channel"`
	}
	_ = loosely(e.Event, &event)
	a.Directory.Forget(event.Channel)
	if a.Changed != nil {
		a.Changed() // it may be the app itself, or somebody of another organisation
	}
}

func (a *App) channelChanged(kind string, e eventEnvelope) {
	var event struct {
		Channel string `json:"channel"`
	}
	_ = loosely(e.Event, &event)
	a.Directory.Forget(event.Channel)
	a.Log.Warn("a channel changed", "kind", kind, "channel", event.Channel, "event", e.ID)
	if a.Changed != nil {
		a.Changed()
	}
}

func (a *App) memberLeft(ctx context.Context, e eventEnvelope) error {
	var event struct {
		User string `json:"user"`
	}
	_ = loosely(e.Event, &event)
	a.membersChanged(e)
	return a.left(ctx, e.ID, event.User)
}

// userChanged hears of every new picture and status of everybody in the workspace; only what takes somebody's roles away
// is looked into. https://docs.slack.dev/reference/events/user_change
func (a *App) userChanged(ctx context.Context, e eventEnvelope) error {
	var event struct {
		User struct {
			ID         string `json:"id"`
			Deleted    bool   `json:"deleted"`
			Restricted bool   `json:"is_restricted"` // a guest, of one channel or several
		} `json:"user"`
	}
	_ = loosely(e.Event, &event)
	a.Directory.ForgetUser(event.User.ID)
	if !event.User.Deleted && !event.User.Restricted {
		return nil
	}
	return a.left(ctx, e.ID, event.User.ID)
}

// left tells the coordinator that somebody may have gone.
func (a *App) left(ctx context.Context, id, user string) error {
	if user == "" {
		return nil
	}
	if err := a.Coordinator.Left(ctx, id, user); err != nil {
		a.Log.Error("not heard that somebody left", "user", user, "event", id, "error", err)
		return errAgain
	}
	return nil
}

// homeOpened shows the person's own work in the Home tab.
func (a *App) homeOpened(ctx context.Context, e eventEnvelope) {
	var event struct {
		User string `json:"user"`
		Tab  string `json:"tab"`
		View *shown `json:"view"`
	}
	_ = loosely(e.Event, &event)
	if event.Tab != "home" || event.User == "" {
		return
	}
	hash := ""
	if event.View != nil { // none before the first time
		hash = event.View.Hash
	}
	a.after(ctx, "home", e.ID, func(ctx context.Context) {
		m, err := a.run(ctx, event.User, "", desk.Call{ID: e.ID, Line: "home"})
		if err != nil {
			m = a.sorry(ctx, "home", e.ID, err)
			if bot.KindOf(err) != bot.Forbidden {
				m = a.plainly(text.Say("slack.home"))
			}
		}
		a.publish(ctx, event.User, hash, m)
	})
}
