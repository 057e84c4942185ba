package linesim

import "time"

// Rate is how many calls an endpoint takes in a stretch of time, and how many at once.
type Rate struct {
	Calls int
	Per   time.Duration
}

// bucket is the token bucket of one endpoint.
// https://developers.line.biz/en/reference/messaging-api/#rate-limits-scope
type bucket struct {
	left float64
	last time.Time
}

// allow takes a token of the call's endpoint.
func (c *call) allow() bool {
	rate := c.route.rate
	if c.cfg.Unlimited || rate.Calls <= 0 || rate.Per <= 0 {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.route.name()
	b := c.buckets[name]
	if b == nil {
		b = &bucket{left: float64(rate.Calls), last: c.now}
		c.buckets[name] = b
	}
	b.left += float64(rate.Calls) * float64(c.now.Sub(b.last)) / float64(rate.Per)
	b.left, b.last = min(b.left, float64(rate.Calls)), c.now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
