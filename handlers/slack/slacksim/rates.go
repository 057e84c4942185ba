package slacksim

import (
	"math"
	"time"
)

// Rates bounds how often the app may call. Zero values stand for Slack's figures with a generous burst, as
// Slack itself tolerates short bursts; Strict removes the burst. Off switches all bounds off.
//
// https://docs.slack.dev/apis/web-api/rate-limits
type Rates struct {
	Off           bool
	PostPerSecond float64        // chat.postMessage per channel; 1
	PostBurst     int            // chat.postMessage at once per channel; 20
	PostPerMinute int            // chat.postMessage in the whole workspace; 600 ("several hundred")
	PerMinute     map[string]int // other methods, by name; by tier 5, 20, 50, 100 when absent
}

// Strict are the bounds that Slack writes down, without any burst.
func Strict() Rates { return Rates{PostPerSecond: 1, PostBurst: 1} }

type bucket struct {
	tokens float64
	at     time.Time
}

// spend takes one call from the method's allowance.
func (s *Sim) spend(c *call, m method) *refusal {
	r := s.cfg.Rates
	if r.Off {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.method == "chat.postMessage" {
		return s.spendPost(c.arg("channel"), r)
	}
	perMinute := r.PerMinute[c.method]
	if perMinute == 0 {
		perMinute = []int{0, 5, 20, 50, 100}[m.tier]
	}
	if perMinute == 0 {
		return nil
	}
	return s.take(c.method, float64(perMinute)/60, float64(perMinute))
}

func (s *Sim) spendPost(channel string, r Rates) *refusal {
	perSecond, burst, perMinute := r.PostPerSecond, r.PostBurst, r.PostPerMinute
	if perSecond == 0 {
		perSecond = 1
	}
	if burst == 0 {
		burst = 20
	}
	if perMinute == 0 {
		perMinute = 600
	}
	if err := s.take("chat.postMessage", float64(perMinute)/60, float64(perMinute)); err != nil {
		return err
	}
	return s.take("chat.postMessage "+channel, perSecond, float64(burst))
}

// take takes one token from a bucket that fills at perSecond up to size.
func (s *Sim) take(name string, perSecond, size float64) *refusal {
	now := s.cfg.Now()
	b := s.buckets[name]
	if b == nil {
		b = &bucket{tokens: size, at: now}
		s.buckets[name] = b
	}
	b.tokens = math.Min(size, b.tokens+math.Max(0, now.Sub(b.at).Seconds())*perSecond)
	b.at = now
	if b.tokens >= 1-1e-9 {
		b.tokens--
		return nil
	}
	wait := int(math.Ceil((1 - b.tokens) / perSecond))
	return &refusal{code: "ratelimited", retryAfter: max(1, wait)}
}
