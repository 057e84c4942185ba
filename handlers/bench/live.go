package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"tsunagi/store/session"
)

// lives looks at what conversations cost while they wait: real ones made by tsunagi, then copies up to 100,000.
func lives(ctx context.Context, s *stage, r *report) error {
	const base = 12
	b, err := s.served(ctx, base)
	if err != nil {
		return err
	}
	defer b.stop() //nolint:errcheck // how it ends is measured elsewhere
	client := redis.NewClient(s.redisOptions(base))
	defer client.Close()
	real := 10_000
	if s.short {
		real = 2_000
	}
	before, err := redisMemory(ctx, client)
	if err != nil {
		return err
	}
	got, err := s.newLoad(b, steps()[:shortTalk]).many(ctx, crowd200, real)
	if err != nil {
		return err
	}
	after, err := redisMemory(ctx, client)
	if err != nil {
		return err
	}
	resident := memory(b.pid(), "VmRSS")
	few, many, each, err := copies(ctx, client)
	if err != nil {
		return err
	}
	perTalk := float64(after-before) / float64(real)
	r.table("Conversations that wait", []string{"what", "measured", "goal"}, [][]string{
		{fmt.Sprintf("Redis per conversation, ten steps in, of %d real ones", real), fmt.Sprintf("%.0f bytes", perTalk), against(perTalk <= 1024, "≤ 1 KiB")},
		{"wrong while they were made", got.faults(), against(got.faults() == "none", "none")},
		{"the same of 100,000", fmt.Sprintf("%.0f bytes", each), against(each <= 1024, "≤ 1 KiB")},
		{"load and save, few conversations", µs(few), ""},
		{"load and save among 100,000", µs(many), against(float64(many) <= 1.2*float64(few), "≤ 1.2 times")},
		{"memory of the bot after them", fmt.Sprintf("%.0f MiB", resident), against(resident <= 80, "≤ 80 MiB")},
	})
	return s.outboxAlone(ctx, r)
}

func (s *stage) redisOptions(base int) *redis.Options {
	o, err := redis.ParseURL(s.redis.URL())
	if err != nil {
		return &redis.Options{}
	}
	o.DB = base
	return o
}

// many lets people have one talk each, so many at a time.
func (l *load) many(ctx context.Context, atOnce, people int) (sum, error) {
	t := newTally(l.phase, people*len(l.talk))
	l.everybody(atOnce, t, func(p *phone) {
		for who := l.who.Add(1); who <= int64(people) && ctx.Err() == nil; who = l.who.Add(1) {
			p.talk(ctx, int(who))
		}
	})
	return t.sum(), parent(ctx)
}

// redisMemory is what Redis uses for data, which its own counting tells best.
func redisMemory(ctx context.Context, client *redis.Client) (int64, error) {
	info, err := client.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(info, "used_memory:")
	value, _, _ := strings.Cut(rest, "\r")
	return strconv.ParseInt(value, 10, 64)
}

// copies saves one conversation under 100,000 names, and times loading and saving before and after.
func copies(ctx context.Context, client *redis.Client) (few, many time.Duration, each float64, err error) {
	key, err := client.RandomKey(ctx).Result()
	if err != nil {
		return 0, 0, 0, fmt.Errorf("find a conversation: %w", err)
	}
	data, err := client.HGet(ctx, key, "d").Bytes()
	if err != nil {
		return 0, 0, 0, fmt.Errorf("read conversation: %w", err)
	}
	if err := client.FlushDB(ctx).Err(); err != nil {
		return 0, 0, 0, err
	}
	sessions := session.New(client)
	if few, err = loadAndSave(ctx, sessions, data, 10); err != nil {
		return 0, 0, 0, err
	}
	before, err := redisMemory(ctx, client)
	if err != nil {
		return 0, 0, 0, err
	}
	const all = 100_000
	g, inner := errgroup.WithContext(ctx)
	for part := range 8 {
		g.Go(func() error {
			for n := part; n < all; n += 8 {
				if err := sessions.Save(inner, session.Talk{User: user(1, n), Revision: 1, Data: data}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return 0, 0, 0, err
	}
	after, err := redisMemory(ctx, client)
	if err != nil {
		return 0, 0, 0, err
	}
	many, err = loadAndSave(ctx, sessions, data, all)
	return few, many, float64(after-before) / all, err
}

func loadAndSave(ctx context.Context, s *session.Store, data []byte, among int) (time.Duration, error) {
	var took []time.Duration
	for n := range 3000 {
		who := user(1, n*7919%among)
		began := time.Now()
		if _, err := s.Load(ctx, who); err != nil {
			return 0, err
		}
		if err := s.Save(ctx, session.Talk{User: who, Revision: int64(n + 2), Data: data}); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return at(took, .5), nil
}
