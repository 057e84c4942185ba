package watch_test

import (
	"strings"
	"testing"
)

func (p *post) digests() int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM deliveries WHERE kind = 'digest'`)
}

func TestDigest(t *testing.T) {
	t.Parallel()
	t.Run("comes once at the opening of each working day", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		p.owns("U0MORI", "a")
		p.shown()
		for _, step := range []struct {
			moment string
			want   int
		}{
			{"2026-11-20 10:00", 1},                                                                            // a Friday; nobody watched at the opening
			{"2026-11-20 10:01", 1}, {"2026-11-21 12:00", 1}, {"2026-11-22 12:00", 1}, {"2026-11-23 12:00", 1}, // a national holiday
			{"2026-11-24 08:59", 1}, {"2026-11-24 09:00", 2}, {"2026-11-24 23:59", 2},
			{"2026-11-25 22:00", 3}, // late, but on its day
			{"2026-11-28 10:00", 3}, // two days were missed
			{"2026-11-30 09:00", 4},
		} {
			p.at(step.moment)
			_, restarted := p.replica()
			restarted.Sweep(t.Context())
			if got := p.digests(); got != step.want {
				t.Errorf("%s: %d digests, want %d", step.moment, got, step.want)
			}
		}
		if n := p.count(`SELECT count(*) FROM digests WHERE open = 1 AND unowned = 0 AND adrift = 0`); n != 4 {
			t.Errorf("%d days are kept", n)
		}
		if n := p.count(`SELECT overdue FROM digests WHERE day = '2026-11-30'`); n != 1 || !strings.Contains(p.log.String(), "digest made") {
			t.Errorf("%d overdue, logged %s", n, p.log)
		}
	})
	t.Run("does not come while nothing is open", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		p.at("2026-11-20 09:00")
		p.owns("U0MORI", "a")
		p.at("2026-11-20 10:00")
		if p.digests() != 0 {
			t.Error("in the middle of the day, of what has come since")
		}
		p.at("2026-11-24 09:00")
		if p.digests() != 1 {
			t.Error("nor when something is")
		}
	})
	t.Run("says that something has dropped out of sight, and the log with it", func(t *testing.T) {
		t.Parallel()
		p := newPost(t)
		p.owns("U0MORI", "a")
		p.shown()
		p.count(`WITH gone AS (DELETE FROM cards RETURNING 1) SELECT count(*) FROM gone`)
		p.at("2026-11-24 09:00")
		if p.count(`SELECT adrift FROM digests`) != 1 || !strings.Contains(p.log.String(), "level=ERROR") {
			t.Errorf("logged %s", p.log)
		}
	})
}
