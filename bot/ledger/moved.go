package ledger

import (
	"context"
	"errors"

	"tsunagi/bot"
	"tsunagi/store"
)

// CardAnew gives a card that is to be posted where its reader is now, for what needs one to stand under; the message that is gone is
// forgotten, if that was the card.
func (l *Ledger) CardAnew(ctx context.Context, tx *store.Tx, id bot.ProposalID, d bot.DepartmentID, gone store.Posted, event string) (store.Delivery, error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return store.Delivery{}, err
	}
	stood, err := tx.Card(ctx, id, d)
	switch {
	case err == nil && stood.Channel == gone.Channel && stood.TS == gone.TS:
		tx.DropCard(stood)
	case err != nil && bot.KindOf(err) != bot.NotFound:
		return store.Delivery{}, err
	}
	return l.newCard(p, d, event), nil
}

// LeftBehind takes the buttons from a card where it stood before, and from the news of failed deliveries under it.
func (l *Ledger) LeftBehind(ctx context.Context, tx *store.Tx, event string, c store.Card) error {
	news, err := tx.PostedIn(ctx, c.Proposal, KindAlarm, c.Channel)
	if err != nil || c.Department != "" {
		news = nil
	}
	for _, at := range append(news, store.Posted{Channel: c.Channel, TS: c.TS}) {
		err = errors.Join(err, tx.Put(Stripped(event, c.Proposal, c.Department, at)))
	}
	return err
}

// Stripped is a message without its buttons, since those who could press them are in another room now.
func Stripped(event string, p bot.ProposalID, d bot.DepartmentID, at store.Posted) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(at.Channel, p), Event: event, Kind: KindMoved, Matters: true, Proposal: p,
		Args: map[string]string{"proposal": id(p), "department": string(d), "channel": at.Channel, "ts": at.TS},
	}
}

// LeaveBehind lets go of a card that stands elsewhere than its reader is now and has had no reason to move: it loses its buttons,
// and the next thing that happens about its proposal posts a new one. One that has moved meanwhile is left alone.
func (l *Ledger) LeaveBehind(ctx context.Context, tx *store.Tx, event string, c store.Card) error {
	if _, err := l.lock(ctx, tx, c.Proposal); err != nil {
		return err
	}
	stands, err := tx.Card(ctx, c.Proposal, c.Department)
	if bot.KindOf(err) == bot.NotFound || (err == nil && !stands.Elsewhere()) {
		return nil
	}
	if err != nil {
		return err
	}
	tx.DropCard(stands)
	return l.LeftBehind(ctx, tx, event, stands)
}

// Follow has a card come to where its reader is now, if it is not there yet, for whoever has pressed what stayed behind.
func (l *Ledger) Follow(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, d bot.DepartmentID) (bot.Proposal, error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return p, err
	}
	return p, tx.Put(l.card(p, d, event))
}

// moveUnfiled shows the desk in its new room what it has been shown in the old one and has not said yet what it is about.
func (l *Ledger) moveUnfiled(ctx context.Context, tx *store.Tx, event string, shown []store.Message) error {
	for _, m := range shown {
		p, err := tx.AboutUnfiled(ctx, m.Contact, l.unfiled(event, m, 0))
		if err != nil {
			return err
		}
		if _, err := l.lock(ctx, tx, p); err != nil {
			return err
		}
		if err := tx.Put(l.unfiled(event, m, p)); err != nil {
			return err
		}
	}
	return nil
}
