package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"

	"tsunagi/bot"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
)

// How long Slack's history may lag behind a post, and how far it is searched.
const (
	historyLag   = 10 * time.Second
	searchBack   = 24 * time.Hour // for what another process has tried
	searchMargin = 2 * time.Minute
	searchPage   = 200
	searchPages  = 15
)

// Find looks for a post by the delivery's id in its metadata, in its thread and in its channel. Not to have found it proves nothing until the history has had time to catch up.
func (s *Sender) Find(ctx context.Context, p outbox.Parcel) (outbox.Receipt, bool, error) {
	return s.findSince(ctx, p, s.tried(p).first)
}

// findSince is Find for what may have been tried longer ago than this process knows of.
func (s *Sender) findSince(ctx context.Context, p outbox.Parcel, since time.Time) (outbox.Receipt, bool, error) {
	tried := s.tried(p)
	for _, at := range s.searched(p) {
		m, found, err := s.search(ctx, at, p.ID, since.Add(-searchMargin))
		if err != nil && !isLost(code(err)) { // a thread that is gone holds nothing
			return outbox.Receipt{}, false, doubt(p, s.closed(p, err))
		}
		if found {
			s.ended(p.ID)
			return outbox.Receipt{Channel: at.channel, TS: m.TS, File: m.file()}, true, nil
		}
	}
	if left := historyLag - s.now().Sub(tried.last); left > 0 {
		return outbox.Receipt{}, false, &bot.Error{
			Kind: bot.Later, Say: text.Say("delivery.doubtful"), RetryAfter: left,
			Err: fmt.Errorf("delivery %s is not in the history of %s yet", p.ID, p.To),
		}
	}
	return outbox.Receipt{}, false, nil
}

// doubt is an error of a look-up: whatever it is, it does not tell whether the post was made.
func doubt(p outbox.Parcel, err error) error {
	e, ok := fault(fmt.Sprintf("look for delivery %s in %s", p.ID, p.To), err).(*bot.Error)
	if ok {
		e.Sure = false
	}
	return e
}

// corner is where a post may be.
type corner struct{ channel, thread string }

func (s *Sender) searched(p outbox.Parcel) []corner {
	all := []corner{{p.To, p.Thread}}
	if p.Thread != "" {
		all = append(all, corner{p.To, ""})
	}
	return all
}

// posted is a message of a history, as far as we read it; blocks and files of other apps may be of any shape.
type posted struct {
	TS       string `json:"ts"`
	Metadata struct {
		Type    string                     `json:"event_type"`
		Payload map[string]json.RawMessage `json:"event_payload"`
	} `json:"metadata"`
	Blocks []struct {
		ID string `json:"block_id"`
	} `json:"blocks"`
	Files []struct {
		ID string `json:"id"`
	} `json:"files"`
}

// file is the file that the post of a delivery carries, if any: one at most.
func (m posted) file() string {
	if len(m.Files) == 0 {
		return ""
	}
	return m.Files[0].ID
}

// of reports whether the message is the post of a delivery. A file's post takes no metadata; its block is named.
func (m posted) of(id uuid.UUID) bool {
	if m.Metadata.Type == metadataType && string(m.Metadata.Payload["id"]) == strconv.Quote(id.String()) {
		return true
	}
	for _, b := range m.Blocks {
		if b.ID == fileBlock(id) {
			return true
		}
	}
	return false
}

type history struct {
	slackapi.SlackResponse
	Messages []json.RawMessage `json:"messages"`
	Metadata struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// search reads conversations.replies or .history page by page.
// https://docs.slack.dev/reference/methods/conversations.history
func (s *Sender) search(ctx context.Context, at corner, id uuid.UUID, since time.Time) (posted, bool, error) {
	method := "conversations.history"
	args := url.Values{
		"channel": {at.channel}, "include_all_metadata": {"true"}, "limit": {strconv.Itoa(searchPage)},
		"oldest": {strconv.FormatInt(since.Unix(), 10)}, "inclusive": {"true"},
	}
	if at.thread != "" {
		method = "conversations.replies"
		args.Set("ts", at.thread)
	}
	for range searchPages {
		var h history
		if err := s.client.call(ctx, method, args, &h); err != nil {
			return posted{}, false, err
		}
		for _, raw := range h.Messages {
			var m posted
			if loosely(raw, &m) == nil && m.of(id) {
				return m, true, nil
			}
		}
		if h.Metadata.Next == "" {
			return posted{}, false, nil
		}
		args.Set("cursor", h.Metadata.Next)
	}
	return posted{}, false, fmt.Errorf("more than %d messages since", searchPage*searchPages)
}
