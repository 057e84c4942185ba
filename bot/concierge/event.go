package concierge

import (
	"context"
	"io"
	"time"

	"tsunagi/bot/msg"
)

// Event is one thing a person did on LINE, free of LINE's wire format.
type Event struct {
	ID          string // LINE's webhookEventId; the same on a redelivery
	Kind        EventKind
	User        string    // LINE user id
	At          time.Time // when it happened, also when it is delivered again
	Redelivered bool
	ReplyToken  string    // empty where LINE gives none
	Received    time.Time // when the reply token reached us
	Message     string    // LINE message id, for text, file, other and unsend
	Text        string
	Press       msg.Press // for press
	Picked      string    // for press: the date or time picked, if any
	File        Attachment
}

// EventKind tells what was done.
type EventKind string

// What people do. Other is anything that needs an answer but has no meaning here: a sticker, a place, a voice message.
const (
	Followed  EventKind = "followed"
	Blocked   EventKind = "blocked"
	Said      EventKind = "said"
	Pressed   EventKind = "pressed"
	SentFile  EventKind = "sent_file"
	Unsent    EventKind = "unsent"
	SentOther EventKind = "sent_other"
)

// Attachment is a file as LINE announces it; pictures have neither name nor size yet.
type Attachment struct {
	Name string
	Size int64
	Kind string // file, image, video, audio
}

// Fetcher gets the content of a file a person sent; handlers/line is one. Errors are *bot.Error: Later when it is not
// ready yet, NotFound when it can no longer be had.
type Fetcher interface {
	Fetch(ctx context.Context, lineMessage string) (content io.ReadCloser, contentType string, err error)
}
