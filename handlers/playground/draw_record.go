package playground

import (
	"context"
	"errors"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// recent is how much of the record is shown; it is counted whole.
const recent = 300

// drawRecord shows deliveries and proposals as the application's database has them. While that cannot be read, what was
// shown last stays.
func (c *Console) drawRecord(ctx context.Context, r *Running, sections map[string]any) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	deliveries, err := r.App.Reader.RecentDeliveries(ctx, recent)
	if err == nil {
		sections[SectionDeliveries] = c.deliveries(r, deliveries)
	}
	counts, err3 := r.App.Reader.CountDeliveries(ctx)
	if err3 == nil {
		sections[SectionCounts] = counts
	}
	proposals, err2 := r.App.Reader.RecentProposals(ctx, recent)
	if err2 == nil {
		out := []Proposal{}
		for _, p := range proposals {
			out = append(out, c.proposal(p))
		}
		sections[SectionProposals] = out
	}
	if fault := errors.Join(err, err2, err3); fault != nil && ctx.Err() == nil {
		c.log.DebugContext(ctx, "record not read", "fault", fault)
	}
}

// proposal is one line of the record; what has ended has no next date.
func (c *Console) proposal(p bot.Proposal) Proposal {
	out := Proposal{
		Number: p.Number, Title: p.Title, State: string(p.State), StateLabel: c.said.Say(text.Say(p.State.Key())), Owner: p.Owner,
	}
	if proposal.Open(p.State) {
		out.NextDate = p.NextDate.Format(time.DateOnly)
	}
	return out
}

func (c *Console) deliveries(r *Running, all []store.RecentDelivery) []Delivery {
	out := []Delivery{}
	for _, d := range all {
		one := Delivery{
			ID: d.ID.String(), Lane: string(d.Lane), Kind: d.Kind, State: string(d.State), Tries: d.Tries,
			At: d.CreatedAt.In(r.World.Desk.Location).Format(time.RFC3339Nano),
		}
		if d.Fault != "" {
			one.Error = c.said.Say(text.Say(d.Fault))
		}
		out = append(out, one)
	}
	return out
}

func drawClock(r *Running) Clock {
	return Clock{
		Now:           r.Clock.Now().In(r.World.Desk.Location).Format(time.RFC3339),
		OffsetSeconds: int64(r.Clock.Moved() / time.Second),
	}
}
