package ledger

import (
	"context"

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
		tx.DropCard(id, d)
	case err != nil && bot.KindOf(err) != bot.NotFound:
		return store.Delivery{}, err
	}
	return l.newCard(p, d, event), nil
}

// LeftBehind takes the buttons from a card where it stood before.
func LeftBehind(event string, c store.Card) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(c.Channel, c.Proposal), Event: event, Kind: KindMoved, Matters: true, Proposal: c.Proposal,
		Args: map[string]string{"proposal": id(c.Proposal), "department": string(c.Department), "channel": c.Channel, "ts": c.TS},
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
	tx.DropCard(c.Proposal, c.Department)
	return tx.Put(LeftBehind(event, stands))
}

// Follow has a card come to where its reader is now, if it is not there yet, for whoever has pressed what stayed behind.
func (l *Ledger) Follow(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, d bot.DepartmentID) (bot.Proposal, error) {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return p, err
	}
	return p, tx.Put(l.card(p, d, event))
}
