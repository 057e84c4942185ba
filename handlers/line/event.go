package line

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
)

// incoming is an event on its way in: something a person did, or a group that we were asked into.
type incoming struct {
	concierge.Event
	group string // id of a group or room to leave; empty for what a person did
}

// wireEvent is what we read of LINE's events; whatever else is in them does not concern us. The SDK's own types cost
// eight times as much. https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
type wireEvent struct {
	Type            string `json:"type"`
	Mode            string `json:"mode"`
	Timestamp       int64  `json:"timestamp"`
	WebhookEventID  string `json:"webhookEventId"`
	ReplyToken      string `json:"replyToken"`
	DeliveryContext struct {
		IsRedelivery bool `json:"isRedelivery"`
	} `json:"deliveryContext"`
	Source struct {
		Type    string `json:"type"`
		UserID  string `json:"userId"`
		GroupID string `json:"groupId"`
		RoomID  string `json:"roomId"`
	} `json:"source"`
	Message wireMessage `json:"message"`
	Unsend  struct {
		MessageID string `json:"messageId"`
	} `json:"unsend"`
	Postback struct {
		Data   string `json:"data"`
		Params struct {
			Date     string `json:"date"`
			Time     string `json:"time"`
			Datetime string `json:"datetime"`
		} `json:"params"`
	} `json:"postback"`
}

type wireMessage struct {
	ID              string `json:"id"`
	Type            string `json:"type"`
	Text            string `json:"text"`
	FileName        string `json:"fileName"`
	FileSize        int64  `json:"fileSize"`
	ContentProvider struct {
		Type string `json:"type"`
	} `json:"contentProvider"`
}

// events reads one event after the other. What is malformed or unknown is passed over, so that its neighbours are
// handled: LINE adds types and properties without notice.
// https://developers.line.biz/en/docs/messaging-api/development-guidelines/
func (h *Webhook) events(ctx context.Context, raws []json.RawMessage, received time.Time) []incoming {
	list := make([]incoming, 0, len(raws))
	for _, raw := range raws {
		var w wireEvent
		err := json.Unmarshal(raw, &w)
		if err != nil {
			err = errMalformed // the decoder's own may quote the event
		}
		var in incoming
		if err == nil {
			in, err = w.read(received)
		}
		if err != nil {
			h.passedOver(ctx, w, err)
			continue
		}
		list = append(list, in)
	}
	return list
}

var (
	errMalformed = errors.New("malformed")
	errStandby   = errors.New("standby: another module has the chat")
	errNotOurs   = errors.New("nothing for us")
)

func (h *Webhook) passedOver(ctx context.Context, w wireEvent, why error) {
	level := slog.LevelInfo
	if errors.Is(why, errMalformed) {
		level = slog.LevelWarn
	}
	id, kind := w.WebhookEventID, w.Type
	if !isEvent(id) {
		id = ""
	}
	if !isPlain(kind, 32) {
		kind = ""
	}
	h.log.Log(ctx, level, "line event passed over", "event", id, "type", kind, "why", why)
}

// read makes an event of the concierge's, or tells why it is none.
func (w *wireEvent) read(received time.Time) (incoming, error) {
	switch {
	case w.Mode == "standby":
		return incoming{}, errStandby
	case !isEvent(w.WebhookEventID):
		return incoming{}, errMalformed
	}
	in := incoming{Event: concierge.Event{
		ID: w.WebhookEventID, User: w.Source.UserID, At: received, Received: received,
		Redelivered: w.DeliveryContext.IsRedelivery,
	}}
	if w.Timestamp > 0 {
		in.At = time.UnixMilli(w.Timestamp).UTC()
	}
	in.ReplyToken = w.replyToken(in.At, received)
	if w.Source.Type == "group" || w.Source.Type == "room" {
		return w.readGroup(in)
	}
	if err := w.readKind(&in.Event); err != nil {
		return incoming{}, err
	}
	if !isUser(in.User) {
		return incoming{}, errMalformed
	}
	return in, nil
}

// tokenLife is how long a reply token can be made good again by a redelivery.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
const tokenLife = 20 * time.Minute

func (w *wireEvent) replyToken(at, received time.Time) string {
	if !isReplyToken(w.ReplyToken) || w.DeliveryContext.IsRedelivery && received.Sub(at) >= tokenLife {
		return ""
	}
	return w.ReplyToken
}

// readGroup takes notice of an invitation only.
func (w *wireEvent) readGroup(in incoming) (incoming, error) {
	if w.Type != "join" {
		return in, errNotOurs
	}
	in.group = w.Source.GroupID
	if w.Source.Type == "room" {
		in.group = w.Source.RoomID
	}
	if !isGroup(in.group) && !isRoom(in.group) {
		return in, errMalformed
	}
	return in, nil
}

func (w *wireEvent) readKind(e *concierge.Event) error {
	switch w.Type {
	case "message":
		return w.Message.read(e)
	case "postback":
		w.readPostback(e)
	case "follow":
		e.Kind = concierge.Followed
	case "unfollow":
		e.Kind = concierge.Blocked
	case "unsend":
		e.Kind, e.Message = concierge.Unsent, w.Unsend.MessageID
		if !isMessage(e.Message) {
			return errMalformed
		}
	case "":
		return errMalformed
	default:
		return errNotOurs
	}
	return nil
}

// readPostback leaves the press empty if it is none of ours; whoever pressed it is told so.
func (w *wireEvent) readPostback(e *concierge.Event) {
	e.Kind = concierge.Pressed
	e.Press, _ = msg.ParsePress(w.Postback.Data)
	for _, picked := range []string{w.Postback.Params.Date, w.Postback.Params.Time, w.Postback.Params.Datetime} {
		if picked != "" {
			e.Picked = picked
		}
	}
}

// read tells text and files from what needs an answer but has no meaning here.
func (m *wireMessage) read(e *concierge.Event) error {
	if !isMessage(m.ID) {
		return errMalformed
	}
	e.Message = m.ID
	switch m.Type {
	case "text":
		e.Kind, e.Text = concierge.Said, m.Text
	case "file", "image", "video", "audio":
		e.Kind = concierge.SentFile
		e.File = concierge.Attachment{Name: m.FileName, Size: m.FileSize, Kind: m.Type}
		if m.ContentProvider.Type == "external" { // LINE does not have it
			e.Kind, e.File = concierge.SentOther, concierge.Attachment{}
		}
	case "":
		return errMalformed
	default:
		e.Kind = concierge.SentOther
	}
	return nil
}
