package door

import (
	"sync"
	"time"
)

// logEvery is how often a gate writes of a refusal: thousands a second would fill the disk with the log.
const logEvery = time.Second

// seldom lets something be said once in a while.
type seldom struct {
	mu     sync.Mutex
	said   time.Time
	missed int
}

// now reports whether it is to be said now, and how often it was not since it last was.
func (s *seldom) now(now time.Time) (missed int, say bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.said).Abs() < logEvery {
		s.missed++
		return 0, false
	}
	missed, s.said, s.missed = s.missed, now, 0
	return missed, true
}
