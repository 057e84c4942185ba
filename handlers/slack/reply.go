package slack

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot/msg"
)

// ephemeral is for the person alone.
const ephemeral = "ephemeral"

// reply is an answer to a command, or what goes to a response_url.
// https://docs.slack.dev/interactivity/handling-user-interaction
type reply struct {
	Type    string  `json:"response_type,omitempty"`
	Replace bool    `json:"replace_original"`
	Thread  string  `json:"thread_ts,omitempty"`
	Text    string  `json:"text"`
	Blocks  []block `json:"blocks,omitempty"`
	Unfurl  bool    `json:"unfurl_links"`
	Media   bool    `json:"unfurl_media"`
}

func (r reply) with(m rendered) reply {
	r.Text, r.Blocks = m.text, m.blocks
	return r
}

func (r reply) json() []byte { return compact(r) }

// spot is where a person acted, and so where an answer for them alone can be shown.
type spot struct {
	user, channel string
	thread        string // of the message acted on, if it is a reply
	threaded      bool   // the message acted on is a reply or has some
	response      string // response_url; none in modals and the Home tab
	private       bool   // the message acted on is seen by this person alone
}

// whisper shows a message to one person where they acted and so look: in the channel, or in the thread if that is where the
// message is. Else it goes to the app's own conversation with them. It is told in the log if even that fails; the person can
// press again.
func (a *App) whisper(ctx context.Context, at spot, m msg.Message, replace bool) {
	shown := render(a.Words, m, inAnswer())
	ways := []func(context.Context, spot, rendered, bool) bool{a.answer, a.ephemeral, a.direct}
	if at.threaded && !at.private { // a response_url does not promise to leave a thread alone
		ways[0], ways[1] = ways[1], ways[0]
	}
	for _, way := range ways {
		if way(ctx, at, shown, replace) {
			return
		}
	}
}

// answer shows it by the response_url, which alone can change what only this person sees.
func (a *App) answer(ctx context.Context, at spot, shown rendered, replace bool) bool {
	r := reply{Type: ephemeral, Thread: at.thread, Replace: replace && at.private}
	return at.response != "" && a.respond(ctx, at.response, r.with(shown))
}

// ephemeral shows it in a channel or thread. https://docs.slack.dev/reference/methods/chat.postEphemeral
func (a *App) ephemeral(ctx context.Context, at spot, shown rendered, _ bool) bool {
	if at.channel == "" {
		return false
	}
	options := quietly(shown)
	if at.thread != "" {
		options = append(options, slackapi.MsgOptionTS(at.thread))
	}
	_, err := a.Client.api.PostEphemeralContext(ctx, at.channel, at.user, options...)
	return err == nil
}

// direct shows it in the app's own conversation with the person.
func (a *App) direct(ctx context.Context, at spot, shown rendered, _ bool) bool {
	_, _, err := a.Client.api.PostMessageContext(ctx, at.user, quietly(shown)...)
	if err != nil {
		a.Log.Error("an answer could not be shown", "user", at.user, "channel", at.channel, "error", fault("post", err))
	}
	return err == nil
}

func quietly(shown rendered) []slackapi.MsgOption {
	return []slackapi.MsgOption{
		slackapi.MsgOptionText(shown.text, false), slackapi.MsgOptionBlocks(carried(shown.blocks).BlockSet...),
		slackapi.MsgOptionDisableLinkUnfurl(), slackapi.MsgOptionDisableMediaUnfurl(),
	}
}

// respond posts to a response_url: https://docs.slack.dev/interactivity/handling-user-interaction. The address comes
// with the request, so it is posted to only if it is Slack's.
func (a *App) respond(ctx context.Context, address string, r reply) bool {
	if !a.Client.ours(address, "hooks") {
		a.Log.Warn("response_url refused", "why", "not an address of Slack")
		return false
	}
	if err := a.Client.post(ctx, address, r.json()); err != nil {
		a.Log.Warn("response_url failed", "error", err)
		return false
	}
	return true
}

// post posts JSON to an address that needs no token. Its errors hold no address, which is as good as a key.
func (c *Client) post(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("no address")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.http.Do(req)
	if err != nil {
		return withoutAddress(err)
	}
	defer drain(resp)
	return statusFault(resp)
}
