package concierge

import (
	"fmt"
	"slices"
	"testing"
)

// watched is rounds that begin when the test looks at them, and end when it says so.
type watched struct {
	rounds
	begun chan []*visit
}

func newWatched() *watched {
	w := &watched{begun: make(chan []*visit, 9)}
	w.lead = func(round []*visit) { w.begun <- round }
	return w
}

// visitOf lets an event of a person wait.
func (w *watched) visitOf(user string, n int) *visit {
	v := newVisit(Event{ID: fmt.Sprint(user, n), User: user})
	w.enter(v)
	return v
}

// next gives the events of the round that has begun; none if none has.
func (w *watched) next() (events []string) {
	w.all.Wait()
	select {
	case round := <-w.begun:
		for _, v := range round {
			events = append(events, v.e.ID)
		}
	default:
	}
	return events
}

func TestRounds(t *testing.T) {
	t.Parallel()
	t.Run("the first goes at once", func(t *testing.T) {
		w := newWatched()
		w.visitOf("a", 1)
		if got := w.next(); !slices.Equal(got, []string{"a1"}) {
			t.Errorf("round %v, want a1 alone", got)
		}
	})
	t.Run("those that come meanwhile go together, in their order, each person once", func(t *testing.T) {
		w := underWay()
		b1 := w.visitOf("b", 1)
		w.visitOf("c", 1)
		w.visitOf("b", 2)
		w.visitOf("a", 1)
		w.over()
		if got := w.next(); !slices.Equal(got, []string{"b1", "c1", "a1"}) {
			t.Errorf("round %v, want b1 c1 a1", got)
		}
		w.over()
		if got := w.next(); got != nil {
			t.Errorf("%v went before b's first event was through", got)
		}
		w.leave(b1)
		if got := w.next(); !slices.Equal(got, []string{"b2"}) {
			t.Errorf("round %v, want b2", got)
		}
	})
	t.Run("who is through does not begin a round before the last is over", func(t *testing.T) {
		w := newWatched()
		a1 := w.visitOf("a", 1)
		w.next()
		w.visitOf("a", 2)
		w.leave(a1)
		if got := w.next(); got != nil {
			t.Errorf("%v went while a round was under way", got)
		}
		w.over()
		if got := w.next(); !slices.Equal(got, []string{"a2"}) {
			t.Errorf("round %v, want a2", got)
		}
	})
	t.Run("a second goes beside it once many wait, and no third", func(t *testing.T) {
		w := underWay()
		for n := range manyWait - 1 {
			w.visitOf(fmt.Sprint(n), n)
		}
		if got := w.next(); got != nil {
			t.Errorf("%v went beside the first while few waited", got)
		}
		w.visitOf("one more", 1)
		if got := len(w.next()); got != manyWait {
			t.Errorf("%d went in the second round, want %d", got, manyWait)
		}
		for n := range roundSize + 5 {
			w.visitOf(fmt.Sprint("later", n), n)
		}
		if got := w.next(); got != nil {
			t.Errorf("%v went in a third round", got)
		}
	})
	t.Run("a round has its bounds", func(t *testing.T) {
		w := underWay()
		for n := range manyWait {
			w.visitOf(fmt.Sprint(n), n)
		}
		w.next()
		for n := range roundSize + 5 {
			w.visitOf(fmt.Sprint("later", n), n)
		}
		w.over()
		if got := len(w.next()); got != roundSize || len(w.waiting) != 5 {
			t.Errorf("%d went and %d wait, want %d and 5", got, len(w.waiting), roundSize)
		}
	})
	t.Run("who gives up is gone, unless its round has begun", func(t *testing.T) {
		w := underWay()
		v := w.visitOf("a", 1)
		if !w.giveUp(v) || w.giveUp(v) {
			t.Error("want it given up once")
		}
		later := w.visitOf("a", 2)
		w.over()
		if got := w.next(); w.giveUp(later) || !slices.Equal(got, []string{"a2"}) {
			t.Errorf("round %v: a2 has begun, it cannot be given up", got)
		}
	})
}

// underWay is rounds of which one has begun.
func underWay() *watched {
	w := newWatched()
	w.visitOf("before", 1)
	w.next()
	return w
}
