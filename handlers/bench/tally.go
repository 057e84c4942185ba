package main

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// tally counts one phase of events and what came back for each: when it was sent, acknowledged and answered, and how
// often it was answered. Every event has one place in it, and its reply token names that place.
type tally struct {
	phase   uint32
	began   time.Time
	entries []entry
	used    atomic.Int64
	pushes  atomic.Int64 // messages that came without a reply token
}

// entry is one event. Times are nanoseconds since the tally began; 0 is not yet.
type entry struct {
	sent, acked, answered atomic.Int64
	answers               atomic.Int32
	status                atomic.Int32
	person                atomic.Pointer[person]
}

// person waits for the answer to what was done last.
type person struct {
	user    string
	answers chan struct{}
}

func newPerson(user string) *person { return &person{user: user, answers: make(chan struct{}, 1)} }

func newTally(phase uint32, events int) *tally {
	return &tally{phase: phase, began: time.Now(), entries: make([]entry, events)}
}

func (t *tally) now() int64 { return max(int64(time.Since(t.began)), 1) }

// event takes the next place; ok is false when the tally is full.
func (t *tally) event(p *person) (e *entry, n int64, ok bool) {
	n = t.used.Add(1) - 1
	if n >= int64(len(t.entries)) {
		return nil, 0, false
	}
	e = &t.entries[n]
	e.person.Store(p)
	e.sent.Store(t.now())
	return e, n, true
}

// token is a reply token: 32 hexadecimal digits, as LINE's.
func (t *tally) token(n int64) string { return fmt.Sprintf("%08x%024x", t.phase, n) }

// find reads a token; nil for one of another phase or of nobody.
func (t *tally) find(token string) *entry {
	if len(token) != 32 {
		return nil
	}
	phase, err := strconv.ParseUint(token[:8], 16, 32)
	n, err2 := strconv.ParseInt(token[16:], 16, 64)
	if err != nil || err2 != nil || uint32(phase) != t.phase || n < 0 || n >= min(t.used.Load(), int64(len(t.entries))) {
		return nil
	}
	return &t.entries[n]
}

// answer notes an answer; false for a token that has been used.
func (t *tally) answer(e *entry) bool {
	if e.answers.Add(1) > 1 {
		return false
	}
	e.answered.Store(t.now())
	if p := e.person.Load(); p != nil {
		select {
		case p.answers <- struct{}{}:
		default:
		}
	}
	return true
}

func (t *tally) ack(e *entry, status int) {
	e.acked.Store(t.now())
	e.status.Store(int32(status))
}

// sum is what a tally comes to.
type sum struct {
	events, refused, lost, doubled int
	pushes                         int64
	acked, answered                []time.Duration // sorted
	took                           time.Duration   // from the first event to the last answer
}

func (t *tally) sum() sum {
	var s sum
	n := min(t.used.Load(), int64(len(t.entries)))
	last := int64(0)
	for i := range t.entries[:n] {
		e := &t.entries[i]
		s.events++
		if e.status.Load() != 200 {
			s.refused++
		} else {
			s.acked = append(s.acked, time.Duration(e.acked.Load()-e.sent.Load()))
		}
		switch answers := e.answers.Load(); {
		case answers == 0:
			s.lost++
		case answers > 1:
			s.doubled++
			fallthrough
		default:
			s.answered = append(s.answered, time.Duration(e.answered.Load()-e.sent.Load()))
		}
		last = max(last, e.answered.Load(), e.acked.Load())
	}
	slices.Sort(s.acked)
	slices.Sort(s.answered)
	s.pushes, s.took = t.pushes.Load(), time.Duration(last)
	return s
}

func (s sum) perSecond() float64 { return float64(s.events-s.lost) / s.took.Seconds() }

// faults is empty when every event was acknowledged and answered exactly once.
func (s sum) faults() string {
	if s.refused+s.lost+s.doubled+int(s.pushes) == 0 {
		return "none"
	}
	return fmt.Sprintf("%d refused, %d without answer, %d answered twice, %d pushed", s.refused, s.lost, s.doubled, s.pushes)
}

// at is the p-th of sorted durations, p from 0 to 1.
func at(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// median of values that need not be sorted.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
