package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
)

// rates is the open loop: a thousand events a second, whatever the bot does.
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
	var sums []sum
	var rows [][]string
	for _, b := range []*child{plain, ours} {
		got, used, err := s.rate(ctx, b)
		if err != nil {
			return err
		}
		sums, rows = append(sums, got), append(rows, []string{
			b.name, ms(at(got.acked, .5)), ms(at(got.acked, .99)), ms(at(got.acked, 1)),
			ms(at(got.answered, .5)), ms(at(got.answered, .99)), ms(at(got.answered, 1)),
			fmt.Sprintf("%.0f µs", got.each(used.bot)), fmt.Sprintf("%.0f µs", got.each(used.postgres)), got.faults(), fmt.Sprint(b.complaints()),
		})
	}
	r.table("1,000 events a second from many people, whatever the bot does", []string{
		"bot", "acknowledged p50", "p99", "max", "answered p50", "p99", "max", "bot CPU/event", "Postgres", "wrong", "errors logged",
	}, rows)
	acked, answered := at(sums[1].acked, .99), at(sums[1].answered, .99)
	ratio := float64(answered) / float64(at(sums[0].answered, .99))
	r.table("Goals: open loop", []string{"what", "measured", "goal"}, [][]string{
		{"acknowledged p99, after the durable write", ms(acked), against(acked <= 10e6, "≤ 10 ms, then 5 ms")},
		{"answered p99", ms(answered), against(answered <= 20e6, "≤ 20 ms")},
		{"answered p99, times plain's", fmt.Sprintf("%.2f", ratio), against(ratio <= 1.5, "≤ 1.5")},
	})
	return nil
}

func (s *stage) rate(ctx context.Context, b *child) (sum, usage, error) {
	talk := steps()[:shortTalk]
	if _, err := s.newLoad(b, talk).closed(ctx, crowd200, 2*warmUp); err != nil {
		return sum{}, usage{}, err
	}
	if err := s.age(ctx); err != nil {
		return sum{}, usage{}, err
	}
	d := s.seconds(20)
	return s.watch(ctx, b, talk, d, func(l *load) (sum, error) { return l.open(ctx, 1000, d) })
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
