package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newTestContest(pairs int) *contest {
	return &contest{
		stage:  &stage{plan: plan{against: "abc123", pairs: pairs}},
		before: &rival{name: "before", wrong: map[string]bool{}}, now: &rival{name: "now", wrong: map[string]bool{}},
	}
}

func TestContest_tells_what_is_worse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now   float64
		fails bool
	}{"slower": {90, true}, "as fast": {99, false}, "faster": {120, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := newTestContest(9)
			for n := range 9 {
				for _, r := range all.both(n) {
					value := map[*rival]float64{all.before: 100, all.now: c.now}[r] * float64(1+n%2)
					all.add(r, "events", "/s", true, value)
					all.add(r, "memory", "MiB", false, 50)
				}
			}
			r := &report{out: io.Discard}
			err := all.tell(r)
			if (err != nil) != c.fails || c.fails && !strings.Contains(err.Error(), "worse than abc123: events") {
				t.Errorf("it ends with %v", err)
			}
			if said := r.text.String(); !strings.Contains(said, "| memory | 50 MiB") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// Neither is always the first of a pair, nor always the one after the other of the pair before.
func TestContest_alternates(t *testing.T) {
	t.Parallel()
	c := newTestContest(4)
	var order string
	for n := range 4 {
		for _, r := range c.both(n) {
			order += r.name[:1]
		}
	}
	if order != "bnnbbnnb" {
		t.Errorf("they come in the order %s", order)
	}
}

func TestContest_tells_what_went_wrong(t *testing.T) {
	t.Parallel()
	c, r := newTestContest(7), &report{out: io.Discard}
	c.before.note("open loop", sum{events: 10, lost: 2})
	c.now.note("open loop", sum{events: 10})
	if err := c.tell(r); err != nil || strings.Count(r.text.String(), "Wrong, ") != 1 || !strings.Contains(r.text.String(), "2 without answer") {
		t.Errorf("%v, it says %s", err, r.text.String())
	}
}

func TestSameSchema(t *testing.T) {
	t.Parallel()
	tree := func(schema string) string {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "store"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "store", "schema.sql"), []byte(schema), 0o644); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	one := tree("CREATE TABLE a ();")
	for other, want := range map[string]bool{tree("CREATE TABLE a ();"): true, tree("CREATE TABLE b ();"): false} {
		if same, err := sameSchema(one, other); err != nil || same != want {
			t.Errorf("same: %v, %v, want %v", same, err, want)
		}
	}
	if _, err := sameSchema(one, t.TempDir()); err == nil {
		t.Error("a tree without a schema passes for one")
	}
}

func TestReadPlan_refuses_what_tells_nothing(t *testing.T) {
	t.Parallel()
	if _, err := readPlan([]string{"-against", "HEAD", "-pairs", "6"}); err == nil {
		t.Error("six pairs are taken for an answer")
	}
	if p, err := readPlan([]string{"-against", "HEAD"}); err != nil || p.pairs < leastPairs || p.against != "HEAD" {
		t.Errorf("got %+v, %v", p, err)
	}
}
