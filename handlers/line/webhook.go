package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/config"
	"tsunagi/handlers/door"
)

// Concierge takes events. An error means that nothing has happened and that the event should come again, unless its kind
// is bot.Invalid: then it never can be handled, and must not come again.
type Concierge interface {
	Handle(ctx context.Context, e concierge.Event) error
}

// Webhook is POST /line/webhook: it lets in what LINE has signed, reads event by event, and answers 200 only when every
// event has had its effect.
type Webhook struct {
	client    *Client
	concierge Concierge
	log       *slog.Logger
	gate      *door.Gate
	turns     chan struct{} // requests whose events are being handled
}

// Limits of the way in. LINE waits 2 s for an answer; what is not done by then counts as failed and comes again.
// https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/
const (
	maxDepth  = 32                      // of JSON; LINE's events have five
	maxBodies = 48 << 20                // signed and in memory at once, which is some 1,500 usual requests
	maxTurns  = 1024                    // a waiting event is small, and those that come together are committed together
	deadline  = 1800 * time.Millisecond // what is done by then still reaches LINE in time
	patience  = time.Second             // for a turn, so that there is time left to use it
)

// WebhookOptions are what a Webhook is made of. All but Previous are required.
type WebhookOptions struct {
	Client    *Client
	Concierge Concierge
	Door      *door.Door
	Secret    config.Secret // of the channel
	Previous  config.Secret // accepted beside it while the secret is being changed
	Log       *slog.Logger
}

// NewWebhook makes the handler.
func NewWebhook(o WebhookOptions) *Webhook {
	var secrets seal
	for _, s := range []config.Secret{o.Secret, o.Previous} {
		if s.IsSet() {
			secrets = append(secrets, s.Reveal())
		}
	}
	return &Webhook{
		client: o.Client, concierge: o.Concierge, log: o.Log,
		gate: o.Door.Gate("line webhook", secrets, deadline, maxBodies), turns: make(chan struct{}, maxTurns),
	}
}

// ServeHTTP answers 200 when all is done, 400, 401, 405 and 413 to what LINE would not send, and 503 when it should send
// again. What was begun is brought to its end even if LINE hangs up.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := h.client.Now()
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		door.Refuse(w, http.StatusMethodNotAllowed)
		return
	}
	body, leave, admitted := h.gate.Admit(w, r)
	if !admitted {
		return
	}
	defer leave()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), deadline)
	defer cancel()
	h.answer(ctx, w, body, received)
}

func (h *Webhook) answer(ctx context.Context, w http.ResponseWriter, body []byte, received time.Time) {
	raws, err := h.open(body)
	if err != nil {
		h.log.Warn("line webhook refused", "why", err)
		door.Refuse(w, http.StatusBadRequest)
		return
	}
	list := h.events(ctx, raws, received)
	if len(list) == 0 { // LINE asks whether we are there, or there is nothing for us in it
		return
	}
	if !h.turn(ctx) {
		h.log.Warn("line webhook overloaded", "why", "no turn in time")
		door.Refuse(w, http.StatusServiceUnavailable)
		return
	}
	defer func() { <-h.turns }()
	if err := h.handleAll(ctx, list); err != nil {
		door.Refuse(w, http.StatusServiceUnavailable)
	}
}

// turn waits for a turn.
func (h *Webhook) turn(ctx context.Context) bool {
	select {
	case h.turns <- struct{}{}:
		return true
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// envelope is the body of a webhook. https://developers.line.biz/en/reference/messaging-api/#request-body
type envelope struct {
	Destination string            `json:"destination"`
	Events      []json.RawMessage `json:"events"`
}

// open splits the body into events. Its errors hold nothing of the body.
func (h *Webhook) open(body []byte) ([]json.RawMessage, error) {
	if tooDeep(body) {
		return nil, errors.New("JSON is nested too deeply")
	}
	var e envelope
	if json.Unmarshal(body, &e) != nil {
		return nil, errors.New("malformed JSON")
	}
	if self := h.client.self.Load(); self != nil && e.Destination != *self {
		return nil, fmt.Errorf("destination is not this bot, which is %s", *self)
	}
	return e.Events, nil
}

// tooDeep counts brackets outside of texts.
func tooDeep(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
