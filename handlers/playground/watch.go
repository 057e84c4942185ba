package playground

import (
	"context"
	"sync"
	"time"

	"tsunagi/handlers/line/linesim"
)

// Run keeps the feed as the world is until ctx ends. It draws when a simulator's record grows, when a delivery was
// tried, and once more when all that is under way has come to its end; however much happens at once, it draws once.
func (c *Console) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		world, end := context.WithCancel(ctx)
		c.watch(world, end, c.world())
	}
	return nil
}

// clockEvery is how old the time may be that a newly opened page begins with.
const clockEvery = 15 * time.Second

// watch follows one world until another takes its place.
func (c *Console) watch(ctx context.Context, end context.CancelFunc, r *Running) {
	var all sync.WaitGroup
	all.Go(func() { c.followLine(ctx, r) })
	all.Go(func() { c.followSlack(ctx, r) })
	settle := make(chan struct{}, 1)
	all.Go(func() { c.settle(ctx, r, settle) })
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for c.show(ctx, r); ; c.show(ctx, r) {
		select {
		case <-c.news:
			poke(settle)
		case <-c.quiet:
		case <-tick.C: // the clock goes on
		case <-c.turned:
			end()
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			end()
			all.Wait()
			return
		}
	}
}

func (c *Console) followLine(ctx context.Context, r *Running) {
	for ctx.Err() == nil {
		if _, err := r.Line.Wait(ctx, r.Line.Last(), func(linesim.Entry) bool { return true }); err == nil {
			c.notice()
		}
	}
}

func (c *Console) followSlack(ctx context.Context, r *Running) {
	for {
		changed := r.Slack.Changed()
		c.notice()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// settle waits for the end of what is under way, since outcomes of deliveries are recorded a moment after they show.
func (c *Console) settle(ctx context.Context, r *Running, wanted <-chan struct{}) {
	for {
		select {
		case <-wanted:
		case <-ctx.Done():
			return
		}
		if err := r.App.Idle(ctx); err != nil && ctx.Err() == nil {
			c.log.WarnContext(ctx, "deliveries do not come to an end", "fault", err)
			continue
		}
		poke(c.quiet)
	}
}

// show puts all sections into the feed, which passes on those that have changed.
func (c *Console) show(ctx context.Context, r *Running) {
	sections := map[string]any{SectionDesk: c.desk(r), SectionClock: drawClock(r), SectionLinks: map[string]string{}}
	c.drawLine(r, sections)
	c.drawSlack(r, sections)
	c.drawPlays(sections)
	c.drawRecord(ctx, r, sections)
	if err := c.feed.Put(sections); err != nil {
		c.log.ErrorContext(ctx, "page not drawn", "fault", err)
	}
}
