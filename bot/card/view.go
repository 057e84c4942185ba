package card

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// notesOnCard is how many of the latest presses a card shows; the thread under it has them all. Those that the card says
// elsewhere are left out, so more are read.
const notesOnCard, notesRead = 5, 30

// View is what a card is made of, as one reader may see it.
type View struct {
	bot.Proposal
	Reader      bot.DepartmentID // empty: the desk
	Particulars []store.Particular
	Referrals   []bot.Referral
	History     []store.Entry
	Unanswered  bool      // the organization waits for the answer that its receipt or the reopening promised; only the desk reads it
	Blocked     bool      // the organization has blocked the account, so that no words reach it; only the desk reads it
	Held        time.Time // since when words to the organization wait to go; zero: none do. Only the desk reads it
	Waiting     store.Waiting
	Wrote       store.Message // the newest of what the city has not answered; without id: all is answered. Only the desk reads it
}

// Read reads a proposal as the desk (reader "") or a department may see it; bot.NotFound if there is none. That the
// department was asked is for the caller to see to; one that was not sees nothing protected.
func Read(ctx context.Context, r *store.Reader, id bot.ProposalID, reader bot.DepartmentID) (View, error) {
	v := View{Reader: reader}
	var err error
	if v.Proposal, err = r.Proposal(ctx, id); err != nil {
		return v, err
	}
	if v.Particulars, err = r.Particulars(ctx, id); err != nil {
		return v, err
	}
	if v.Referrals, err = r.Referrals(ctx, id); err != nil {
		return v, err
	}
	if v.History, err = r.History(ctx, id, notesRead); err != nil {
		return v, err
	}
	return v, v.readAnswer(ctx, r)
}

func (v *View) readAnswer(ctx context.Context, r *store.Reader) error {
	if v.Reader != "" {
		return nil
	}
	contact, err := r.Contact(ctx, v.Contact)
	if err != nil {
		return err
	}
	v.Blocked = contact.Blocked
	if err := v.readHeld(ctx, r); err != nil {
		return err
	}
	if err := v.readWaiting(ctx, r); err != nil || !ledger.AwaitsAnswer(v.State) {
		return err
	}
	replied, err := r.Replied(ctx, v.Proposal)
	v.Unanswered = err == nil && !replied
	return err
}

func (v *View) readHeld(ctx context.Context, r *store.Reader) error {
	held, err := r.Held(ctx, v.ID, ledger.KindReply)
	v.Held = held.CreatedAt
	if bot.KindOf(err) == bot.NotFound {
		return nil
	}
	return err
}

func (v *View) readWaiting(ctx context.Context, r *store.Reader) error {
	waiting, err := r.Waiting(ctx, v.ID)
	if err != nil || len(waiting) == 0 {
		return err
	}
	v.Waiting = waiting[v.ID]
	v.Wrote, err = r.Message(ctx, v.Waiting.Last)
	return err
}

// seen is the newest line of the history that the card was made from. It is read before what waits for an answer, so that a
// button never settles a message which its presser has not seen.
func (v View) seen() int64 {
	if len(v.History) == 0 {
		return 0
	}
	return v.History[len(v.History)-1].ID
}

// Own is the reader's own referral.
func (v View) Own() (bot.Referral, bool) {
	for _, f := range v.Referrals {
		if f.Department == v.Reader {
			return f, true
		}
	}
	return bot.Referral{}, false
}

// Sees reports whether the reader may see a particular: the desk sees all, a department what the ledger lets it.
func (v View) Sees(q store.Particular) bool {
	if v.Reader == "" {
		return true
	}
	own, _ := v.Own()
	return ledger.Visible(q, own.Cleared)
}
