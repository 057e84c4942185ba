package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// rival is one of two programs that are compared: what the working tree builds, and what a commit built.
type rival struct {
	name     string
	source   string // its folder
	binary   string
	profile  string
	database string
	redis    int
	wrong    map[string]bool // what it did not do right while it was measured
	*child
}

// contest is what is measured of two rivals, by turns.
type contest struct {
	*stage
	before, now *rival
	figures     []*figure
}

// compare measures the working tree against a commit, and fails if anything is worse.
func compare(ctx context.Context, p plan, r *report) error {
	s, err := newStage(ctx, p)
	if err != nil {
		return err
	}
	defer s.close()
	r.head(machine(ctx, s))
	c, err := s.newContest(ctx, r)
	if err != nil {
		return err
	}
	for n := range p.pairs {
		fmt.Fprintf(os.Stderr, "bench: pair %d of %d …\n", n+1, p.pairs)
		if err := c.pair(ctx, n); err != nil {
			return err
		}
	}
	r.foot(machineLoad())
	return c.tell(r)
}

// newContest builds the commit and gives each rival a database of its own.
func (s *stage) newContest(ctx context.Context, r *report) (*contest, error) {
	here, err := output(ctx, "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	c := &contest{stage: s,
		before: &rival{name: "before", source: filepath.Join(s.dir, "before"), redis: 1, wrong: map[string]bool{}},
		now:    &rival{name: "now", source: here, binary: s.binary, redis: 2, wrong: map[string]bool{}},
	}
	if err := c.before.check(ctx, s.against, s.dir); err != nil {
		return nil, err
	}
	same, err := sameSchema(c.before.source, c.now.source)
	if err != nil {
		return nil, err
	}
	if !same {
		r.say("\nThe schemas differ, so each has a database without an archive.\n")
	}
	for _, one := range c.both(0) {
		if err := c.settle(ctx, one, same); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return c, nil
}

// check takes a commit out of the repository and builds it. It leaves no trace there, as a worktree would when this is killed.
func (r *rival) check(ctx context.Context, commit, dir string) error {
	packed := filepath.Join(dir, "before.tar")
	if err := os.Mkdir(r.source, 0o755); err != nil {
		return err
	}
	if _, err := output(ctx, "git", "archive", "--format=tar", "-o", packed, commit); err != nil {
		return err
	}
	if _, err := output(ctx, "tar", "-xf", packed, "-C", r.source); err != nil {
		return err
	}
	r.binary = filepath.Join(dir, "tsunagi-before")
	return compile(ctx, r.source, r.binary)
}

// output runs a command and gives what it printed; its error says what it complained of.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, complaint.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// sameSchema tells whether the archive, which is filled as the working tree has its tables, fits both.
func sameSchema(a, b string) (bool, error) {
	one, err := os.ReadFile(filepath.Join(a, "store", "schema.sql"))
	other, err2 := os.ReadFile(filepath.Join(b, "store", "schema.sql"))
	return bytes.Equal(one, other), errors.Join(err, err2)
}

// settle gives a rival its database, and a profile that it can read, and lets a few people propose.
func (c *contest) settle(ctx context.Context, r *rival, archived bool) (err error) {
	if archived {
		r.database, err = c.archive(ctx, 10_000)
	} else {
		r.database, err = c.stage.database(ctx)
	}
	if err != nil {
		return err
	}
	if err := c.suit(ctx, r); err != nil {
		return err
	}
	got, err := c.newLoad(r.child, steps()).once(ctx, 20)
	r.note("the whole talk", got)
	return errors.Join(err, r.stop())
}

// suit starts a rival with a profile that it takes. What people answer faster than any could read must count one by one;
// a program from before that could be told does so anyway, and refuses the word.
func (c *contest) suit(ctx context.Context, r *rival) error {
	raw, err := os.ReadFile(filepath.Join(r.source, "config", "profiles", profile+".yaml"))
	if err != nil {
		return err
	}
	head, rest, _ := strings.Cut(string(raw), "\nintake:\n")
	var faults []error
	for _, words := range []string{head + "\nintake:\n  talk: {burst: 0s}\n" + rest, string(raw)} {
		r.profile = filepath.Join(c.dir, r.name+".yaml")
		if err := os.WriteFile(r.profile, []byte(words), 0o644); err != nil {
			return err
		}
		err := c.begin(ctx, r)
		if err == nil {
			return nil
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// begin starts a rival over its database, with its own profile in place of that of the other settings.
func (c *contest) begin(ctx context.Context, r *rival) (err error) {
	r.child, err = c.start(ctx, "tsunagi", r.database, r.redis, "/usr/bin/env", "DESK_PROFILE="+r.profile, r.binary, "serve")
	return err
}

// both are the rivals in the order of a pair: before and now, now and before, and so on, so that neither is always first.
func (c *contest) both(n int) []*rival {
	if n%2 == 0 {
		return []*rival{c.before, c.now}
	}
	return []*rival{c.now, c.before}
}

// pair starts both, and does with each in turn what is measured.
func (c *contest) pair(ctx context.Context, n int) (err error) {
	for _, r := range c.both(n) {
		if err := c.begin(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		defer func() { err = errors.Join(err, r.stop()) }()
		c.add(r, "ready on a migrated database", "ms", false, float64(r.ready)/float64(time.Millisecond))
	}
	for _, measure := range []func(context.Context, *rival) error{c.closed, c.open, c.commands, c.weigh} {
		for _, r := range c.both(n) {
			if err := measure(ctx, r); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

// closed is 200 people in the ten-step talk.
func (c *contest) closed(ctx context.Context, r *rival) error {
	talk, d := steps()[:shortTalk], c.seconds(5)
	if _, err := c.newLoad(r.child, talk).closed(ctx, crowd200, warmUp); err != nil {
		return err
	}
	got, used, err := c.watch(ctx, r.child, talk, d, func(l *load) (sum, error) { return l.closed(ctx, crowd200, d) })
	if err != nil {
		return err
	}
	r.note("closed loop", got)
	c.add(r, "closed loop: events", "/s", true, got.perSecond())
	c.add(r, "closed loop: bot CPU per event", "µs", false, got.each(used.bot))
	c.add(r, "closed loop: Postgres CPU per event", "µs", false, got.each(used.postgres))
	return nil
}

// open is events at a fixed rate, which both can follow: how long one waits is compared, not whether it breaks down.
func (c *contest) open(ctx context.Context, r *rival) error {
	if err := c.age(ctx); err != nil {
		return err
	}
	talk, d := steps()[:shortTalk], c.seconds(6)
	got, used, err := c.watch(ctx, r.child, talk, d, func(l *load) (sum, error) { return l.open(ctx, 500, d) })
	if err != nil {
		return err
	}
	r.note("open loop", got)
	c.add(r, "500 events/s: acknowledged p50", "ms", false, float64(at(got.acked, .5))/1e6)
	c.add(r, "500 events/s: acknowledged p99", "ms", false, float64(at(got.acked, .99))/1e6)
	c.add(r, "500 events/s: answered p99", "ms", false, float64(at(got.answered, .99))/1e6)
	c.add(r, "500 events/s: bot CPU per event", "µs", false, got.each(used.bot))
	return nil
}

// commands is /desk list, as fast as the answers come.
func (c *contest) commands(ctx context.Context, r *rival) error {
	if _, err := c.newTyping(r.child).closed(ctx, warmUp); err != nil {
		return err
	}
	before := spent(r.pid())
	got, err := c.newTyping(r.child).closed(ctx, c.seconds(4))
	if err != nil {
		return err
	}
	if got.refused > 0 {
		r.wrong[fmt.Sprintf("%d of %d commands not answered with a list", got.refused, got.events)] = true
	}
	c.add(r, "/desk list: commands", "/s", true, float64(got.events)/got.took.Seconds())
	c.add(r, "/desk list: bot CPU per command", "µs", false, got.each(spent(r.pid()).minus(before).bot))
	return nil
}

// weigh looks at what it has needed by the end.
func (c *contest) weigh(_ context.Context, r *rival) error {
	c.add(r, "peak memory", "MiB", false, memory(r.pid(), "VmHWM"))
	return nil
}

func (r *rival) note(what string, got sum) {
	if faults := got.faults(); faults != "none" {
		r.wrong[what+": "+faults] = true
	}
}

// add keeps a figure of one rival.
func (c *contest) add(r *rival, name, unit string, more bool, value float64) {
	f := c.figure(name)
	f.unit, f.more = unit, more
	if r == c.before {
		f.before = append(f.before, value)
	} else {
		f.now = append(f.now, value)
	}
}

func (c *contest) figure(name string) *figure {
	for _, f := range c.figures {
		if f.name == name {
			return f
		}
	}
	f := &figure{name: name}
	c.figures = append(c.figures, f)
	return f
}

// tell prints all figures; its error names those that are worse.
func (c *contest) tell(r *report) error {
	var rows [][]string
	var all []string
	for _, f := range c.figures {
		rows = append(rows, f.row())
		if f.judge() == worse {
			all = append(all, f.name)
		}
	}
	r.table(fmt.Sprintf("Now against %s, %d pairs by turns", c.against, c.pairs), []string{
		"what", "before", "now", "now/before, median of the pairs", "95 % interval", "",
	}, rows)
	for _, one := range c.both(0) {
		for what := range one.wrong {
			r.say("\nWrong, %s: %s.\n", one.name, what)
		}
	}
	if len(all) > 0 {
		return fmt.Errorf("worse than %s: %s", c.against, strings.Join(all, "; "))
	}
	return nil
}
