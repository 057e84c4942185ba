package ledger

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// unfiledAfter is how long an organization has to say which proposal a message means before the desk reads it as it is.
const unfiledAfter = 10 * time.Minute

// Unfiled lets the desk read, after a while, a message of which the organization has not said what proposal it means. open
// is one of those it may mean. The caller holds the contact.
func (l *Ledger) Unfiled(tx *store.Tx, event string, m store.Message, open bot.Proposal) error {
	d := l.unfiled(event, m, open.ID)
	d.NotBefore = tx.Now.Add(unfiledAfter)
	return tx.Put(d)
}

func (l *Ledger) unfiled(event string, m store.Message, p bot.ProposalID) store.Delivery {
	return store.Delivery{
		Lane: store.ContactLane(l.desk.Channel, m.Contact), Event: event, Kind: KindUnfiled, Matters: true, Proposal: p,
		Args: map[string]string{"message": id(m.ID)},
	}
}

// File carries a message into the threads of the proposal it turned out to be about, with the files it brought.
// bot.NotFound if it is another organization's, bot.Conflict with the key ledger.filed_before if that was done before.
func (l *Ledger) File(ctx context.Context, tx *store.Tx, event string, p bot.ProposalID, message bot.MessageID) (bot.Proposal, error) {
	now, err := l.lock(ctx, tx, p)
	if err != nil {
		return now, err
	}
	m, err := tx.Message(ctx, message)
	switch {
	case err != nil:
		return now, err
	case m.Contact != now.Contact || m.Out:
		return now, bot.Refuse(bot.NotFound, "error.not_found")
	case m.Proposal != 0:
		return now, bot.Refuse(bot.Conflict, "ledger.filed_before")
	}
	tx.FileMessage(m.ID, p)
	if now, err = l.Written(ctx, tx, event, bot.Actor{ID: m.Author, Contact: m.Contact}, p, m.ID); err != nil {
		return now, err
	}
	if err := l.filesIn(ctx, tx, event, m.ID); err != nil {
		return now, err
	}
	return now, l.refile(ctx, tx, event, m)
}

// filesIn hands over the files of a message that have come already, and tells the desk of those that could not be taken; the
// others come when they are stored.
func (l *Ledger) filesIn(ctx context.Context, tx *store.Tx, event string, m bot.MessageID) error {
	files, err := tx.FilesIn(ctx, m)
	if err != nil {
		return err
	}
	for _, f := range files {
		switch f.State {
		case store.FileStored:
			err = l.Arrived(ctx, tx, event, f)
		case store.FileRefused, store.FileGone:
			err = l.Missing(ctx, tx, event, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refile changes what the desk may have read of the message while nobody knew what it was about.
func (l *Ledger) refile(ctx context.Context, tx *store.Tx, event string, m store.Message) error {
	tx.DropWaiting(l.unfiled(event, m, 0))
	posted, err := tx.AboutUnfiled(ctx, m.Contact, l.unfiled(event, m, 0))
	if err != nil || posted == 0 {
		return err
	}
	return tx.Put(l.unfiled(event, m, posted))
}
