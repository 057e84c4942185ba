package playground

import (
	"context"
	"time"
)

// Clock moves the world's time, and lets the application look for what has become due.
func (c *Console) Clock(_ context.Context, do ClockDo) error {
	r := c.touch()
	d := time.Duration(do.AddSeconds) * time.Second
	now := r.Clock.Now()
	switch do.To {
	case "":
	case "next_working_day":
		d = r.nextOpening(now).Sub(now)
	default:
		to, err := time.Parse(time.RFC3339, do.To)
		if err != nil {
			return Refuse("time")
		}
		d = to.Sub(now)
	}
	r.Clock.Move(d)
	r.App.Wake()
	c.notice()
	return nil
}

// nextOpening is when the desk opens on the next working day after today.
func (w *World) nextOpening(now time.Time) time.Time {
	calendar := w.Desk.Calendar
	tomorrow := calendar.Today(now).AddDays(1)
	return calendar.NextOpening(tomorrow.In(w.Desk.Location))
}
