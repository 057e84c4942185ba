package concierge

import (
	"bytes"
	"sync"
)

// recent remembers what the sessions of the people heard last read as, so that the same bytes are not read twice. It is
// no copy of the talks: what Redis has is asked every time, and only how to read it is known already.
type recent struct {
	mu          sync.Mutex
	now, before map[string]reading
}

// reading is a session in Redis' form and in ours.
type reading struct {
	raw []byte
	kept
}

// Sizes of the memory: two halves of so many people, and sessions of at most so many bytes, which is some 6 MB at worst.
const (
	recentPeople = 512
	recentBytes  = 4 << 10
)

// read gives what these bytes of this person read as, if they are known.
func (r *recent) read(user string, raw []byte) (kept, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.now[user]
	if !ok {
		known, ok = r.before[user]
	}
	if !ok || !bytes.Equal(known.raw, raw) {
		return kept{}, false
	}
	return known.apart(), true
}

// learn remembers what was just written. When one half is full, whoever was not heard since the last time is forgotten.
func (r *recent) learn(user string, raw []byte, k kept) {
	if len(raw) > recentBytes {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.now) >= recentPeople || r.now == nil {
		r.now, r.before = make(map[string]reading, recentPeople), r.now
	}
	r.now[user] = reading{raw, k.apart()}
}

// apart is a copy whose session can be changed; the rest is never changed in place.
func (k kept) apart() kept {
	if k.State.Form != nil {
		session := *k.State.Form
		k.State.Form = &session
	}
	return k
}
