package concierge

import (
	"fmt"
	"slices"
	"testing"
)

// enter lets a visit of a person wait.
func (r *rounds) visitOf(user string, n int) *visit {
	v := newVisit(Event{ID: fmt.Sprint(user, n), User: user})
	r.enter(v)
	return v
}

func members(round []*visit) []string {
	var out []string
	for _, v := range round {
		out = append(out, v.e.ID)
	}
	return out
}

func TestRounds(t *testing.T) {
	t.Parallel()
	t.Run("the first goes at once", func(t *testing.T) {
		var r rounds
		v := r.visitOf("a", 1)
		if got := members(<-v.leads); !slices.Equal(got, []string{"a1"}) {
			t.Errorf("round %v, want a1 alone", got)
		}
	})
	t.Run("those that come meanwhile go together, in their order, each person once", func(t *testing.T) {
		r := full()
		b1 := r.visitOf("b", 1)
		r.visitOf("c", 1)
		b2 := r.visitOf("b", 2)
		r.visitOf("a", 1)
		r.over()
		if got := members(<-b1.leads); !slices.Equal(got, []string{"b1", "c1", "a1"}) {
			t.Errorf("round %v, want b1 c1 a1", got)
		}
		r.over()
		if len(b2.leads) > 0 {
			t.Error("b's second event went before the first was through")
		}
		r.leave(b1)
		if got := members(<-b2.leads); !slices.Equal(got, []string{"b2"}) {
			t.Errorf("round %v, want b2", got)
		}
	})
	t.Run("a round has its bounds", func(t *testing.T) {
		r := full()
		first := r.visitOf("0", 0)
		for n := 1; n < roundSize+5; n++ {
			r.visitOf(fmt.Sprint(n), n)
		}
		if len(first.leads) > 0 {
			t.Error("a round too many began")
		}
		r.over()
		if got := len(<-first.leads); got != roundSize || len(r.waiting) != 5 {
			t.Errorf("%d went and %d wait, want %d and 5", got, len(r.waiting), roundSize)
		}
	})
	t.Run("who gives up is gone, unless its round has begun", func(t *testing.T) {
		r := full()
		v := r.visitOf("a", 1)
		if !r.giveUp(v) || r.giveUp(v) {
			t.Error("want it given up once")
		}
		r.leave(v)
		w := r.visitOf("a", 2)
		r.over()
		if r.giveUp(w) || len(w.leads) != 1 {
			t.Error("its round has begun, it cannot be given up")
		}
	})
}

// full is rounds of which as many are under way as there may be.
func full() *rounds {
	r := &rounds{}
	for n := range roundsAtOnce {
		r.visitOf(fmt.Sprint("before", n), n)
	}
	return r
}
