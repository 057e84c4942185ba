package concierge

import "context"

// CollectNow fetches the files that are wanted, once.
func (c *Concierge) CollectNow(ctx context.Context, from Fetcher) { c.collect(ctx, from) }
