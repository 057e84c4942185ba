// Package testclock is a clock that tests move by hand. It is for tests only, and knows nothing of either platform, so that
// a simulator and the adapter that it judges may both be tested with it. Begin reading with At.
package testclock

import (
	"sync"
	"time"
)

// Clock stands still until it is moved. It is safe for use by many goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// At makes a clock that shows a time.
func At(now time.Time) *Clock { return &Clock{now: now} }

// Now is the time that it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves it.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
