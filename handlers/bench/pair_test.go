package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestOuter(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{1: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 1, 11: 1, 12: 2, 15: 3, 20: 5, 25: 7} {
		if got := outer(n); got != want {
			t.Errorf("of %d values %d are left out at each end, want %d", n, got, want)
		}
	}
}

// The interval holds the true median at least 95 times of a hundred, and is not so wide that it says nothing.
func TestInterval_holds_what_it_promises(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{7, 9, 15, 30} {
		const rounds = 4000
		held := 0
		for range rounds {
			values := make([]float64, n)
			for i := range values {
				values[i] = dice.ExpFloat64() // far from a bell; its median is ln 2
			}
			if low, mid, high := interval(values); low <= .6931 && .6931 <= high && low <= mid && mid <= high {
				held++
			}
		}
		if share := float64(held) / rounds; share < .945 || share > .995 {
			t.Errorf("%d pairs: it held the median in %.1f %%", n, share*100)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	around := func(middle, spread float64, n int) figure {
		f := figure{}
		for i := range n {
			f.before = append(f.before, 100)
			f.now = append(f.now, 100*(middle+spread*(float64(i)/float64(n-1)*2-1)))
		}
		return f
	}
	for _, c := range []struct {
		middle, spread float64
		pairs          int
		less, more     judgement // where less is better, where more is
	}{
		{1, .01, 7, like, like},
		{1.10, .02, 7, worse, better},
		{.90, .02, 7, better, worse},
		{1.02, .005, 7, like, like},     // sure, and too little to matter
		{1.10, .20, 7, unsure, unsure},  // much, and not sure
		{1.04, .015, 7, unsure, unsure}, // a part of the interval is within
		{1.035, .004, 9, worse, better},
		{2, .01, 6, unsure, unsure},
	} {
		t.Run(fmt.Sprintf("%v ± %v, %d pairs", c.middle, c.spread, c.pairs), func(t *testing.T) {
			t.Parallel()
			f := around(c.middle, c.spread, c.pairs)
			if got := f.judge(); got != c.less {
				t.Errorf("where less is better: %s, want %s", got, c.less)
			}
			if f.more = true; f.judge() != c.more {
				t.Errorf("where more is better: %s, want %s", f.judge(), c.more)
			}
		})
	}
}

// One pair that was disturbed decides nothing: it is the ratio that counts, and the outermost of nine is left out.
func TestJudge_beside_a_busy_machine(t *testing.T) {
	t.Parallel()
	f := figure{more: true}
	for i := range 9 {
		speed := float64(1 + i%3) // the whole machine now slow, now fast
		f.before, f.now = append(f.before, 1000*speed), append(f.now, 1000*speed*(1+.001*float64(i)))
	}
	f.now[4] /= 5
	if got := f.judge(); got != like {
		t.Errorf("it is %s: %v", got, f.ratios())
	}
}
