package playground

import (
	"context"
	"fmt"
	"time"

	"tsunagi/handlers/playground/story"
	"tsunagi/store"
)

// App is the running application as far as a world must know it.
type App struct {
	// Reader reads its database, for the record below the page.
	Reader *store.Reader
	// Idle waits until nothing is left that could be delivered now.
	Idle func(context.Context) error
	// Wake looks for what has become due, after the clock was moved.
	Wake func()
	// Close ends it.
	Close func() error
}

// Stage is the world as stories are played in it, over one or several applications. Flush empties Redis.
func (w *World) Stage(flush func(context.Context) error, apps ...App) story.Stage {
	return story.Stage{
		Line: w.Line, Slack: w.Slack, Flush: flush,
		Idle: func(ctx context.Context) error { return idle(ctx, apps) },
		Pass: func(_ context.Context, s story.Span) error { return w.Pass(s, apps...) },
	}
}

// idle waits for all; what one does last may give another something to do, so each is asked again.
func idle(ctx context.Context, apps []App) error {
	for range len(apps) {
		for _, a := range apps {
			if err := a.Idle(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// Pass lets time pass.
func (w *World) Pass(s story.Span, apps ...App) error {
	d, err := w.length(s)
	if err != nil {
		return err
	}
	if s.Unit == story.Seconds {
		w.Clock.Begin(d) // nobody has moved the clock, and nothing falls due
		return nil
	}
	w.Clock.Move(d)
	for _, a := range apps {
		a.Wake()
	}
	return nil
}

func (w *World) length(s story.Span) (time.Duration, error) {
	switch s.Unit {
	case story.Seconds:
		return time.Duration(s.N) * time.Second, nil
	case story.Minutes:
		return time.Duration(s.N) * time.Minute, nil
	case story.Hours:
		return time.Duration(s.N) * time.Hour, nil
	case story.Days:
		return time.Duration(s.N) * 24 * time.Hour, nil
	case story.WorkingDays:
		today := w.Desk.Calendar.Today(w.Clock.Now())
		days := w.Desk.Calendar.AddWorkingDays(today, s.N).DaysSince(today)
		return time.Duration(days) * 24 * time.Hour, nil
	}
	return 0, fmt.Errorf("time is not counted in %q", s.Unit)
}
