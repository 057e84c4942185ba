package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	"golang.org/x/sync/semaphore"

	"tsunagi/bot/concierge"
	"tsunagi/config"
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
	secrets   []string
	log       *slog.Logger
	bytes     *semaphore.Weighted // bodies in memory
	turns     chan struct{}       // requests whose events are being handled
}

// Limits of the way in. LINE waits 2 s for an answer; what is not done by then counts as failed and comes again.
// https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/
const (
	maxBody      = 1 << 20
	maxDepth     = 32                      // of JSON; LINE's events have five
	maxBodies    = 48 << 20                // in memory at once, which is some 1,500 usual requests
	leastBody    = 32 << 10                // what a request costs, however small its body
	maxTurns     = 1024                    // a waiting event is small, and those that come together are committed together
	deadline     = 1800 * time.Millisecond // what is done by then still reaches LINE in time
	patience     = time.Second             // for a turn, so that there is time left to use it
	retrySeconds = "1"
)

// WebhookOptions are what a Webhook is made of. All but Previous are required.
type WebhookOptions struct {
	Client    *Client
	Concierge Concierge
	Secret    config.Secret // of the channel
	Previous  config.Secret // accepted beside it while the secret is being changed
	Log       *slog.Logger
}

// NewWebhook makes the handler.
func NewWebhook(o WebhookOptions) *Webhook {
	h := &Webhook{
		client: o.Client, concierge: o.Concierge, log: o.Log,
		bytes: semaphore.NewWeighted(maxBodies), turns: make(chan struct{}, maxTurns),
	}
	for _, s := range []config.Secret{o.Secret, o.Previous} {
		if s.IsSet() {
			h.secrets = append(h.secrets, s.Reveal())
		}
	}
	return h
}

// ServeHTTP answers 200 when all is done, 400, 401, 405 and 413 to what LINE would not send, and 503 when it should send
// again. What was begun is brought to its end even if LINE hangs up.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := h.client.Now()
	weight := weigh(r)
	if !h.bytes.TryAcquire(weight) {
		h.overloaded(w, "too many requests at once")
		return
	}
	defer h.bytes.Release(weight)
	body, status := h.admit(w, r)
	if status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), deadline)
	defer cancel()
	h.answer(ctx, w, body, received)
}

// weigh is what the request may cost of memory.
func weigh(r *http.Request) int64 {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		return maxBody
	}
	return max(r.ContentLength, leastBody)
}

func (h *Webhook) overloaded(w http.ResponseWriter, why string) {
	h.log.Warn("line webhook overloaded", "why", why)
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

// admit reads the body and verifies that LINE has signed it. A status other than 0 is the refusal.
func (h *Webhook) admit(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed
	}
	body, err := read(w, r)
	if err != nil {
		h.log.Warn("line webhook refused", "why", "body not read", "fault", err)
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return nil, http.StatusRequestEntityTooLarge
		}
		return nil, http.StatusBadRequest
	}
	if !h.signed(r.Header.Get("X-Line-Signature"), body) {
		h.log.Warn("line webhook refused", "why", "signature does not match")
		return nil, http.StatusUnauthorized
	}
	return body, 0
}

// read takes in the whole body, within the time that there is for everything: who sends slowly must not fill the house.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(time.Now().Add(deadline)) == nil {
		defer func() { _ = conn.SetReadDeadline(time.Time{}) }()
	}
	limited := http.MaxBytesReader(w, r.Body, maxBody)
	if r.ContentLength <= 0 || r.ContentLength > maxBody {
		return io.ReadAll(limited)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(limited, body)
	return body, err
}

// signed compares in constant time, over the bytes as they came.
// https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
func (h *Webhook) signed(signature string, body []byte) bool {
	ok := false
	for _, secret := range h.secrets {
		ok = webhook.ValidateSignature(secret, signature, body) || ok
	}
	return ok
}

func (h *Webhook) answer(ctx context.Context, w http.ResponseWriter, body []byte, received time.Time) {
	raws, err := h.open(body)
	if err != nil {
		h.log.Warn("line webhook refused", "why", err)
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	list := h.events(ctx, raws, received)
	if len(list) == 0 { // LINE asks whether we are there, or there is nothing for us in it
		return
	}
	if !h.turn(ctx) {
		h.overloaded(w, "no turn in time")
		return
	}
	defer func() { <-h.turns }()
	if err := h.handleAll(ctx, list); err != nil {
		w.Header().Set("Retry-After", retrySeconds)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
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
