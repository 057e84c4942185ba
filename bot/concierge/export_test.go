package concierge

import (
	"context"
	"maps"
	"slices"
)

// CollectNow fetches the files that are wanted, once.
func (c *Concierge) CollectNow(ctx context.Context, from Fetcher) {
	c.collect(ctx, from)
	c.fetching.all.Wait()
}

// Together takes events in one round and tells which were committed with it; the others would go alone.
func (c *Concierge) Together(ctx context.Context, events ...Event) (map[string]bool, error) {
	round := make([]*visit, len(events))
	for i, e := range events {
		round[i] = newVisit(e)
	}
	took, err := c.takeTogether(ctx, round)
	committed := map[string]bool{}
	for _, v := range round {
		committed[v.e.ID] = slices.Contains(took, v)
	}
	return committed, err
}

// Presses are the Do's of all buttons that the concierge answers.
func Presses() []string { return slices.Sorted(maps.Keys(presses())) }
