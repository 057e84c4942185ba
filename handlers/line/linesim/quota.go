package linesim

import "time"

// counts are the messages sent, by month for the quota and by day for statistics.
type counts struct {
	months map[string]int
	days   map[string]int // by way and day
}

func newCounts() counts { return counts{months: map[string]int{}, days: map[string]int{}} }

// japan is the time zone of LINE's months and days.
func japan() *time.Location { return time.FixedZone("JST", 9*60*60) }

func month(now time.Time) string { return now.In(japan()).Format("2006-01") }

func day(now time.Time) string { return now.In(japan()).Format("20060102") }

// spend counts n recipients against the month's limit, or refuses all of them.
// https://developers.line.biz/en/docs/messaging-api/pricing/
func (k *counts) spend(now time.Time, n, limit int) bool {
	m := month(now)
	if limit > 0 && (k.months[m]+n > limit) {
		return false
	}
	k.months[m] += n
	return true
}

func (k *counts) delivered(way string, now time.Time, n int) { k.days[way+day(now)] += n }

// SetMonthlyLimit changes the month's limit; 0 is none.
func (s *Sim) SetMonthlyLimit(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.MonthlyLimit = n
}

// Usage is how many messages of this month's quota are spent.
func (s *Sim) Usage() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts.months[month(s.cfg.Now())]
}

// https://developers.line.biz/en/reference/messaging-api/#get-quota
func (c *call) quota() answer {
	c.mu.Lock()
	limit := c.cfg.MonthlyLimit
	c.mu.Unlock()
	if limit == 0 {
		return reply200(map[string]any{"type": "none"})
	}
	return reply200(map[string]any{"type": "limited", "value": limit})
}

// https://developers.line.biz/en/reference/messaging-api/#get-consumption
func (c *call) consumption() answer { return reply200(map[string]int{"totalUsage": c.Usage()}) }

// deliveries counts a past day; LINE has no figure for today yet.
// https://developers.line.biz/en/reference/messaging-api/#get-number-of-push-messages
func deliveries(way string) func(c *call) answer {
	return func(c *call) answer {
		date := c.r.URL.Query().Get("date")
		if _, err := time.Parse("20060102", date); err != nil {
			return refuse(400, "The value for the 'date' parameter is invalid")
		}
		if date >= day(c.now) {
			return reply200(map[string]any{"status": "unready"})
		}
		c.mu.Lock()
		n := c.counts.days[way+date]
		c.mu.Unlock()
		return reply200(map[string]any{"status": "ready", "success": n})
	}
}
