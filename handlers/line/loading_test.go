package line_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tsunagi/handlers/line"
)

func TestLoading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var shown []string
		l := line.NewLoading(time.Second, func(_ context.Context, user string) {
			mu.Lock()
			defer mu.Unlock()
			shown = append(shown, user)
		})
		pass := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		l.Waits("quick")
		l.Waits("slow")
		pass(900 * time.Millisecond)
		l.Answered("quick")
		l.Waits("slow") // writes again, which does not begin anew
		l.Waits("late")
		pass(100 * time.Millisecond)
		if !slices.Equal(shown, []string{"slow"}) {
			t.Errorf("after 1 s shown to %q, want slow alone", shown)
		}
		l.Answered("slow")
		l.Close()
		l.Waits("after the end")
		pass(time.Minute)
		if !slices.Equal(shown, []string{"slow"}) {
			t.Errorf("after the end shown to %q, want nobody new", shown)
		}
	})
}
