package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// crowds lets a thousand people begin at the same moment and bring a whole proposal to its receipt number each. What was
// acknowledged must then be in Postgres.
func crowds(ctx context.Context, s *stage, r *report) error {
	b, err := s.served(ctx, 6)
	if err != nil {
		return err
	}
	defer b.stop() //nolint:errcheck // how it ends is measured elsewhere
	if _, err := s.newLoad(b, steps()[:shortTalk]).closed(ctx, crowd200, warmUp); err != nil {
		return err
	}
	const people = 1000
	before, err := countStored(ctx, b.database)
	if err != nil {
		return err
	}
	got, err := s.newLoad(b, steps()).once(ctx, people)
	if err != nil {
		return err
	}
	after, err := countStored(ctx, b.database)
	if err != nil {
		return err
	}
	kept := after.minus(before)
	slowest := at(got.acked, 1)
	r.table("1,000 people at once, a whole proposal each", []string{"what", "measured", "goal"}, [][]string{
		{"events", fmt.Sprint(got.events), against(got.events == people*len(steps()), fmt.Sprint(people*len(steps())))},
		{"wrong", got.faults(), against(got.faults() == "none", "none")},
		{"errors logged", fmt.Sprint(b.complaints()), against(b.complaints() == 0, "0")},
		{"events in the inbox", fmt.Sprint(kept.inbox), against(kept.inbox == got.events, fmt.Sprint(got.events))},
		{"answers in drafts", fmt.Sprint(kept.answers), against(kept.answers == people*answersIn(steps()), fmt.Sprint(people*answersIn(steps())))},
		{"proposals", fmt.Sprint(kept.proposals), against(kept.proposals == people, fmt.Sprint(people))},
		{"their numbers without gap or double", fmt.Sprint(kept.numbers), against(kept.numbers == people, fmt.Sprint(people))},
		{"acknowledged p50, p99", ms(at(got.acked, .5)) + ", " + ms(at(got.acked, .99)), ""},
		{"slowest acknowledgement", ms(slowest), against(slowest <= 500e6, "≤ 500 ms")},
		{"slowest answer", ms(at(got.answered, 1)), against(at(got.answered, 1) <= 2e9, "≤ 2 s")},
		{"events/s", fmt.Sprintf("%.0f", got.perSecond()), ""},
		{"peak memory", fmt.Sprintf("%.0f MiB", memory(b.pid(), "VmHWM")), ""},
	})
	return nil
}

// stored is what Postgres has.
type stored struct{ inbox, answers, proposals, numbers int }

func (a stored) minus(b stored) stored {
	return stored{a.inbox - b.inbox, a.answers - b.answers, a.proposals - b.proposals, a.numbers - b.numbers}
}

func countStored(ctx context.Context, url string) (n stored, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return n, err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM answers), (SELECT count(*) FROM proposals),
			(SELECT COALESCE(max(seq), 0) FROM proposals)`).Scan(&n.inbox, &n.answers, &n.proposals, &n.numbers)
	return n, err
}
