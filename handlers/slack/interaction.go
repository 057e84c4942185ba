package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"tsunagi/bot/msg"
)

// interaction is a press or a submission, as far as we read it. Parts of unknown shape stay raw.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type string `json:"type"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Trigger  string `json:"trigger_id"`
	Response string `json:"response_url"`
	Channel  struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		TS        string `json:"message_ts"`
		Thread    string `json:"thread_ts"`
		Channel   string `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		Thread string `json:"thread_ts"` // its own ts if it is no reply but has some
	} `json:"message"`
	View    *shown            `json:"view"`
	Actions []json.RawMessage `json:"actions"`
}

// shown is the view that a person acted in.
type shown struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Hash     string          `json:"hash"`
	Private  string          `json:"private_metadata"`
	External string          `json:"external_id"`
	Blocks   json.RawMessage `json:"blocks"`
	State    struct {
		Values json.RawMessage `json:"values"`
	} `json:"state"`
}

// interactionForm reads an interaction as it comes over HTTP.
func (a *App) interactionForm(ctx context.Context, body []byte) (answer, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return answer{}, errMalformed
	}
	return a.interaction(ctx, []byte(form.Get("payload")))
}

// interaction answers a press or a submission; what else there is needs no answer.
func (a *App) interaction(ctx context.Context, payload []byte) (answer, error) {
	var in interaction
	if loosely(payload, &in) != nil || in.Type == "" || in.User.ID == "" {
		return answer{}, errMalformed
	}
	switch {
	case in.Type == "block_actions":
		a.press(ctx, in)
	case in.Type == "view_submission" && in.View != nil:
		return a.submit(ctx, in), nil
	}
	return answer{}, nil
}

// team is the workspace of the person who acted, which in a shared channel need not be ours.
func (in interaction) team() string {
	if in.User.Team != "" {
		return in.User.Team
	}
	return in.Team.ID
}

// spot is where the person can be answered.
func (in interaction) spot() spot {
	s := spot{user: in.User.ID, channel: in.Channel.ID, response: in.Response, private: in.Container.Ephemeral}
	if thread := cmp.Or(in.Container.Thread, in.Message.Thread); thread != "" {
		s.threaded = true
		if thread != in.Container.TS {
			s.thread = thread
		}
	}
	if s.channel == "" {
		s.channel = in.Container.Channel
	}
	return s
}

// alone reports whether the press was on what only the presser sees: an answer that Slack shows to them alone, or that stands in the
// app's own conversation with them. https://docs.slack.dev/reference/objects/conversation-object
func (in interaction) alone() bool {
	return in.Container.Ephemeral || strings.HasPrefix(in.spot().channel, "D")
}

// inHome reports whether the press was in the Home tab.
func (in interaction) inHome() bool { return in.View != nil && in.View.Type == "home" }

// action is what was pressed or chosen. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
type action struct {
	Type   string `json:"type"`
	ID     string `json:"action_id"`
	Value  string `json:"value"`
	Option struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	Date string `json:"selected_date"`
	User string `json:"selected_user"`
	TS   string `json:"action_ts"`
}

// pressed is the first action that is a press of ours: a button, or an item of a menu. Links and inputs of a modal come
// as actions too; they need no answer.
func (in interaction) pressed() (action, msg.Press, bool) {
	for _, raw := range in.Actions {
		var act action
		if loosely(raw, &act) != nil {
			continue
		}
		if p, ok := act.press(); ok {
			return act, p, true
		}
	}
	return action{}, msg.Press{}, false
}

// press reads what the action means. In a select the choice is a value, the meaning stands in the action_id.
func (act action) press() (msg.Press, bool) {
	switch act.Type {
	case "button":
		return msg.ParsePress(act.Value)
	case "overflow":
		return msg.ParsePress(act.Option.Value)
	}
	do, _, numbered := strings.Cut(act.ID, "#")
	return msg.Press{Do: do}, numbered && do != ""
}

// picked is what was chosen, where the element offers a choice.
func (act action) picked() string {
	for _, v := range []string{act.Option.Value, act.Date, act.User} {
		if v != "" && act.Type != "overflow" {
			return v
		}
	}
	return ""
}
