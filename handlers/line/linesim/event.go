package linesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// The event objects of https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects, as far as people
// here can cause them; Person.Send brings any other.
type event struct {
	Type            string          `json:"type"`
	Message         *message        `json:"message,omitempty"`
	Unsend          *unsend         `json:"unsend,omitempty"`
	Follow          *follow         `json:"follow,omitempty"`
	Postback        *postback       `json:"postback,omitempty"`
	Timestamp       int64           `json:"timestamp"`
	Source          *source         `json:"source,omitempty"`
	ReplyToken      string          `json:"replyToken,omitempty"`
	Mode            string          `json:"mode"`
	WebhookEventID  string          `json:"webhookEventId"`
	DeliveryContext deliveryContext `json:"deliveryContext"`

	at time.Time
}

type message struct {
	Type            string           `json:"type"`
	ID              string           `json:"id,omitempty"`
	QuoteToken      string           `json:"quoteToken,omitempty"`
	MarkAsReadToken string           `json:"markAsReadToken,omitempty"`
	Text            string           `json:"text,omitempty"`
	ContentProvider *contentProvider `json:"contentProvider,omitempty"`
	Duration        int64            `json:"duration,omitempty"`
	FileName        string           `json:"fileName,omitempty"`
	FileSize        *int             `json:"fileSize,omitempty"`

	Title     string   `json:"title,omitempty"`
	Address   string   `json:"address,omitempty"`
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`

	PackageID           string `json:"packageId,omitempty"`
	StickerID           string `json:"stickerId,omitempty"`
	StickerResourceType string `json:"stickerResourceType,omitempty"`
}

type contentProvider struct {
	Type string `json:"type"`
}

type unsend struct {
	MessageID string `json:"messageId"`
}

type follow struct {
	IsUnblocked bool `json:"isUnblocked"`
}

type postback struct {
	Data   string            `json:"data"`
	Params map[string]string `json:"params,omitempty"`
}

type source struct {
	Type    string `json:"type"`
	GroupID string `json:"groupId,omitempty"`
	UserID  string `json:"userId,omitempty"`
}

type deliveryContext struct {
	IsRedelivery bool `json:"isRedelivery"`
}

// hasReplyToken tells which events can be answered.
// https://developers.line.biz/en/docs/messaging-api/receiving-messages/
func hasReplyToken(kind string) bool {
	switch kind {
	case "message", "messageEdited", "follow", "join", "memberJoined", "postback", "videoPlayComplete", "beacon", "accountLink", "membership":
		return true
	}
	return false
}

// letter is one event on its way.
type letter struct {
	id        string
	token     string
	messageID string
	chat      string
	person    string
	body      []byte
}

// letter makes the event ready to be sent. The lock is held.
func (s *Sim) letter(e *event, chat, person string, now time.Time) *letter {
	e.Mode = s.mode()
	if hasReplyToken(e.Type) && !s.standby {
		e.ReplyToken = s.ids.hex(16)
		s.tokens.issue(e.ReplyToken, chat, now)
	}
	l := &letter{id: e.WebhookEventID, token: e.ReplyToken, chat: chat, person: person}
	if e.Message != nil {
		l.messageID = e.Message.ID
	}
	l.body = marshal(e)
	return l
}

// marshal writes JSON as LINE does, without escaping for HTML. Values here cannot fail.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func (s *Sim) mode() string {
	if s.standby {
		return "standby"
	}
	return "active"
}

// Standby makes events carry mode standby and no reply token, as when another module has the chat.
func (s *Sim) Standby(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.standby = on
}

// rawLetter completes an event that was written by hand: common properties that it lacks are added, its own are kept.
func (p Person) rawLetter(raw json.RawMessage) (*letter, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, fmt.Errorf("read the event to send: %w", err)
	}
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	l := &letter{id: s.ids.ulid(now), chat: p.chat(), person: p.id}
	var kind string
	_ = json.Unmarshal(fields["type"], &kind)
	if hasReplyToken(kind) && fields["replyToken"] == nil && !s.standby {
		l.token = s.ids.hex(16)
		s.tokens.issue(l.token, l.chat, now)
		fields["replyToken"] = marshal(l.token)
	}
	for key, v := range map[string]any{
		"timestamp": now.UnixMilli(), "mode": s.mode(), "webhookEventId": l.id, "source": p.source(), "deliveryContext": deliveryContext{},
	} {
		if fields[key] == nil {
			fields[key] = marshal(v)
		}
	}
	_ = json.Unmarshal(fields["webhookEventId"], &l.id)
	l.body = marshal(fields)
	return l, nil
}

// render gives the event's JSON; a redelivered one differs only in saying so.
// https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery
func (l *letter) render(again bool) []byte {
	if !again {
		return l.body
	}
	// Inside a text the quotes would be escaped, so only the real property can match.
	return bytes.Replace(l.body, []byte(`"isRedelivery":false`), []byte(`"isRedelivery":true`), 1)
}
