package outbox

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"tsunagi/bot/msg"
	"tsunagi/store"
)

// Parcel is what goes to a platform in one call.
type Parcel struct {
	ID         uuid.UUID // LINE's retry key, Slack's metadata
	Event      string    // id of the event that caused it, for the log
	To         string    // LINE user id, or Slack channel id
	Message    msg.Message
	ReplyToken string  // LINE: set while it is younger than 50 s
	Matters    bool    // LINE: may be pushed when there is no reply token
	Thread     string  // Slack: ts of the message it belongs under; empty: a message of its own
	Update     string  // Slack: ts of the message to change in place; empty: a new one
	File       *File   // Slack: a file to hand over instead of Message's blocks
	Remove     *Handed // Slack: a file to delete instead of sending anything; what is gone is deleted
	Again      bool    // was tried before, so it may have arrived

	// First: what this belongs under stands nowhere, or in another room, and has to be posted first (Handling.First). To and
	// Thread are where an earlier attempt may have gone.
	First bool
	// Moves: Slack: the channel in whose lane it goes; another than its own lane's, if its reader has moved. It changes into that lane
	// before it goes, so that all that is posted about a proposal in one channel is in one order, and each card is posted once.
	Moves string
	// Bygone: Slack: Update changes what has stayed behind in another room; where that is gone, or nobody lets us in any more,
	// nothing is left to do.
	Bygone bool

	// TriedUntil is by when another process that may have tried it had ended. Zero: that is not known, as when this
	// process has tried it last.
	TriedUntil time.Time
}

// File is a stored file on its way to Slack.
type File struct {
	Name, Type string
	Size       int64
	Open       func(context.Context) (io.ReadCloser, error)
}

// Handed is a file that an earlier parcel has handed over, or may have.
type Handed struct {
	ID    uuid.UUID // of that parcel
	Since time.Time // it was not handed over before
	File  string    // Slack's id of the file; empty: it is in doubt whether it has arrived
}

// Receipt is what the platform said of a parcel it took.
type Receipt struct {
	Channel  string   `json:"channel,omitempty"`  // Slack
	TS       string   `json:"ts,omitempty"`       // Slack
	File     string   `json:"file,omitempty"`     // Slack: id of the file handed over
	Messages []string `json:"messages,omitempty"` // LINE message ids
	Request  string   `json:"request,omitempty"`  // LINE's x-line-request-id
	Pushed   bool     `json:"pushed,omitempty"`   // LINE: counted against the monthly quota
}

// Sender is one platform as the outbox sees it; handlers/line and handlers/slack are senders. It keeps to its context,
// and its errors hold ids only: they are logged.
//
// Errors are *bot.Error. Sure when it certainly did not happen; what is not sure is looked up before it is sent again.
// Later with RetryAfter when the platform asks to wait. Invalid, Forbidden or NotFound when trying again cannot help: it
// is set aside, and Say is what staff read in the thread. Conflict when a reply token is not good any more: what matters
// is pushed. Wrapping ErrUnauthorized when our credentials are refused: all of the platform waits. Wrapping ErrThreadGone when
// the message to answer is not there any more, ErrChannelClosed when a channel of the profile takes nothing from us. LINE's sender counts
// as sent what a retry key answers with 409, and what a reply token refuses when the parcel says Again.
type Sender interface {
	Send(ctx context.Context, p Parcel) (Receipt, error)
	// Find looks up a parcel whose sending ended in doubt: (receipt, true) if it arrived, false if it surely did not,
	// an error if that cannot be told: Invalid, Forbidden, NotFound or Conflict if it never will, else it is asked again.
	Find(ctx context.Context, p Parcel) (Receipt, bool, error)
}

// Handling is how one kind of delivery becomes a parcel, and what its outcome changes.
type Handling struct {
	// Posts tells of a delivery to Slack that it is certainly a new post and not a change of one: it then waits for its
	// turn in the channel before its facts are read. nil: nothing is certain.
	Posts func(d store.Delivery) bool
	// Compose makes the parcel from the facts. A bot.Conflict error means that it cannot arrive: the delivery is set
	// aside. A bot.NotFound error means that there is nothing left to say: the
	// delivery is dropped. It is asked unless the flow has left the message in memory, and whenever that was lost.
	Compose func(ctx context.Context, r *store.Reader, d store.Delivery) (Parcel, error)
	// First gives what has to be delivered before d, where what it belongs under is gone (it stood there last) or stands nowhere
	// (then gone is empty). It is put at the end of the lane that d goes in, and d behind it; whatever waits between them comes by the same
	// way, so that order is kept. nil: nothing of the kind belongs under anything.
	First func(ctx context.Context, tx *store.Tx, d store.Delivery, gone store.Posted) ([]store.Delivery, error)
	// Settle, if set, runs in the transaction that records the outcome: it saves where a card stands, tells the thread
	// that a reply was sent, tells the desk that one could not be. fault is nil when it was sent; bot.SayOf(fault) is
	// what staff read. What was dropped is not settled. It runs before the lane goes on, and may be tried several times.
	Settle func(ctx context.Context, tx *store.Tx, d store.Delivery, r Receipt, fault error) error
}
