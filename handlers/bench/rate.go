package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"
)

// pace is one bot in the open loop, turn by turn.
type pace struct {
	*child
	acked, answered spread
	cpu, postgres   []float64
	faults          string
}

// spread are the latencies of the turns.
type spread struct{ half, most, longest []float64 }

func (s *spread) add(sorted []time.Duration) {
	s.half = append(s.half, float64(at(sorted, .5)))
	s.most = append(s.most, float64(at(sorted, .99)))
	s.longest = append(s.longest, float64(at(sorted, 1)))
}

// p99 is the median of the turns' 99th percentiles.
func (s *spread) p99() time.Duration { return time.Duration(median(s.most)) }

func (s *spread) cells() []string {
	return []string{ms(time.Duration(median(s.half))), ms(s.p99()), ms(time.Duration(median(s.longest)))}
}

// rates is the open loop: a thousand events a second, whatever the bot does, by turns with each bot.
func rates(ctx context.Context, s *stage, r *report) error {
	plain, err := s.yardstick(ctx, "plain", 4)
	if err != nil {
		return err
	}
	defer plain.stop() //nolint:errcheck // a yardstick may end as it likes
	ours, err := s.served(ctx, 5)
	if err != nil {
		return err
	}
	defer ours.stop() //nolint:errcheck // how it ends is measured elsewhere
	bots := []*pace{{child: plain}, {child: ours}}
	for range s.times(3) {
		for _, b := range bots {
			if err := b.turn(ctx, s); err != nil {
				return err
			}
		}
	}
	r.paces(bots)
	return nil
}

// turn measures a bot once, over a Postgres that has been at this work for a moment.
func (b *pace) turn(ctx context.Context, s *stage) error {
	if err := s.age(ctx); err != nil {
		return err
	}
	talk := steps()[:shortTalk]
	if _, err := s.newLoad(b.child, talk).closed(ctx, crowd200, 2*warmUp); err != nil {
		return err
	}
	d := s.seconds(12)
	got, used, err := s.watch(ctx, b.child, talk, d, func(l *load) (sum, error) { return l.open(ctx, 1000, d) })
	if err != nil {
		return err
	}
	b.acked.add(got.acked)
	b.answered.add(got.answered)
	b.cpu, b.postgres = append(b.cpu, got.each(used.bot)), append(b.postgres, got.each(used.postgres))
	if f := got.faults(); b.faults == "" || f != "none" {
		b.faults = f
	}
	return nil
}

// paces shows the bots beside each other.
func (r *report) paces(bots []*pace) {
	us := func(values []float64) string { return fmt.Sprintf("%.0f µs", median(values)) }
	var rows [][]string
	for _, b := range bots {
		rows = append(rows, slices.Concat([]string{b.name}, b.acked.cells(), b.answered.cells(),
			[]string{us(b.cpu), us(b.postgres), b.faults, fmt.Sprint(b.complaints())}))
	}
	r.table("1,000 events a second from many people, whatever the bot does", []string{
		"bot", "acknowledged p50", "p99", "max", "answered p50", "p99", "max", "bot CPU/event", "Postgres", "wrong", "errors logged",
	}, rows)
	plain, ours := bots[0], bots[1]
	acked, answered := ours.acked.p99(), ours.answered.p99()
	times := float64(answered) / float64(plain.answered.p99())
	r.table("Goals: open loop", []string{"what", "measured", "goal"}, [][]string{
		{"acknowledged p99, after the durable write", ms(acked), against(acked <= 10e6, "≤ 10 ms, then 5 ms")},
		{"answered p99", ms(answered), against(answered <= 20e6, "≤ 20 ms")},
		{"answered p99, times plain's", fmt.Sprintf("%.2f", times), against(times <= 1.5, "≤ 1.5")},
	})
}

// age gives Postgres what a server has that has run for a while: files of its log to use again. A new server makes each as
// it goes, which holds up every commit for some 50 ms, whosever it is.
// https://www.postgresql.org/docs/current/wal-configuration.html
func (s *stage) age(ctx context.Context) error {
	const files = 5 // as many as min_wal_size keeps
	for range files {
		if err := s.admin(ctx, "SELECT pg_logical_emit_message(false, 'bench', 'full'), pg_switch_wal()"); err != nil {
			return err
		}
	}
	return s.admin(ctx, "CHECKPOINT")
}

func download(ctx context.Context, url, name string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, res.Body)
	return err
}
