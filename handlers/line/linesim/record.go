package linesim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Kind says what an entry of the record tells.
type Kind string

// The kinds of entries.
const (
	Said     Kind = "sent-by-person" // a person's message, on their phone
	Pressed  Kind = "pressed"        // a postback that shows no text
	Opened   Kind = "opened"         // a link that was tapped; nothing reaches the bot
	Followed Kind = "followed"
	Blocked  Kind = "blocked"
	Unsent   Kind = "unsent"
	Joined   Kind = "joined" // the bot was invited to a group
	Left     Kind = "left"   // the bot left a group
	Seen     Kind = "seen"   // a message of the bot, on a person's phone
	NotShown Kind = "not-shown"
	Refused  Kind = "refused" // a call the platform refused
	Failed   Kind = "failed"  // a call that met a fault made by Misbehave
	Loading  Kind = "loading" // the loading animation
	Menu     Kind = "menu"    // a change of rich menus
	Read     Kind = "read"    // the bot marked a person's messages as read
	Called   Kind = "called"  // any other call
	Webhook  Kind = "webhook" // an event was sent to the bot
)

// Entry is one thing that happened. Entries are never changed; what a phone shows now is told by Sim.Chat.
type Entry struct {
	Seq       int64           `json:"seq"`
	Time      time.Time       `json:"time"`
	Kind      Kind            `json:"kind"`
	Chat      string          `json:"chat,omitempty"`       // user id, or group id
	Person    string          `json:"person,omitempty"`     // who did it or, one to one, who saw it
	MessageID string          `json:"messageId,omitempty"`  //
	Message   json.RawMessage `json:"message,omitempty"`    // the message object as sent; of a refused call its body
	Index     int             `json:"index,omitempty"`      // place among the messages of one call
	Via       string          `json:"via,omitempty"`        // reply, push, multicast, broadcast
	Method    string          `json:"method,omitempty"`     //
	Path      string          `json:"path,omitempty"`       //
	Status    int             `json:"status,omitempty"`     // of the call, or of the webhook's answer
	RequestID string          `json:"requestId,omitempty"`  //
	RetryKey  string          `json:"retryKey,omitempty"`   //
	EventID   string          `json:"eventId,omitempty"`    //
	Again     bool            `json:"redelivery,omitempty"` // of a webhook: isRedelivery
	Reason    string          `json:"reason,omitempty"`     // why refused, failed or not shown
	Answer    json.RawMessage `json:"answer,omitempty"`     // body of a refusal

	// Only in answers of Sim.Chat.
	Unsent     bool            `json:"unsent,omitempty"`     // taken back; its message is gone
	QuickReply json.RawMessage `json:"quickReply,omitempty"` // only on the last message, and only until it is used
}

// record is append-only; with a bound, the oldest entries are dropped now and then.
type record struct {
	keep    int
	entries []*Entry
	last    int64
	bell    chan struct{} // closed at the next entry; made only when someone waits
}

// add appends e. The simulator's lock is held.
func (s *Sim) add(e Entry) *Entry {
	r := &s.record
	r.last++
	e.Seq = r.last
	r.entries = trimmed(append(r.entries, &e), r.keep)
	if r.bell != nil {
		close(r.bell)
		r.bell = nil
	}
	return &e
}

// trimmed drops the oldest once there are twice as many as are to be kept.
func trimmed(list []*Entry, keep int) []*Entry {
	if keep <= 0 || len(list) < 2*keep {
		return list
	}
	return append(make([]*Entry, 0, 2*keep), list[len(list)-keep:]...)
}

// after lists the kept entries with a higher number than seq.
func (r *record) after(seq int64) []*Entry {
	first := r.last - int64(len(r.entries)) + 1
	skip := max(0, seq+1-first)
	return r.entries[min(skip, int64(len(r.entries))):]
}

func (r *record) next() <-chan struct{} {
	if r.bell == nil {
		r.bell = make(chan struct{})
	}
	return r.bell
}

// Record lists everything that happened, oldest first.
func (s *Sim) Record() []Entry { return s.Since(0) }

// Since lists what happened after the entry with number seq.
func (s *Sim) Since(seq int64) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.record.after(seq)
	out := make([]Entry, len(list))
	for i, e := range list {
		out[i] = *e
	}
	return out
}

// Last is the number of the newest entry, 0 when there is none.
func (s *Sim) Last() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.last
}

// Wait returns the first entry after seq that matches, waiting for it if need be. It fails only when ctx ends.
func (s *Sim) Wait(ctx context.Context, seq int64, match func(Entry) bool) (Entry, error) {
	for {
		s.mu.Lock()
		list := s.record.after(seq)
		bell := s.record.next()
		s.mu.Unlock()
		for _, e := range list {
			if match(*e) {
				return *e, nil
			}
			seq = e.Seq
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return Entry{}, fmt.Errorf("wait for an entry after %d: %w", seq, ctx.Err())
		}
	}
}

// phone is one chat as its people see it.
type phone struct {
	log       []*Entry
	unsent    map[string]bool
	quickUsed bool // the quick reply of the last message was tapped
	loading   time.Time
}

func (s *Sim) phone(chat string) *phone {
	p := s.phones[chat]
	if p == nil {
		p = &phone{unsent: map[string]bool{}}
		s.phones[chat] = p
	}
	return p
}

// show records e and puts it on the phones of its chat. Anything new ends the loading animation and hides quick replies.
func (s *Sim) show(e Entry) {
	p := s.phone(e.Chat)
	p.log = append(p.log, s.add(e))
	if r := &s.record; r.keep > 0 && len(p.log)%64 == 0 { // what the record has dropped goes here too
		oldest := r.entries[0].Seq
		p.log = slices.DeleteFunc(p.log, func(e *Entry) bool { return e.Seq < oldest })
	}
	p.quickUsed = false
	if e.Kind == Seen {
		p.loading = time.Time{}
	}
}

// Chat lists what stands on the phone now, oldest first: messages of both sides, unsent ones marked and emptied, quick
// replies only where they can still be tapped. It takes a person's user id or a group id.
func (s *Sim) Chat(id string) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phones[id]
	if p == nil {
		return nil
	}
	out := make([]Entry, len(p.log))
	for i, e := range p.log {
		out[i] = *e
		if p.unsent[e.MessageID] {
			out[i].Unsent, out[i].Message = true, nil
		}
	}
	if last := len(out) - 1; last >= 0 && !p.quickUsed {
		out[last].QuickReply = quickReplyOf(out[last])
	}
	return out
}

// quickReplyOf takes the quick reply out of a message of the bot.
func quickReplyOf(e Entry) json.RawMessage {
	if e.Kind != Seen {
		return nil
	}
	n, bad := parse(e.Message)
	if bad != nil {
		return nil
	}
	if q := n.get("quickReply"); q != nil {
		return q.raw
	}
	return nil
}

// offers tells whether the quick reply of the last message has a postback with this data: tapping it hides them all.
func (p *phone) offers(data string) bool {
	if len(p.log) == 0 {
		return false
	}
	n, bad := parse(quickReplyOf(*p.log[len(p.log)-1]))
	if bad != nil {
		return false
	}
	for _, b := range n.buttons(nil, Button{}) {
		if b.Type == "postback" && b.Data == data {
			return true
		}
	}
	return false
}

// Loading tells whether the loading animation shows in the person's chat.
func (s *Sim) Loading(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phones[id]
	return p != nil && s.cfg.Now().Before(p.loading)
}
