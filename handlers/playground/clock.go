package playground

import (
	"sync/atomic"
	"time"
)

// MovableClock is the time of a world: it goes as the machine's does, from a beginning of its own, and can be moved.
type MovableClock struct {
	machine func() time.Time
	ahead   atomic.Int64 // of the machine, in nanoseconds
	begun   atomic.Int64 // ahead at the beginning
}

// NewClock makes a clock that shows the time begins now.
func NewClock(begins time.Time, machine func() time.Time) *MovableClock {
	c := &MovableClock{machine: machine}
	c.Begin(begins.Sub(machine()))
	return c
}

// Now is the world's time.
func (c *MovableClock) Now() time.Time { return c.machine().Add(time.Duration(c.ahead.Load())) }

// Move sets the clock forward, or back.
func (c *MovableClock) Move(d time.Duration) { c.ahead.Add(int64(d)) }

// Moved is how far the clock was moved since its beginning.
func (c *MovableClock) Moved() time.Duration { return time.Duration(c.ahead.Load() - c.begun.Load()) }

// Begin sets the clock forward as if it had begun there.
func (c *MovableClock) Begin(ahead time.Duration) {
	c.begun.Add(int64(ahead))
	c.ahead.Add(int64(ahead))
}
