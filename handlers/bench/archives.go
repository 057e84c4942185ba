package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"tsunagi/store"
)

// archives asks every question of the stories among ten thousand and among a million proposals, and lets 200 people talk
// over each.
func archives(ctx context.Context, s *stage, r *report) error {
	sizes := []int{10_000, 1_000_000}
	if s.short {
		sizes[1] = 200_000
	}
	var urls []string
	for _, n := range sizes {
		began := time.Now()
		url, err := s.archive(ctx, n)
		if err != nil {
			return err
		}
		urls = append(urls, url)
		r.say("\nFilled %d proposals in %.0f s.\n", n, time.Since(began).Seconds())
	}
	if err := s.askAll(ctx, r, sizes, urls); err != nil {
		return err
	}
	if err := s.searchThrough(ctx, r, sizes[1], urls[1]); err != nil {
		return err
	}
	return s.talkOver(ctx, r, sizes, urls)
}

// askAll asks in both archives and lays the times side by side.
func (s *stage) askAll(ctx context.Context, r *report, sizes []int, urls []string) error {
	var times [2][][]time.Duration
	for i := range urls {
		var err error
		if times[i], err = s.askIn(ctx, urls[i], sizes[i]); err != nil {
			return err
		}
	}
	var rows [][]string
	for i, q := range asks() {
		small, large := times[0][i], times[1][i]
		rows = append(rows, []string{
			q.name, µs(at(small, .5)), µs(at(small, .99)), µs(at(large, .5)), µs(at(large, .99)),
			fmt.Sprintf("%.2f", float64(at(large, .5))/float64(at(small, .5))), against(at(large, .99) < 5e6, "< 5 ms"),
		})
	}
	r.table(fmt.Sprintf("Questions of the stories among %d and %d proposals", sizes[0], sizes[1]), []string{
		"question", "median", "p99", "median among many", "p99 among many", "times", "p99",
	}, rows)
	return nil
}

func µs(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }

// askIn times each question, the first few times not counted.
func (s *stage) askIn(ctx context.Context, url string, n int) ([][]time.Duration, error) {
	db, err := store.Open(ctx, url, store.Options{Now: time.Now, NewID: uuid.New, MaxConns: 2})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	a := &asker{db: db, n: n, rnd: rand.New(rand.NewPCG(1, uint64(n)))}
	var out [][]time.Duration
	for _, q := range asks() {
		var took []time.Duration
		for range 20 {
			if err := q.run(ctx, a); err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
		}
		for enough := time.Now().Add(s.seconds(3)); len(took) < 300 && (len(took) < 10 || time.Now().Before(enough)); {
			began := time.Now()
			if err := q.run(ctx, a); err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		out = append(out, took)
	}
	return out, nil
}

// searchThrough goes on with searches that end before the oldest proposal, as one does by pressing, until nothing is left.
func (s *stage) searchThrough(ctx context.Context, r *report, n int, url string) error {
	db, err := store.Open(ctx, url, store.Options{Now: time.Now, NewID: uuid.New, MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	var rows [][]string
	for _, q := range searches() {
		began, found, pages, rest := time.Now(), 0, 0, store.Cursor{}
		for {
			page, below, err := db.Search(ctx, q.words, rest, pageSize)
			if err != nil {
				return fmt.Errorf("search %s: %w", q.name, err)
			}
			found, pages, rest = found+len(page), pages+1, below
			if rest.ID == 0 {
				break
			}
		}
		rows = append(rows, []string{q.name, fmt.Sprint(found), fmt.Sprint(pages), µs(time.Since(began))})
	}
	r.table(fmt.Sprintf("Searches among %d proposals until a page is full or all are looked through", n),
		[]string{"search", "found", "presses", "all together"}, rows)
	return nil
}

// talkOver is the closed loop over each archive, by turns.
func (s *stage) talkOver(ctx context.Context, r *report, sizes []int, urls []string) error {
	var bots []*turns
	defer func() { stopAll(bots) }()
	for i, url := range urls {
		b, err := s.serve(ctx, url, 10+i)
		if err != nil {
			return err
		}
		bots = append(bots, &turns{child: b})
	}
	for range s.times(3) {
		for _, b := range bots {
			if err := b.turn(ctx, s, steps()[:shortTalk], s.seconds(5)); err != nil {
				return err
			}
		}
	}
	share := median(bots[1].perSecond) / median(bots[0].perSecond)
	r.table("200 people at once over an archive", []string{"what", "measured", "goal"}, [][]string{
		{fmt.Sprintf("events/s over %d proposals", sizes[0]), fmt.Sprintf("%.0f", median(bots[0].perSecond)), ""},
		{fmt.Sprintf("events/s over %d proposals", sizes[1]), fmt.Sprintf("%.0f", median(bots[1].perSecond)), ""},
		{"that is", fmt.Sprintf("%.0f %%", share*100), against(share >= .95, "≥ 95 %")},
		{"wrong", bots[0].faults + ", " + bots[1].faults, ""},
	})
	return nil
}
