package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// crowd200 is how many people talk at once in the closed loop.
const crowd200 = 200

// turns are the measurements of one bot.
type turns struct {
	*child
	perSecond, cpu, postgres, redis, rest []float64
	peak                                  float64
	faults                                string
}

// talks is the closed loop: 200 people in the ten-step talk, by turns with each bot.
func talks(ctx context.Context, s *stage, r *report) error {
	bots, err := s.threeBots(ctx)
	defer stopAll(bots)
	if err != nil {
		return err
	}
	for range s.times(3) {
		for _, b := range bots {
			if err := b.turn(ctx, s, steps()[:shortTalk], s.seconds(5)); err != nil {
				return err
			}
		}
	}
	r.turns("200 people at once, each waiting for every answer, ten-step talk", bots)
	plain, ours := bots[1], bots[2]
	share, cpu := median(ours.perSecond)/median(plain.perSecond), median(ours.cpu)/median(plain.cpu)
	r.table("Goals: closed loop", []string{"what", "measured", "goal"}, [][]string{
		{"events/s, of plain's", fmt.Sprintf("%.0f %%", share*100), against(share >= 1, "≥ 100 %, then 125 %")},
		{"bot CPU per event, of plain's", fmt.Sprintf("%.0f %%", cpu*100), against(cpu <= 1, "≤ 100 %")},
		{"peak memory at 200 people", fmt.Sprintf("%.0f MiB", ours.peak), against(ours.peak <= 80, "≤ 80 MiB")},
	})
	return nil
}

func (s *stage) threeBots(ctx context.Context) ([]*turns, error) {
	var bots []*turns
	for i, name := range []string{"bare", "plain"} {
		b, err := s.yardstick(ctx, name, i+1)
		if err != nil {
			return bots, err
		}
		bots = append(bots, &turns{child: b})
	}
	b, err := s.served(ctx, 3)
	if err != nil {
		return bots, err
	}
	return append(bots, &turns{child: b}), nil
}

// served starts tsunagi over an empty database.
func (s *stage) served(ctx context.Context, redis int) (*child, error) {
	database, err := s.database(ctx)
	if err != nil {
		return nil, err
	}
	return s.serve(ctx, database, redis)
}

func stopAll(bots []*turns) {
	for _, b := range bots {
		if err := b.stop(); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s stopped with: %v\n%s\n", b.name, err, b.tail())
		}
	}
}

// warmUp comes before each turn and does not count.
const warmUp = time.Second

// turn measures a bot once.
func (b *turns) turn(ctx context.Context, s *stage, talk []step, d time.Duration) error {
	if _, err := s.newLoad(b.child, talk).closed(ctx, crowd200, warmUp); err != nil {
		return err
	}
	got, u, err := s.watch(ctx, b.child, talk, d, func(l *load) (sum, error) { return l.closed(ctx, crowd200, d) })
	if err != nil {
		return err
	}
	b.perSecond = append(b.perSecond, got.perSecond())
	b.cpu, b.postgres = append(b.cpu, got.each(u.bot)), append(b.postgres, got.each(u.postgres))
	b.redis, b.rest = append(b.redis, got.each(u.redis)), append(b.rest, got.each(u.self))
	b.peak = memory(b.pid(), "VmHWM")
	if f := got.faults(); b.faults == "" || f != "none" {
		b.faults = f
	}
	return nil
}

// watch tells what a load was and what processor time went, and takes a profile meanwhile.
func (s *stage) watch(ctx context.Context, b *child, talk []step, d time.Duration, do func(*load) (sum, error)) (sum, usage, error) {
	profiled := s.profile(ctx, b, d)
	before := spent(b.pid())
	got, err := do(s.newLoad(b, talk))
	used := spent(b.pid()).minus(before)
	<-profiled
	return got, used, err
}

// each is an event's part of a time, in µs.
func (s sum) each(d time.Duration) float64 {
	return float64(d.Microseconds()) / float64(max(s.events, 1))
}

// turns shows the bots beside each other.
func (r *report) turns(heading string, bots []*turns) {
	us := func(values []float64) string { return fmt.Sprintf("%.0f µs", median(values)) }
	var rows [][]string
	for _, b := range bots {
		rows = append(rows, []string{
			b.name, fmt.Sprintf("%.0f", median(b.perSecond)), us(b.cpu), us(b.postgres), us(b.redis), us(b.rest),
			fmt.Sprintf("%.0f MiB", b.peak), b.faults, fmt.Sprint(b.complaints()),
		})
	}
	r.table(heading, []string{
		"bot", "events/s", "bot CPU/event", "Postgres", "Redis", "generator, LINE", "peak memory", "wrong", "errors logged",
	}, rows)
}

// profile takes a CPU profile of tsunagi meanwhile, when profiles are wanted. The channel is closed when it is there.
func (s *stage) profile(ctx context.Context, b *child, d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	if s.profiles == "" || b.name != "tsunagi" {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		name := filepath.Join(s.profiles, fmt.Sprintf("cpu-%d.pprof", s.phase.Load()+1))
		url := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", b.admin, max(1, int(d.Seconds())-1))
		if err := download(ctx, url, name); err != nil {
			fmt.Fprintln(os.Stderr, "bench: profile:", err)
		}
	}()
	return done
}
