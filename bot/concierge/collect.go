package concierge

import (
	"context"
	"slices"
	"sync"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// How many files a process fetches at once, and how many of them for one person: somebody whose files come slowly leaves
// places for others. A file in memory has 20 MB at most.
const (
	fetchers       = 4
	fetchersPerson = 2
)

// fetching is who fetches files in this process, and for whom.
type fetching struct {
	mu     sync.Mutex
	all    sync.WaitGroup
	count  int
	under  map[bot.ContactID]int // files under way
	served []bot.ContactID       // whoever had a turn, the last one last
}

// servedMost is for how many people it is remembered when they had their turn.
const servedMost = 256

// want wakes the collector.
func (c *Concierge) want() {
	select {
	case c.wanted <- struct{}{}:
	default:
	}
}

// Collect fetches the files people send, several at once and one person after the other, until ctx ends: LINE keeps them
// only for a while. tick is a slow sweep for what LINE has not given yet, or a crash has left.
func (c *Concierge) Collect(ctx context.Context, from Fetcher, tick <-chan time.Time) {
	defer c.fetching.all.Wait()
	for {
		c.collect(ctx, from)
		select {
		case <-ctx.Done():
			return
		case <-c.wanted:
		case <-tick:
		}
	}
}

// collect lets one more fetch, if there is a place.
func (c *Concierge) collect(ctx context.Context, from Fetcher) {
	c.fetching.mu.Lock()
	defer c.fetching.mu.Unlock()
	c.oneMore(ctx, from)
}

func (c *Concierge) oneMore(ctx context.Context, from Fetcher) {
	if c.fetching.count < fetchers {
		c.fetching.count++
		c.fetching.all.Go(func() { c.fetchAll(ctx, from) })
	}
}

// fetchAll fetches one file after the other, as long as there are any.
func (c *Concierge) fetchAll(ctx context.Context, from Fetcher) {
	for {
		f, ok := c.turnOf(ctx, from)
		if !ok {
			return
		}
		if err := c.fetch(ctx, from, f); err != nil {
			c.later(ctx, f, err)
		}
		c.fetching.done(f.Contact)
	}
}

// turnOf takes the file whose turn it is: of whoever has waited longest for one. Where there is one there may be another, so
// somebody else looks, too. That there is none is found while nobody else looks, so that a file that comes just then finds
// either somebody who looks or a free place.
func (c *Concierge) turnOf(ctx context.Context, from Fetcher) (store.File, bool) {
	c.fetching.mu.Lock()
	defer c.fetching.mu.Unlock()
	f, ok, err := c.claim(ctx)
	if err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "wanted files not read", "fault", err)
	}
	if err != nil || !ok {
		c.fetching.count--
		return f, false
	}
	c.fetching.begins(f.Contact)
	c.oneMore(ctx, from)
	return f, true
}

// fetchLease is how long a file is left to who fetches it; should that process die, another one fetches it then.
const fetchLease = fetchTimeout + 10*time.Second

// claim finds the next file and keeps other replicas from fetching it, too; ok is false if there is none.
func (c *Concierge) claim(ctx context.Context) (f store.File, ok bool, err error) {
	for ours := false; err == nil && !ours; {
		err = c.db.InTx(ctx, func(tx *store.Tx) (err error) {
			if f, ok, err = tx.NextFile(ctx, tx.Now, c.fetching.served, c.fetching.busy()); err != nil || !ok {
				ours = true
				return err
			}
			ours, err = tx.ClaimFile(ctx, f.ID, tx.Now.Add(fetchLease))
			return err
		})
	}
	return f, ok, err
}

// busy are the people for whom as many files are fetched as may be.
func (f *fetching) busy() []bot.ContactID {
	var out []bot.ContactID
	for contact, n := range f.under {
		if n >= fetchersPerson {
			out = append(out, contact)
		}
	}
	return out
}

// begins notes that somebody has had a turn.
func (f *fetching) begins(contact bot.ContactID) {
	if f.under == nil {
		f.under = map[bot.ContactID]int{}
	}
	f.under[contact]++
	f.served = append(slices.DeleteFunc(f.served, func(c bot.ContactID) bool { return c == contact }), contact)
	f.served = f.served[max(0, len(f.served)-servedMost):]
}

func (f *fetching) done(contact bot.ContactID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.under[contact]--; f.under[contact] == 0 {
		delete(f.under, contact)
	}
}

// How long LINE is asked for a file. It deletes what people send after a time that it does not say, and promises nothing
// before; a day later its sender still remembers what to send again.
// https://developers.line.biz/en/reference/messaging-api/#get-content
const (
	fetchFor  = 24 * time.Hour
	fetchWait = time.Hour // at most, between two tries
	fetchSoon = time.Second
)

// later asks for a file again after as long as it has been waited for already, so ever less often; after fetchFor it counts
// as gone. A process that ends leaves it to the next one.
func (c *Concierge) later(ctx context.Context, f store.File, why error) {
	if ctx.Err() != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchSoon)
		defer cancel()
		_ = c.putOff(ctx, f, 0) // else it is free when its lease ends
		return
	}
	c.log.WarnContext(ctx, "file not fetched", "file", f.ID, "fault", why)
	age := c.db.Now().Sub(f.CreatedAt)
	err := c.putOff(ctx, f, min(max(age, fetchSoon), fetchWait))
	if age >= fetchFor {
		err = c.refuse(ctx, f, store.FileGone, "concierge.file.gone")
	}
	if err != nil {
		c.log.WarnContext(ctx, "file not put off", "file", f.ID, "fault", err)
	}
}

func (c *Concierge) putOff(ctx context.Context, f store.File, wait time.Duration) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		tx.WantFileAt(f.ID, tx.Now.Add(wait))
		return nil
	})
}
