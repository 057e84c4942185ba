package ledger

import (
	"cmp"
	"context"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Reply is words to an organization, written in the reply dialog.
type Reply struct {
	Proposal bot.ProposalID
	By       bot.Actor
	Body     string
	Ends     proposal.Event // what sending ends the proposal by, one of those that WantsWords; empty for a reply
	Reason   string         // of an end: why; for a decline the reason's id
}

// WantsWords reports whether a proposal ends by this with words to its organization: a no, or that somebody else goes on
// with it, is never told by a notice alone.
func WantsWords(e proposal.Event) bool {
	return e == proposal.Declined || e == proposal.RuledOut || e == proposal.HandedOff
}

// Write keeps the words of a reply or an end for the preview. Nothing goes out before Send. Like every change it holds
// contact and proposal: a new row that points to both would otherwise take hold of them in the other order.
func (l *Ledger) Write(ctx context.Context, tx *store.Tx, r Reply) (store.Message, error) {
	p, err := l.lock(ctx, tx, r.Proposal)
	if err != nil {
		return store.Message{}, err
	}
	m := store.Message{
		Proposal: p.ID, Contact: p.Contact, Out: true, Kind: store.MessageReply, Body: r.Body, Author: r.By.ID,
		Ends: r.Ends, Reason: r.Reason,
	}
	if r.Ends != "" {
		m.Kind = store.MessageDecline
	}
	m.ID, err = tx.AddMessage(ctx, m)
	return m, err
}

// Send is the confirmation of a preview: the written words go to the organization. seen is the newest reply the
// author knew of; if another has gone out since, nothing is sent and the error is a bot.Conflict with the key
// ledger.replied_before. The same goes with the key delivery.blocked for a reply to an organization that cannot be
// reached; a decline counts all the same, and the thread reads that it has not arrived. Confirming twice sends once.
func (l *Ledger) Send(ctx context.Context, tx *store.Tx, event string, by bot.Actor, id, seen bot.MessageID) (bot.Proposal, error) {
	m, err := tx.Message(ctx, id)
	if err != nil {
		return bot.Proposal{}, err
	}
	if m.Author != by.ID || !m.Out {
		return bot.Proposal{}, bot.Refuse(bot.Forbidden, "ledger.not_your_reply")
	}
	p, err := l.lock(ctx, tx, m.Proposal)
	if err != nil {
		return p, err
	}
	if err := l.unseen(ctx, tx, m, seen); err != nil {
		return p, err
	}
	if err := reachable(ctx, tx, m); err != nil {
		return p, err
	}
	first, err := tx.Confirm(ctx, id)
	if err != nil || !first {
		return p, err
	}
	p, err = l.post(ctx, tx, sending(event, by, m), nil)
	if err != nil {
		return p, err
	}
	return p, l.dispatch(ctx, tx, event, p, m)
}

// reachable refuses when the organization has blocked the account: LINE would not say that nobody reads it.
func reachable(ctx context.Context, tx *store.Tx, m store.Message) error {
	if m.Kind == store.MessageDecline {
		return nil
	}
	contact, err := tx.Contact(ctx, m.Contact)
	if err == nil && contact.Blocked {
		err = bot.Refuse(bot.Conflict, "delivery.blocked")
	}
	return err
}

// Sending is the event that confirming a message is: the words of an end end its proposal. One that an older version wrote and
// that names no end is a decline.
func Sending(m store.Message) proposal.Event {
	if m.Kind == store.MessageDecline {
		return cmp.Or(m.Ends, proposal.Declined)
	}
	return proposal.Replied
}

// sending is what confirming a message does to its proposal.
func sending(event string, by bot.Actor, m store.Message) Change {
	c := Change{
		Event: event, Proposal: m.Proposal, By: by, As: Role(by),
		Details: map[string]string{"message": id(m.ID)},
	}
	if c.On = Sending(m); c.On != proposal.Replied {
		c.Why = m.Reason
	}
	if c.On == proposal.Declined {
		c.Details["reason"] = m.Reason
	}
	return c
}

func (l *Ledger) unseen(ctx context.Context, tx *store.Tx, m store.Message, seen bot.MessageID) error {
	last, err := tx.LastReply(ctx, m.Proposal)
	if bot.KindOf(err) == bot.NotFound || (err == nil && (last.ID == seen || last.ID == m.ID)) {
		return nil
	}
	if err != nil {
		return err
	}
	return bot.Refuse(bot.Conflict, "ledger.replied_before", "by", last.Author)
}

func (l *Ledger) dispatch(ctx context.Context, tx *store.Tx, event string, p bot.Proposal, m store.Message) error {
	contact, err := tx.Contact(ctx, m.Contact)
	if err != nil {
		return err
	}
	return tx.Put(store.Delivery{
		Lane: store.LineLane(contact.LineUser), Event: event, Kind: KindReply, Matters: true, Proposal: p.ID,
		Args: map[string]string{"proposal": id(p.ID), "message": id(m.ID)},
	})
}
