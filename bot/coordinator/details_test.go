package coordinator_test

import (
	"fmt"
	"strings"
	"testing"

	"tsunagi/bot/msg"
)

// What does not fit into the details says so.
func TestDetails_of_a_long_thread(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	read := func() string {
		r, err := h.do(sato(), msg.Do("proposal.details", "proposal", "1"))
		if err != nil || r.Open == nil {
			t.Fatalf("got %+v, %v", r, err)
		}
		return show(msg.Message{Blocks: r.Open.Blocks})
	}
	for i := range 20 {
		h.hear(p, fmt.Sprintf("%d通目です。", i+1))
	}
	if got := read(); strings.Contains(got, "それより前のもの") || !strings.Contains(got, "1通目です。") {
		t.Errorf("of 20 messages the desk reads %s", got)
	}
	h.hear(p, "21通目です。")
	has(t, read(), "新しい20件", "それより前のもの", "21通目です。")
}
