package linesim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// Receipt tells how an event was taken.
type Receipt struct {
	Status     int    `json:"status"` // of the webhook's answer; 0 when there was none
	EventID    string `json:"eventId"`
	MessageID  string `json:"messageId,omitempty"`
	ReplyToken string `json:"replyToken,omitempty"`
	Reason     string `json:"reason,omitempty"` // why there was no answer
}

// Delivered tells whether the platform takes the event for delivered.
func (r Receipt) Delivered() bool { return r.Status >= 200 && r.Status < 300 && r.Reason == "" }

// Sign makes the x-line-signature of a webhook body.
// https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
func Sign(channelSecret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(channelSecret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Send sends events written by hand in one webhook, signed. Common properties they lack are added.
func (p Person) Send(ctx context.Context, events ...json.RawMessage) (Receipt, error) {
	var letters []*letter
	for _, raw := range events {
		l, err := p.rawLetter(raw)
		if err != nil {
			return Receipt{}, err
		}
		letters = append(letters, l)
	}
	return p.sim.send(ctx, letters...), nil
}

// SendBody sends a whole webhook body as it is, signed, and returns the status of the answer: for what no platform would
// send.
func (s *Sim) SendBody(ctx context.Context, body []byte) (int, error) {
	url, secret := s.target()
	return s.post(ctx, url, Sign(secret, body), body)
}

// send delivers events, or lets go wrong what shall. Events that were held back follow.
func (s *Sim) send(ctx context.Context, letters ...*letter) Receipt {
	if len(letters) == 0 {
		return Receipt{}
	}
	s.mu.Lock()
	deed := s.takeWebhookFault(letters[0].person)
	switch deed {
	case Drop:
		s.undelivered = append(s.undelivered, letters...)
		s.failure(letters)
	case Reorder:
		s.held = append(s.held, letters...)
	}
	s.mu.Unlock()
	if deed == Drop || deed == Reorder {
		r := letters[0].receipt()
		r.Reason = string(deed)
		return r
	}
	r := s.transmit(ctx, letters, false, deed)
	if deed == Duplicate {
		s.transmit(ctx, letters, false, "")
	}
	s.release(ctx)
	return r
}

// release sends what Reorder held back.
func (s *Sim) release(ctx context.Context) {
	s.mu.Lock()
	held := s.held
	s.held = nil
	s.mu.Unlock()
	for _, l := range held {
		s.transmit(ctx, []*letter{l}, false, "")
	}
}

func (l *letter) receipt() Receipt {
	return Receipt{EventID: l.id, MessageID: l.messageID, ReplyToken: l.token}
}

// transmit sends one webhook and keeps its events for redelivery when it is not answered with 2xx in time.
func (s *Sim) transmit(ctx context.Context, letters []*letter, again bool, deed Deed) Receipt {
	s.mu.Lock()
	now := s.cfg.Now()
	for _, l := range letters {
		s.tokens.sent(l.token, now)
	}
	s.mu.Unlock()
	url, secret := s.target()
	body := s.webhookBody(letters, again)
	status, err := s.post(ctx, url, Sign(secret, body), body)
	r := letters[0].receipt()
	r.Status = status
	if err != nil {
		r.Reason = err.Error()
	} else if deed == LoseAnswer {
		r.Reason = string(deed)
	}
	s.settle(letters, r, again)
	return r
}

// webhookBody is the request body of https://developers.line.biz/en/reference/messaging-api/#request-body.
func (s *Sim) webhookBody(letters []*letter, again bool) []byte {
	body := append([]byte(`{"destination":"`+s.cfg.BotUserID), `","events":[`...)
	for i, l := range letters {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, l.render(again)...)
	}
	return append(body, "]}"...)
}

func (s *Sim) target() (url, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.WebhookURL, s.cfg.ChannelSecret
}

// post carries a body to the bot.
func (s *Sim) post(ctx context.Context, url, signature string, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.WebhookTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("make the webhook request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "LineBotWebhook/2.0")
	req.Header["x-line-signature"] = []string{signature} // in lower case, as LINE writes it now
	res, err := s.cfg.HTTPClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send the webhook: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // so that the connection can be used again
	return res.StatusCode, nil
}

// settle records the outcome of a webhook.
func (s *Sim) settle(letters []*letter, r Receipt, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	for _, l := range letters {
		s.add(Entry{
			Kind: Webhook, Time: now, Chat: l.chat, Person: l.person, MessageID: l.messageID, EventID: l.id,
			Status: r.Status, Again: again, Reason: r.Reason,
		})
		at := slices.Index(s.undelivered, l)
		switch {
		case r.Delivered() && at >= 0:
			s.undelivered = slices.Delete(s.undelivered, at, at+1)
		case !r.Delivered() && at < 0:
			s.undelivered = append(s.undelivered, l)
		}
	}
	if !r.Delivered() && !again {
		s.redeliverLater(letters)
	}
}

// failure records events that never left. The lock is held.
func (s *Sim) failure(letters []*letter) {
	now := s.cfg.Now()
	for _, l := range letters {
		s.add(Entry{Kind: Webhook, Time: now, Chat: l.chat, Person: l.person, MessageID: l.messageID, EventID: l.id, Reason: string(Drop)})
	}
	s.redeliverLater(letters)
}

// redeliverLater sends events again in the background until they are taken, when the configuration says so. The lock is
// held, so that Close cannot slip in between.
func (s *Sim) redeliverLater(letters []*letter) {
	if s.cfg.RedeliverAfter <= 0 || s.life.Err() != nil {
		return
	}
	s.work.Go(func() {
		tick := time.NewTicker(s.cfg.RedeliverAfter)
		defer tick.Stop()
		for more := true; more; more = slices.ContainsFunc(letters, s.waits) {
			select {
			case <-tick.C:
				s.again(letters)
			case <-s.life.Done():
				return
			}
		}
	})
}

// again sends those of the events once more that still wait.
func (s *Sim) again(letters []*letter) {
	for _, l := range letters {
		if s.waits(l) {
			s.transmit(s.life, []*letter{l}, true, "")
		}
	}
}

// waits tells whether an event is still undelivered.
func (s *Sim) waits(l *letter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.undelivered, l)
}

// Redeliver sends every undelivered event again, oldest first, one webhook each. What fails again stays undelivered.
func (s *Sim) Redeliver(ctx context.Context) []Receipt {
	s.release(ctx)
	s.mu.Lock()
	waiting := slices.Clone(s.undelivered)
	s.mu.Unlock()
	var out []Receipt
	for _, l := range waiting {
		out = append(out, s.transmit(ctx, []*letter{l}, true, ""))
	}
	return out
}

// Undelivered is how many events wait for redelivery, those held back included.
func (s *Sim) Undelivered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.undelivered) + len(s.held)
}
