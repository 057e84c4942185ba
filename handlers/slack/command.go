package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
)

// command is a slash command as typed. https://docs.slack.dev/interactivity/implementing-slash-commands
type command struct {
	Team     string `json:"team_id"`
	User     string `json:"user_id"`
	Channel  string `json:"channel_id"`
	Command  string `json:"command"`
	Text     string `json:"text"`
	Response string `json:"response_url"`
	Trigger  string `json:"trigger_id"`
	Probe    string `json:"ssl_check"`
}

// commandForm reads a command as it comes over HTTP.
func (a *App) commandForm(ctx context.Context, body []byte) (answer, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return answer{}, errMalformed
	}
	return a.command(ctx, command{
		Team: form.Get("team_id"), User: form.Get("user_id"), Channel: form.Get("channel_id"),
		Command: form.Get("command"), Text: form.Get("text"), Response: form.Get("response_url"),
		Trigger: form.Get("trigger_id"), Probe: form.Get("ssl_check"),
	})
}

// commandJSON reads a command as it comes over Socket Mode.
func (a *App) commandJSON(ctx context.Context, body []byte) (answer, error) {
	var c command
	if loosely(body, &c) != nil {
		return answer{}, errMalformed
	}
	return a.command(ctx, c)
}

// command answers a slash command for the person alone.
func (a *App) command(ctx context.Context, c command) (answer, error) {
	if c.Probe == "1" {
		return answer{}, nil
	}
	if c.User == "" || c.Command == "" || c.Trigger == "" {
		return answer{}, errMalformed
	}
	m, err := a.run(ctx, c.User, c.Team, desk.Call{
		ID: c.Trigger, Channel: c.Channel, Line: unescape(c.Text),
	})
	if err != nil {
		m = a.sorry(ctx, "command", c.Trigger, err)
	}
	said := reply{Type: ephemeral}.with(render(a.Words, m, inAnswer()))
	return answer{body: said.json(), whole: func(ctx context.Context) { a.respond(ctx, c.Response, said) }}, nil
}

// run runs a command, or the button that stands for it.
func (a *App) run(ctx context.Context, user, team string, call desk.Call) (msg.Message, error) {
	who, err := a.actor(ctx, user, team)
	if err != nil {
		return msg.Message{}, err
	}
	call.Actor = who
	m, err := a.Desk.Run(ctx, call)
	if err == nil {
		a.taken(ctx, "command", "desk", call.ID)
	}
	return m, err
}

// loosely reads JSON as far as it makes sense: one part of a shape we do not know must not cost the rest. Only what is
// no JSON at all is an error.
func loosely(raw []byte, out any) error {
	err := json.Unmarshal(raw, out)
	if _, odd := err.(*json.UnmarshalTypeError); odd { //nolint:errorlint // Unmarshal returns it bare
		return nil
	}
	return err
}

// compact writes JSON without the escapes that only pages of HTML need.
func compact(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil // our own types always encode
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// unescape gives back what a person typed; Slack escapes it once. Mentions stay as <@U…>.
// https://docs.slack.dev/messaging/formatting-message-text
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
