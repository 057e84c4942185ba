package slack

import (
	"context"
	"encoding/json"

	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// Rendered is what a message becomes, for tests of how it looks.
func Rendered(words *text.Catalogue, m msg.Message) (alt string, blocks json.RawMessage) {
	r := render(words, m, inChannel())
	return r.text, compact(r.blocks)
}

// RenderedScreen is what a screen becomes.
func RenderedScreen(words *text.Catalogue, s msg.Screen) json.RawMessage {
	return compact(modal(words, s, "test"))
}

// SafeName is the name under which a file is handed over.
func (s *Sender) SafeName(p outbox.Parcel) string { return s.safeName(p.File.Name) }

// HistoryLag is how long Slack's history may lag.
const HistoryLag = historyLag

// Ours tells whether an address is Slack's own.
func (c *Client) Ours(address, host string) bool { return c.ours(address, host) }

// Stream sends a file to an upload address.
func Stream(ctx context.Context, c *Client, address string, f *outbox.File) error {
	return (&Sender{client: c}).stream(ctx, address, f)
}

// Post posts to a response_url.
func Post(ctx context.Context, c *Client, address string) error {
	return c.post(ctx, address, []byte("{}"))
}

// Dispatch gives what came over the socket to its answer, and tells whether it is acknowledged, and whether a fault of ours
// ended it.
func (a *App) Dispatch(ctx context.Context, raw []byte) (body []byte, ok, broken bool) {
	var e envelope
	if err := loosely(raw, &e); err != nil {
		return nil, true, false
	}
	said, ok := a.dispatch(ctx, e)
	_, known := map[string]bool{"slash_commands": true, "interactive": true, "events_api": true}[e.Type]
	return said.body, ok, known && !ok
}

// Values are what was filled into a modal, from its state.
func Values(state []byte) msg.Values {
	var s shown
	s.State.Values = state
	return s.values()
}
