package playground

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// heartbeat keeps a quiet stream from being taken for a dead one.
const heartbeat = 20 * time.Second

// Feed holds the newest of every section and tells each open page what it has not seen. A page that is slow, or was
// away, gets the newest state of what changed, not each step between.
type Feed struct {
	run string // tells this run's event ids from those of one before

	mu       sync.Mutex
	last     uint64
	sections map[string]section
	changed  chan struct{}
}

type section struct {
	version uint64
	value   json.RawMessage
}

// NewFeed makes an empty feed. Run must differ from one start of the program to the next.
func NewFeed(run string) *Feed {
	return &Feed{run: run, sections: map[string]section{}, changed: make(chan struct{})}
}

// Put sets some sections and wakes the open pages; a section that is as it was is left out.
func (f *Feed) Put(values map[string]any) error {
	encoded := make(map[string]json.RawMessage, len(values))
	for name, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("encode section %s: %w", name, err)
		}
		encoded[name] = raw
	}
	f.put(encoded)
	return nil
}

func (f *Feed) put(values map[string]json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(values, func(name string, value json.RawMessage) bool {
		return bytes.Equal(f.sections[name].value, value)
	})
	if len(values) == 0 {
		return
	}
	f.last++
	for name, value := range values {
		f.sections[name] = section{f.last, value}
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

// since gives what changed after a version, the newest version, and a channel that closes at the next change.
func (f *Feed) since(version uint64) (map[string]json.RawMessage, uint64, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	news := map[string]json.RawMessage{}
	for name, section := range f.sections {
		if section.version > version {
			news[name] = section.value
		}
	}
	return news, f.last, f.changed
}

func (f *Feed) state(w http.ResponseWriter, _ *http.Request) {
	sections, _, _ := f.since(0)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A browser that has gone away needs no answer.
	_ = json.NewEncoder(w).Encode(sections)
}

// stream sends all sections to a new page, to a returning one only what it missed, and then each change.
func (f *Feed) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	seen := f.seen(r.Header.Get("Last-Event-ID"))
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		news, last, changed := f.since(seen)
		if err := f.send(w, news, last); err != nil {
			return
		}
		seen = last
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-beat.C:
		}
	}
}

// send writes one event, or a comment when there is no news.
func (f *Feed) send(w http.ResponseWriter, news map[string]json.RawMessage, last uint64) error {
	event := []byte(": still here\n\n")
	if len(news) > 0 {
		raw, err := json.Marshal(news)
		if err != nil {
			return fmt.Errorf("encode the news: %w", err)
		}
		event = fmt.Appendf(nil, "id: %s.%d\ndata: %s\n\n", f.run, last, raw)
	}
	if _, err := w.Write(event); err != nil {
		return fmt.Errorf("send the news: %w", err)
	}
	return http.NewResponseController(w).Flush()
}

// seen reads how far a returning page got in this run; whatever else it says, it gets everything.
func (f *Feed) seen(id string) uint64 {
	run, number, found := strings.Cut(id, ".")
	if !found || run != f.run {
		return 0
	}
	version, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0
	}
	return version
}
