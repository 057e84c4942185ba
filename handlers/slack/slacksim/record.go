package slacksim

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// Entry is one line of the record: something that was called, or something that somebody saw.
type Entry struct {
	Seq      int             `json:"seq"`
	Time     time.Time       `json:"time"`
	Kind     Kind            `json:"kind"`
	Method   string          `json:"method,omitempty"` // API method, or what was sent to the app
	Error    string          `json:"error,omitempty"`  // Slack's code when refused, or what the person was told
	Fault    string          `json:"fault,omitempty"`  // the misbehaviour that was in force
	User     string          `json:"user,omitempty"`   // who acted, or the only one who saw it
	Channel  string          `json:"channel,omitempty"`
	TS       string          `json:"ts,omitempty"`
	ThreadTS string          `json:"thread_ts,omitempty"`
	View     string          `json:"view,omitempty"`
	File     string          `json:"file,omitempty"`
	Event    string          `json:"event,omitempty"` // event or envelope id
	Attempt  int             `json:"attempt,omitempty"`
	Status   int             `json:"status,omitempty"` // HTTP status of the app's answer
	Text     string          `json:"text,omitempty"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Mentions *Mentions       `json:"mentions,omitempty"` // live mentions and links, if any
	Notified []string        `json:"notified,omitempty"` // people who were notified by a mention
	Unfurls  bool            `json:"unfurls,omitempty"`  // the app has not forbidden Slack to fetch what is linked
}

// Kind says what an Entry is about.
type Kind string

// The kinds of Entry. Those after Called and Sent are what people saw or did.
const (
	Called      Kind = "called"       // the app called the Web API, an upload address or a response_url
	Sent        Kind = "sent"         // the workspace sent the app a command, an interaction or an event
	SocketState Kind = "socket"       // a Socket Mode connection opened, closed or was told to
	Posted      Kind = "posted"       // a message appeared
	Updated     Kind = "updated"      // a message changed in place
	Deleted     Kind = "deleted"      // a message went away
	Ephemeral   Kind = "ephemeral"    // one person saw a message that nobody else sees
	ViewOpened  Kind = "view_opened"  // a modal appeared
	ViewPushed  Kind = "view_pushed"  // a modal appeared on top of another
	ViewUpdated Kind = "view_updated" // the modal in front of a person changed
	ViewClosed  Kind = "view_closed"  // a modal went away
	HomeShown   Kind = "home"         // a Home tab was published
	FileShared  Kind = "file"         // a file appeared in a channel
	FileDeleted Kind = "file_deleted" // a file went away
	Reacted     Kind = "reaction"     // a reaction was put on a message
	Acted       Kind = "acted"        // a person pressed, chose, submitted or typed a command
	ErrorShown  Kind = "error"        // a person was told that something did not work
	Membership  Kind = "membership"   // a channel's members or state changed
)

type record struct {
	keep int

	mu      sync.Mutex
	entries []Entry
	seq     int
	changed chan struct{} // closed and replaced at each addition
}

func newRecord(keep int) *record { return &record{keep: keep, changed: make(chan struct{})} }

func (r *record) add(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	e.Seq = r.seq
	r.entries = append(r.entries, e)
	if r.keep > 0 && len(r.entries) >= 2*r.keep {
		r.entries = append([]Entry(nil), r.entries[len(r.entries)-r.keep:]...)
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// since returns what came after seq, and a channel that is closed at the next addition.
func (r *record) since(seq int) ([]Entry, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.entries
	if r.keep > 0 && len(kept) > r.keep {
		kept = kept[len(kept)-r.keep:]
	}
	first := r.seq - len(kept) + 1
	from := min(max(0, seq+1-first), len(kept))
	return append([]Entry(nil), kept[from:]...), r.changed
}

// Record returns all entries kept, oldest first.
func (s *Sim) Record() []Entry { return s.Since(0) }

// Since returns the entries after seq, oldest first.
func (s *Sim) Since(seq int) []Entry {
	entries, _ := s.record.since(seq)
	return entries
}

// Seq is the number of the newest entry, 0 when there is none.
func (s *Sim) Seq() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.seq
}

// Changed returns a channel that is closed when the next entry is added. Take it before calling Since.
func (s *Sim) Changed() <-chan struct{} {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.changed
}

// Wait returns the first entry after seq that ok accepts, waiting for it if need be. The error is the context's.
func (s *Sim) Wait(ctx context.Context, seq int, ok func(Entry) bool) (Entry, error) {
	for {
		entries, changed := s.record.since(seq)
		for _, e := range entries {
			if ok(e) {
				return e, nil
			}
			seq = e.Seq
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Entry{}, ctx.Err()
		}
	}
}

// note adds an entry at the workspace's time.
func (s *Sim) note(e Entry) {
	e.Time = s.cfg.Now()
	s.record.add(e)
}
