// Package watch is what time does. It looks at drafts that were left alone: their authors are reminded once, and told when
// the draft will go; when that day is over, its answers and files are erased. And it asks each hour whether those who own
// open proposals are still at the desk. A hold ends on its date, a card says that its date has passed, and each working day
// begins with one digest. Of a reply that waits to go the desk reads that it does. Each hour it looks whether the channels of the
// profile are fit to carry cases; those that are not carry nothing.
//
// Each draft and each proposal is looked at in a transaction of its own, which locks the contact and passes over what another
// process holds, so that any number of replicas may watch. It never calls a platform but to ask who is there, and
// never speaks: what it has to say are deliveries that the other flows compose. Begin reading with Run, then look.
package watch

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// Parts are what a watch is made of.
type Parts struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Desk   *bot.Desk
	People People
	// Channels looks at the channels of the profile; nil: nobody looks.
	Channels Channels
	// Changed hears that channels were looked at, and some may have been closed or opened. nil: nobody does.
	Changed func(context.Context)
	Log     *slog.Logger
	// Observe counts what became of drafts: reminded, expired. nil: nobody counts.
	Observe func(outcome string)
	// Due counts what time did to proposals: resumed, overdue. nil: nobody counts.
	Due func(outcome string)
}

// Watch looks at drafts, and at proposals and their owners.
type Watch struct {
	Parts
	round round // for owners
	looks round // at channels
}

// New makes the watch of a desk.
func New(p Parts) *Watch {
	if p.Observe == nil {
		p.Observe = func(string) {}
	}
	if p.Due == nil {
		p.Due = func(string) {}
	}
	if p.Changed == nil {
		p.Changed = func(context.Context) {}
	}
	return &Watch{Parts: p}
}

// Run sweeps at each tick until ctx ends.
func (w *Watch) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		w.Sweep(ctx)
		select {
		case <-tick:
		case <-ctx.Done():
			return
		}
	}
}

// Sweep looks once at all that is due.
func (w *Watch) Sweep(ctx context.Context) {
	w.channels(ctx)
	w.held(ctx)
	w.behind(ctx)
	w.drafts(ctx)
	w.owners(ctx)
	w.holds(ctx)
	w.overdue(ctx)
	w.digest(ctx)
}

// drafts looks at every draft that is due. One that cannot be looked at does not hold up those behind it, and is due again
// at the next sweep.
func (w *Watch) drafts(ctx context.Context) {
	for at := (store.DuePlace{}); ctx.Err() == nil; {
		next, err := w.one(ctx, at)
		if err != nil && bot.KindOf(err) != bot.NotFound {
			w.Log.WarnContext(ctx, "draft not looked at", "draft", next.ID, "fault", err)
		}
		if next == at {
			return
		}
		at = next
	}
}

// one looks at the first draft after a place that is due, and gives its place.
func (w *Watch) one(ctx context.Context, after store.DuePlace) (at store.DuePlace, err error) {
	at = after
	outcome := ""
	err = w.DB.InTx(ctx, func(tx *store.Tx) error {
		d, err := tx.ClaimDueDraft(ctx, after)
		if err != nil {
			return err
		}
		at = d.Place
		outcome, err = w.look(tx, d)
		return err
	})
	if err == nil && outcome != "" {
		w.Log.InfoContext(ctx, "draft "+outcome, "event", eventOf(at.ID), "draft", at.ID)
		w.Observe(outcome)
	}
	return at, err
}

// look does what is due with a draft, or sets when to look again; the outcome is empty if nothing was due.
func (w *Watch) look(tx *store.Tx, d store.DueDraft) (outcome string, err error) {
	if d.State != store.DraftOpen && d.State != store.DraftPaused {
		return "", nil
	}
	due := w.next(d, tx.Now)
	switch {
	case due.After(tx.Now):
		tx.LookAtDraft(d.ID, due)
		return "", nil
	case w.reminds(d):
		return "reminded", w.remind(tx, d)
	}
	w.expire(tx, d)
	return "expired", nil
}

// reminds reports whether a reminder is what comes next: not for whom it cannot reach.
func (w *Watch) reminds(d store.DueDraft) bool {
	return !d.RemindedAt.After(d.TouchedAt) && !d.Talk.Blocked
}

// next is when the next thing is due. A reminder that comes late still comes within office hours.
func (w *Watch) next(d store.DueDraft, now time.Time) time.Time {
	if !w.reminds(d) {
		return w.gone(d.TouchedAt, d.RemindedAt)
	}
	at := w.Desk.DraftReminder(d.TouchedAt)
	if at.After(now) {
		return at
	}
	return w.Desk.Calendar.NextOpening(now)
}

// gone is the end of the last day on which a draft is kept.
func (w *Watch) gone(left, reminded time.Time) time.Time {
	return w.Desk.DraftKept(left, reminded).AddDays(1).In(w.Desk.Location)
}

func (w *Watch) remind(tx *store.Tx, d store.DueDraft) error {
	tx.Reminded(d.ID, w.gone(d.TouchedAt, tx.Now))
	return tx.Put(ledger.Reminder(d.Talk.LineUser, d.ID, eventOf(d.ID)))
}

// expire erases a draft. Its author's talk moves on without it, which whatever Redis has of it does not outlive; that the
// draft is gone is said when the person writes again.
func (w *Watch) expire(tx *store.Tx, d store.DueDraft) {
	if d.Talk.Draft == d.ID {
		d.Talk.Draft = 0
		tx.SaveTalk(d.Talk)
	}
	tx.DropDraft(d.ID, store.DraftExpired)
}

// eventOf names what happens to a draft without an event from outside, for the log.
func eventOf(d bot.DraftID) string { return "draft-" + strconv.FormatInt(int64(d), 10) }
