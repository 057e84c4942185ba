package playground

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"sync"

	"tsunagi/bot/text"
	"tsunagi/handlers/playground/story"
)

// Running is a world with the application that serves it.
type Running struct {
	*World
	App   App
	Flush func(context.Context) error // empties Redis
}

// Console is the page's Backend: it does what the page asks for through the two simulators, as people would, and shows
// in the feed what people see. When everything is to begin anew it asks for another world.
type Console struct {
	renew  func(context.Context) (*Running, error)
	feed   *Feed
	said   *text.Catalogue // of the application: states and faults
	all    []*story.Story
	log    *slog.Logger
	news   chan struct{} // something may have changed
	quiet  chan struct{} // what was under way has ended
	turned chan struct{} // another world is there

	mu      sync.Mutex
	now     *Running
	faults  map[string]bool
	plays   map[string]*play
	seen    []string // stories that this world has seen to their end, in order
	touched bool     // somebody has done something by hand, or left a story in the middle
	playing bool
}

// NewConsole makes the console of a first world; renew ends the world there is and makes another.
func NewConsole(first *Running, renew func(context.Context) (*Running, error), feed *Feed, log *slog.Logger) (*Console, error) {
	said, err := text.Load(first.Desk.Language)
	if err != nil {
		return nil, err
	}
	all, err := Stories(first.Cast)
	if err != nil {
		return nil, err
	}
	return &Console{
		renew: renew, feed: feed, said: said, all: all, log: log, now: first,
		news: make(chan struct{}, 1), quiet: make(chan struct{}, 1), turned: make(chan struct{}, 1),
		faults: map[string]bool{}, plays: map[string]*play{},
	}, nil
}

// Handler serves the page, what there is to see and do, and the picture of the rich menu.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/playground", Handler(c, c.feed))
	mux.Handle("/playground/", Handler(c, c.feed))
	mux.HandleFunc("GET /playground/menu/{id}", c.menuImage)
	mux.Handle("GET /{$}", http.RedirectHandler("/playground/", http.StatusFound))
	return mux
}

// world is the world there is now.
func (c *Console) world() *Running {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// touch notes that somebody does something by hand.
func (c *Console) touch() *Running {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touched = true
	return c.now
}

// notice says that something may have changed.
func (c *Console) notice() { poke(c.news) }

func poke(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// again takes the world back to its beginning, and forgets the stories but those to keep, as played. Whoever calls it has
// entered.
func (c *Console) again(ctx context.Context, keep func(*play) bool) error {
	next, err := c.renew(ctx)
	if err != nil {
		return errors.Join(errors.New("begin anew"), err)
	}
	c.mu.Lock()
	c.now, c.seen, c.touched = next, nil, false
	clear(c.faults)
	maps.DeleteFunc(c.plays, func(_ string, p *play) bool { return !keep(p) })
	c.mu.Unlock()
	poke(c.turned)
	c.notice()
	return nil
}
