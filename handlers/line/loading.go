package line

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

// loading shows people that they were heard when the answer takes a while. The animation ends with our next message.
type loading struct {
	after time.Duration
	show  func(ctx context.Context, user string)
	life  context.Context // ends with close
	end   context.CancelFunc

	mu     sync.Mutex
	timers map[string]*time.Timer // by user
	closed bool
	calls  sync.WaitGroup
}

// loadingSeconds is the shortest there is: should another replica have answered, it is soon gone.
// https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator
const loadingSeconds = 5

// loadingTimeout is short: an animation that comes late comes after the answer.
const loadingTimeout = 2 * time.Second

func newLoading(after time.Duration, show func(context.Context, string)) *loading {
	l := &loading{after: after, show: show, timers: map[string]*time.Timer{}}
	l.life, l.end = context.WithCancel(context.Background())
	return l
}

// waits begins to count for a person who waits for an answer, unless that has begun already.
func (l *loading) waits(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.timers[user] != nil {
		return
	}
	l.timers[user] = time.AfterFunc(l.after, func() { l.due(user) })
}

// answered ends the wait.
func (l *loading) answered(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.timers[user]; t != nil {
		t.Stop()
		delete(l.timers, user)
	}
}

func (l *loading) due(user string) {
	l.mu.Lock()
	if l.closed || l.timers[user] == nil {
		l.mu.Unlock()
		return
	}
	delete(l.timers, user)
	l.calls.Add(1)
	l.mu.Unlock()
	defer l.calls.Done()
	ctx, cancel := context.WithTimeout(l.life, loadingTimeout)
	defer cancel()
	l.show(ctx, user)
}

// close forgets whoever waits, and waits for calls under way.
func (l *loading) close() {
	l.mu.Lock()
	l.closed = true
	for _, t := range l.timers {
		t.Stop()
	}
	clear(l.timers)
	l.mu.Unlock()
	l.end()
	l.calls.Wait()
}

// showLoading shows the animation. Should that fail, the log has it, and the answer comes all the same.
func (c *Client) showLoading(ctx context.Context, user string) {
	_, _ = c.call(ctx, func(a apis) (*http.Response, error) {
		res, _, err := a.api.ShowLoadingAnimationWithHttpInfo(&messaging_api.ShowLoadingAnimationRequest{
			ChatId: user, LoadingSeconds: loadingSeconds,
		})
		return res, err
	})
}
