package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// stands makes sure that the message under which a parcel belongs is still there. Slack has been seen to post what answers a
// deleted message into the channel itself, without a word, where all of it calls everybody and belongs to nothing. An error
// says that nothing was posted.
//
// Each look is a call more, so none is made right after that very message was changed in place: most of what goes under a card
// follows a change of it. https://docs.slack.dev/reference/methods/conversations.replies
func (s *Sender) stands(ctx context.Context, p outbox.Parcel) error {
	if s.standing(corner{p.To, p.Thread}) {
		return nil
	}
	var h history
	err := s.client.call(ctx, "conversations.replies", url.Values{"channel": {p.To}, "ts": {p.Thread}, "limit": {"1"}}, &h)
	switch {
	case code(err) == "missing_scope":
		s.log.Warn("not known whether a card still stands", "channel", p.To, "error", code(err))
		return nil
	case err == nil && !h.begins(p.Thread):
		err = slackapi.SlackErrorResponse{Err: "thread_not_found"}
	}
	switch young := s.now().Sub(stamped(p.Thread)) < historyLag; {
	case err == nil:
		return nil
	case isLost(code(err)) && young: // the history may not have it yet
		return &bot.Error{Kind: bot.Later, Say: text.Say("error.later"), Sure: true, Err: err}
	case isLost(code(err)), isGone(code(err)):
		return err
	}
	return unshared(err)
}

// threadGone says of a refusal that what a parcel belongs under is not there any more.
func threadGone(p outbox.Parcel, err error) error {
	known := (*bot.Error)(nil)
	if p.Thread == "" || p.Update != "" || !isLost(code(err)) || errors.As(err, &known) {
		return err
	}
	return &bot.Error{Kind: bot.NotFound, Say: text.Say("delivery.failed"), Sure: true,
		Err: fmt.Errorf("delivery %s to %s: %w: %w", p.ID, p.To, outbox.ErrThreadGone, err)}
}

// begins reports whether a thread begins with this message as it was posted. Of one that was deleted and has answers, Slack keeps
// a stone.
func (h history) begins(ts string) bool {
	var first struct {
		TS   string `json:"ts"`
		Kind string `json:"subtype"`
	}
	return len(h.Messages) > 0 && loosely(h.Messages[0], &first) == nil && first.TS == ts && first.Kind != "tombstone"
}

// stamped is when a message was posted, by Slack's clock; zero if that cannot be read.
func stamped(ts string) time.Time {
	whole, _, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// stoodFor is how long a change in place proves that the message is there, for the one that follows it.
const stoodFor = 2 * time.Second

func (s *Sender) sawStanding(at corner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.stood) >= maxTries {
		s.stood = map[corner]time.Time{}
	}
	s.stood[at] = s.now()
}

// standing tells whether a message was just changed in place, once.
func (s *Sender) standing(at corner) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	since, known := s.stood[at]
	delete(s.stood, at)
	return known && s.now().Sub(since) <= stoodFor
}
