package watch

import (
	"context"
	"sync"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// People tells whether somebody is still of the desk; handlers/slack does.
type People interface {
	// Absent is an error if it cannot be told now.
	Absent(ctx context.Context, slackUser string) (bot.Absence, error)
}

// ownersEvery is how often Slack is asked for the owners of open proposals. Slack tells at once when somebody goes; this is
// for what it told in vain, while we were away.
const ownersEvery = time.Hour

// round is when something that is due now and then was last done. Sweeps may overlap when the clock is moved.
type round struct {
	mu   sync.Mutex
	last time.Time
}

// begins reports whether a new round is due, and begins it.
func (r *round) begins(now time.Time, every time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.last.IsZero() && now.Before(r.last.Add(every)) {
		return false
	}
	r.last = now
	return true
}

// forget makes a new round due.
func (r *round) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = time.Time{}
}

// owners asks for each owner of open proposals whether they are still there. When Slack cannot be asked for one, it cannot
// be for the others: the next round asks again.
func (w *Watch) owners(ctx context.Context) {
	if !w.round.begins(w.DB.Now(), ownersEvery) {
		return
	}
	for owner := ""; ctx.Err() == nil; {
		next, err := w.DB.NextOwner(ctx, owner)
		if err == nil {
			err = w.owner(ctx, next)
		} else if bot.KindOf(err) == bot.NotFound {
			return
		}
		if err != nil {
			w.Log.WarnContext(ctx, "owners not looked at", "after", owner, "fault", err)
			return
		}
		owner = next
	}
}

// owner gives the proposals of an owner who has gone back to the desk's queue.
func (w *Watch) owner(ctx context.Context, user string) error {
	why, err := w.People.Absent(ctx, user)
	if err != nil || why == bot.Present {
		return err
	}
	event := "owner-" + user
	var vacant []bot.Proposal
	err = w.DB.InTx(ctx, func(tx *store.Tx) (err error) {
		vacant, err = w.Ledger.Vacate(ctx, tx, ledger.Vacancy{Event: event, Owner: user, Why: why})
		return err
	})
	if err == nil && len(vacant) > 0 {
		w.Log.InfoContext(ctx, "owner gone", "event", event, "why", why, "proposals", len(vacant))
	}
	return err
}
