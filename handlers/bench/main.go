// Bench measures Tsunagi as it will run: the built binary, with settings from the environment alone, a real Postgres that
// syncs, a real redis-server, and platforms of its own that count every answer. Beside it run, in the same minutes on
// the same cores, two bots that promise less: bare keeps nothing, plain keeps no order and delivers nothing twice or late.
//
// It never imports what it measures, but for the questions to the store, which it asks as the program does; and it never
// tests: what is slow is printed, not failed. That its counting is right has tests of its own.
//
// With -against it compares two builds instead: against.
//
// Begin reading with main, then stage (what is set up), tally (how events and answers are counted), and one file for each
// scenario: talk, rate, crowd, command, door, start, archive, live.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
)

// plan is what to measure, and how thoroughly.
type plan struct {
	only     []string // scenarios; empty: all
	short    bool
	write    bool
	profiles string // folder for CPU profiles of serve; empty: none
	binary   string // of tsunagi; empty: it is built
	against  string // the commit to compare with; empty: none
	pairs    int    // how often each of the two is measured
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// calm is how seldom the generator collects its garbage: each time it would hold up whoever shares the cores with it, and
// be counted as their waiting.
const calm = 1000

func run(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == "bot" {
		return serveBot(ctx, args[1])
	}
	p, err := readPlan(args)
	if err != nil {
		return err
	}
	debug.SetGCPercent(calm)
	r := &report{out: os.Stdout}
	if p.against != "" {
		return compare(ctx, p, r)
	}
	if err := measure(ctx, p, r); err != nil {
		return err
	}
	if p.write {
		return os.WriteFile("docs/performance.md", []byte(page(r)), 0o644)
	}
	return nil
}

func readPlan(args []string) (p plan, err error) {
	names := make([]string, 0, len(scenarios()))
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := f.String("scenario", "", "only these, with commas: "+strings.Join(names, ", "))
	f.BoolVar(&p.short, "short", false, "a third of the time, coarser figures")
	f.BoolVar(&p.write, "write", false, "write docs/performance.md")
	f.StringVar(&p.profiles, "profiles", "", "folder for CPU profiles of serve under load")
	f.StringVar(&p.binary, "binary", "", "the tsunagi to measure; built when empty")
	f.StringVar(&p.against, "against", "", "a commit: measure it and the working tree by turns; fails if something is worse")
	f.IntVar(&p.pairs, "pairs", 9, "with -against, how many turns, seven at least")
	if err := f.Parse(args); err != nil {
		return p, err
	}
	if p.pairs < leastPairs {
		return p, fmt.Errorf("%d pairs tell nothing; it takes %d", p.pairs, leastPairs)
	}
	for _, name := range strings.FieldsFunc(*only, func(r rune) bool { return r == ',' }) {
		if !slices.Contains(names, name) {
			return p, fmt.Errorf("no scenario %q; there are %s", name, strings.Join(names, ", "))
		}
		p.only = append(p.only, name)
	}
	return p, nil
}

// scenario is one thing to measure on a stage that is set.
type scenario struct {
	name string
	run  func(context.Context, *stage, *report) error
}

func scenarios() []scenario {
	return []scenario{
		{"start", starts}, {"talk", talks}, {"rate", rates}, {"crowd", crowds}, {"command", commands}, {"door", doors}, {"live", lives},
		{"archive", archives},
	}
}

func measure(ctx context.Context, p plan, r *report) error {
	s, err := newStage(ctx, p)
	if err != nil {
		return err
	}
	defer s.close()
	r.head(machine(ctx, s))
	for _, sc := range scenarios() {
		if len(p.only) > 0 && !slices.Contains(p.only, sc.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s …\n", sc.name)
		if err := sc.run(ctx, s, r); err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
	}
	r.foot(machineLoad())
	return nil
}
