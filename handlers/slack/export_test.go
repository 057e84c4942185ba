package slack

import (
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
