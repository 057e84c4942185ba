package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// Sender is Slack as the outbox sees it. It never tries twice by itself: Slack has no idempotency key, so a post in
// doubt is looked up with Find first.
type Sender struct {
	client *Client
	desk   *bot.Desk
	words  *text.Catalogue
	now    func() time.Time
	log    *slog.Logger

	mu    sync.Mutex
	tries map[uuid.UUID]attempt // of what has not surely arrived or failed
	stood map[corner]time.Time  // messages that were changed in place just now, and nothing was said under them since
}

// attempt is when something was first and last tried by this process.
type attempt struct{ first, last time.Time }

var _ outbox.Sender = (*Sender)(nil)

// NewSender makes the sender of a desk.
func NewSender(c *Client, desk *bot.Desk, words *text.Catalogue, now func() time.Time, log *slog.Logger) *Sender {
	return &Sender{client: c, desk: desk, words: words, now: now, log: log, tries: map[uuid.UUID]attempt{}, stood: map[corner]time.Time{}}
}

// Send posts a message, changes one in place, hands over a file, or deletes one. When the message to change is gone, a new one is
// made; when the one to answer is gone, nothing is posted, and the error wraps outbox.ErrThreadGone.
func (s *Sender) Send(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	receipt, err := s.try(ctx, p)
	if other, ok := instead(p, err); ok {
		if receipt, found, err := s.before(ctx, p); found || err != nil {
			return receipt, err
		}
		s.log.Warn("slack delivery takes another way", "delivery", p.ID, "event", p.Event, "why", code(err))
		p = other
		receipt, err = s.try(ctx, p)
	}
	if p.Bygone && (isLost(code(err)) || isGone(code(err))) {
		err = nil
	}
	return receipt, s.judge(p, err)
}

// before looks for a post of an earlier attempt that took another way: a change in place is tried again without a look.
func (s *Sender) before(ctx context.Context, p outbox.Parcel) (outbox.Receipt, bool, error) {
	if !p.Again || p.Update == "" {
		return outbox.Receipt{}, false, nil
	}
	return s.Find(ctx, p)
}

// instead is the other way of a parcel whose message to change is surely gone: a new one.
func instead(p outbox.Parcel, err error) (outbox.Parcel, bool) {
	if p.Remove != nil || p.Bygone || p.Update == "" || !isLost(code(err)) {
		return p, false
	}
	p.Update = ""
	return p, true
}

func (s *Sender) try(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	switch {
	case p.Remove != nil:
		return s.remove(ctx, p)
	case p.File != nil:
		return s.upload(ctx, p)
	case p.Update != "":
		return s.update(ctx, p)
	}
	return s.post(ctx, p)
}

// post makes a new message. https://docs.slack.dev/reference/methods/chat.postMessage
func (s *Sender) post(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	options := append(s.options(p), slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
		EventType: metadataType, EventPayload: map[string]any{"id": p.ID.String()},
	}))
	if p.Thread != "" {
		if err := s.stands(ctx, p); err != nil {
			return outbox.Receipt{}, err
		}
		options = append(options, slackapi.MsgOptionTS(p.Thread))
	}
	s.began(p.ID)
	channel, ts, err := s.client.api.PostMessageContext(ctx, p.To, options...)
	if err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Channel: channel, TS: ts}, nil
}

// metadataType marks our posts; the payload is the delivery's id and nothing else, as anybody in the workspace can read
// it. https://docs.slack.dev/messaging/message-metadata
const metadataType = "tsunagi_delivery"

// update changes a message in place; doing so twice shows nothing twice.
// https://docs.slack.dev/reference/methods/chat.update
func (s *Sender) update(ctx context.Context, p outbox.Parcel) (outbox.Receipt, error) {
	channel, ts, _, err := s.client.api.UpdateMessageContext(ctx, p.To, p.Update, s.options(p)...)
	if err != nil {
		return outbox.Receipt{}, err
	}
	s.sawStanding(corner{channel, ts})
	return outbox.Receipt{Channel: channel, TS: ts}, nil
}

// options are what posts and changes have in common. The text is escaped by render, links are not unfolded, and names
// are not made into mentions.
func (s *Sender) options(p outbox.Parcel) []slackapi.MsgOption {
	m := render(s.words, p.Message, inChannel())
	return []slackapi.MsgOption{
		slackapi.MsgOptionText(m.text, false), slackapi.MsgOptionBlocks(carried(m.blocks).BlockSet...),
		slackapi.MsgOptionDisableLinkUnfurl(), slackapi.MsgOptionDisableMediaUnfurl(),
	}
}

// judge forgets the attempt when it is settled, and says what an error means. What Slack found wrong with what we sent
// is for the log: a person has to look.
func (s *Sender) judge(p outbox.Parcel, err error) error {
	if err == nil {
		s.ended(p.ID)
		return nil
	}
	err = fault(fmt.Sprintf("send delivery %s to %s", p.ID, p.To), s.closed(p, threadGone(p, err)))
	var e *bot.Error
	if errors.As(err, &e) && e.Sure {
		s.ended(p.ID)
		if e.Kind == bot.Invalid {
			s.log.Error("slack refuses a delivery", "delivery", p.ID, "event", p.Event, "error", err, "reasons", reasons(err))
		}
	}
	return err
}

// closed marks the refusal of a channel of ours that takes nothing from us: what is to go there waits. What has been left behind in
// another is no loss to anybody who reads on.
func (s *Sender) closed(p outbox.Parcel, err error) error {
	if !isGone(code(err)) || !slices.Contains(s.desk.Channels(), p.To) {
		return err
	}
	return &bot.Error{Kind: bot.NotFound, Say: text.Say(goneBy(err).Key()), Sure: true, Err: fmt.Errorf("delivery %s to %s: %w: %w", p.ID, p.To, outbox.ErrChannelClosed, err)}
}

// maxTries bounds what is remembered; who is forgotten is taken for tried just now.
const maxTries = 20_000

func (s *Sender) began(id uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tries) >= maxTries {
		s.tries = map[uuid.UUID]attempt{}
	}
	a := s.tries[id]
	a.last = s.now()
	if a.first.IsZero() {
		a.first = a.last
	}
	s.tries[id] = a
}

func (s *Sender) ended(id uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tries, id)
}

// tried tells when something was tried. Of what another process has tried, it is known at most by when that had ended;
// else, that it was before now.
func (s *Sender) tried(p outbox.Parcel) attempt {
	s.mu.Lock()
	a, known := s.tries[p.ID]
	s.mu.Unlock()
	if !known {
		a = attempt{first: s.now().Add(-searchBack), last: p.TriedUntil}
	}
	if p.TriedUntil.After(a.last) {
		a.last = p.TriedUntil
	}
	if a.last.IsZero() {
		s.began(p.ID)
		a.last = s.now()
	}
	return a
}
