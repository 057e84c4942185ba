package coordinator

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// takesPart refuses, as nothing that is left to say, what was said before the department that would read it was first asked.
// Every message, file and outcome passes here on its way into a thread, whatever has put it there: a message that was filed
// late, a reply that had to wait, a file that took its time.
func (c *Coordinator) takesPart(ctx context.Context, r *store.Reader, d store.Delivery, said time.Time) error {
	p, department := place(d)
	if department == "" {
		return nil
	}
	f, err := r.Referral(ctx, p, department)
	if err == nil && said.Before(f.FirstAskedAt) {
		err = bot.Refuse(bot.NotFound, "error.not_found")
	}
	return err
}
