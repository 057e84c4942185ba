package main

import (
	"fmt"
	"slices"
)

// figure is one figure of two programs that were measured by turns, pair by pair.
type figure struct {
	name        string
	unit        string
	more        bool // the more the better
	before, now []float64
}

// judgement is how a figure stands to what it was.
type judgement string

const (
	worse  judgement = "worse"
	better judgement = "better"
	like   judgement = "the same, within 3 %"
	unsure judgement = "not sure"
)

// tolerance is what counts as no change, however sure it is.
const tolerance = .03

// judge is worse or better only if the whole interval of the ratio lies beyond the tolerance, and the same only if it lies
// within. Anything else needs more pairs, or a machine with less else to do.
func (f figure) judge() judgement {
	ratios := f.ratios()
	low, _, high := interval(ratios)
	down, up := high < 1-tolerance, low > 1+tolerance
	switch {
	case len(ratios) < leastPairs:
		return unsure
	case down && f.more, up && !f.more:
		return worse
	case down, up:
		return better
	case low >= 1-tolerance && high <= 1+tolerance:
		return like
	}
	return unsure
}

// ratios are now's figures, of what they were in the same pair. What the machine does meanwhile is the same in both.
func (f figure) ratios() []float64 {
	var out []float64
	for i, was := range f.before[:min(len(f.before), len(f.now))] {
		if was > 0 {
			out = append(out, f.now[i]/was)
		}
	}
	return out
}

func (f figure) row() []string {
	low, mid, high := interval(f.ratios())
	shown := func(values []float64) string {
		_, mid, _ := interval(values)
		return fmt.Sprintf("%.4g %s", mid, f.unit)
	}
	return []string{
		f.name, shown(f.before), shown(f.now), fmt.Sprintf("%.3f", mid), fmt.Sprintf("%.3f to %.3f", low, high), string(f.judge()),
	}
}

// leastPairs is how many it takes at least: with fewer than six values there is no such interval at all, and with six one
// measurement that was disturbed decides.
const leastPairs = 7

// interval is the median of values, and two of them between which the true median lies with 95 % or more. These are order
// statistics: they assume nothing of how the values are spread, only that one does not depend on another.
// https://en.wikipedia.org/wiki/Median#Confidence_intervals
func interval(values []float64) (low, mid, high float64) {
	n := len(values)
	if n == 0 {
		return 0, 0, 0
	}
	sorted := slices.Sorted(slices.Values(values))
	out := outer(n)
	return sorted[out], (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-1-out]
}

// outer is how many of n values, at each end, may be left out, so that the true median lies among the others with 95 %. Each
// value is below it or above it as a coin falls.
func outer(n int) int {
	tail, ways, all := 0.0, 1.0, 1.0
	for range n {
		all *= 2
	}
	for k := range n / 2 {
		if tail += ways / all; 1-2*tail < .95 {
			return max(0, k-1)
		}
		ways = ways * float64(n-k) / float64(k+1)
	}
	return max(0, n/2-1)
}
