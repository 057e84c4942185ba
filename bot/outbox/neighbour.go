package outbox

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tsunagi/store"
)

// A process is taken for dead when it has given no sign of life while we gave so many, and Postgres has seen its connection
// end. Neither is enough: a process that stands still, or is cut off without a word, has lost no connection and may be
// sending; one that has lost its connection for a moment goes on giving signs. A killed one has ended both, and what it held
// goes on within seconds. Whoever is only thought dead keeps its leases until they run out.
const (
	silentBeats = 3
	// After we ourselves could not reach Postgres, what kept us away may keep others away still. Then nobody is judged
	// for as long as a lease lasts.
	calmBeats = int(store.Lease / sweepEvery)
)

// watch is what one process knows of the others; it looks once a second.
type watch struct {
	outbox     *Outbox
	neighbours map[uuid.UUID]neighbour
	calm       int // signs of life still to be given before anybody is judged
}

type neighbour struct {
	count  int64
	silent int // signs we gave since its last
}

// look gives a sign of life, and sees to what the dead have left.
func (w *watch) look(ctx context.Context) {
	beats, err := w.beat(ctx)
	if err != nil {
		w.neighbours, w.calm = nil, calmBeats
		if ctx.Err() == nil {
			w.outbox.Log.Warn("no sign of life given", "fault", err)
		}
		return
	}
	w.calm = max(0, w.calm-1)
	before := w.neighbours
	w.neighbours = make(map[uuid.UUID]neighbour, len(beats))
	for _, b := range beats {
		n := neighbour{count: b.Count}
		if old, known := before[b.Process]; known && old.count == b.Count {
			n.silent = old.silent + 1
		}
		w.neighbours[b.Process] = n
		if n.silent >= silentBeats && w.calm == 0 {
			w.bury(ctx, b.Process)
		}
	}
}

func (w *watch) beat(ctx context.Context) ([]store.Beat, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return w.outbox.db.Beat(ctx)
}

// bury lets what a dead process held be claimed by whoever comes first.
func (w *watch) bury(ctx context.Context, process uuid.UUID) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	gone := false
	err := w.outbox.db.InTx(ctx, func(tx *store.Tx) (err error) {
		gone, err = tx.Bury(ctx, process)
		return err
	})
	switch {
	case err != nil:
		w.outbox.Log.Warn("dead process not buried", "process", process, "fault", err)
	case gone:
		w.outbox.Log.Warn("process is dead; its deliveries are taken over", "process", process, "silent", silentBeats*time.Second)
	}
}
