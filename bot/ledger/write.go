package ledger

import (
	"context"
	"errors"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Written carries a message of the organization into the proposal's threads: the desk's, and those of departments that
// are working on it. The message is stored already; the caller holds the contact.
func (l *Ledger) Written(ctx context.Context, tx *store.Tx, event string, by bot.Actor, p bot.ProposalID, m bot.MessageID) (bot.Proposal, error) {
	after, err := l.post(ctx, tx, Change{
		Event: event, Proposal: p, On: proposal.Written, By: by, As: proposal.Organization,
		Details: map[string]string{"message": id(m)},
	}, nil)
	if err != nil {
		return after, err
	}
	return after, l.working(ctx, tx, after, func(d bot.DepartmentID) error {
		delivery := l.slack(after, d, KindMessage, event)
		delivery.Args["message"] = id(m)
		return tx.Put(delivery)
	})
}

// Arrived hands a stored file to the threads of its proposal; departments get it only if they may see it.
func (l *Ledger) Arrived(ctx context.Context, tx *store.Tx, event string, f store.File) error {
	p, err := l.lock(ctx, tx, f.Proposal)
	if err != nil {
		return err
	}
	particulars, err := tx.Particulars(ctx, p.ID)
	if err != nil {
		return err
	}
	return l.working(ctx, tx, p, func(d bot.DepartmentID) error {
		if d != "" && f.Message == 0 && Hidden(particulars, l.cleared(ctx, tx, p.ID, d))[f.ID] {
			return nil
		}
		return tx.Put(l.file(p, d, f.ID, event))
	})
}

// Unsent hides a message its author took back: the threads' copies are changed in place by their kind, also those of
// departments that have said no since, and the desk's card, which may begin with it.
func (l *Ledger) Unsent(ctx context.Context, tx *store.Tx, event string, m store.Message) error {
	if m.Proposal == 0 {
		return l.refile(ctx, tx, event, m)
	}
	p, err := l.lock(ctx, tx, m.Proposal)
	if err != nil {
		return err
	}
	if err := l.unowe(ctx, tx, p); err != nil {
		return err
	}
	if err := tx.Put(l.card(p, "", event)); err != nil {
		return err
	}
	return l.all(ctx, tx, p.ID, func(d bot.DepartmentID) error {
		delivery := l.slack(p, d, KindMessage, event)
		delivery.Args["message"] = id(m.ID)
		return tx.Put(delivery)
	})
}

// unowe takes its date from a proposal that has ended if what was taken back is all that waited for an answer.
func (l *Ledger) unowe(ctx context.Context, tx *store.Tx, p bot.Proposal) error {
	if proposal.Open(p.State) || p.NextDate.IsZero() {
		return nil
	}
	if err := l.keepAnswer(ctx, tx, &p); err != nil {
		return err
	}
	tx.SaveProposal(p, false, "")
	return nil
}

// TakenBack deletes the file that came as a LINE message its author took back, wherever it was handed over or may yet be:
// behind each handover in its own lane. The caller holds the contact, as whoever hands over does.
func (l *Ledger) TakenBack(ctx context.Context, tx *store.Tx, event, lineMessage string) error {
	handed, err := tx.HandedOver(ctx, KindFile, lineMessage)
	if err != nil || len(handed) == 0 {
		return err
	}
	if _, err := l.lock(ctx, tx, handed[0].Proposal); err != nil {
		return err
	}
	for _, d := range handed {
		err = errors.Join(err, tx.Put(store.Delivery{
			Lane: d.Lane, Event: event, Kind: KindErase, Matters: true, Proposal: d.Proposal,
			Args: map[string]string{"proposal": d.Args["proposal"], "department": d.Args["department"], "handover": d.ID.String()},
		}))
	}
	return err
}

// Missing tells the desk that a file which was announced did not come, so that nobody waits for it.
func (l *Ledger) Missing(ctx context.Context, tx *store.Tx, event string, f store.File) error {
	p, err := l.lock(ctx, tx, f.Proposal)
	if err != nil {
		return err
	}
	return tx.Put(l.file(p, "", f.ID, event))
}

// ChangedAnswer writes what is left of a submitted answer whose author took a part of it back, on every card.
func (l *Ledger) ChangedAnswer(ctx context.Context, tx *store.Tx, event string, p bot.ProposalID, left store.Particular) error {
	now, err := l.lock(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := tx.SaveParticular(p, left); err != nil {
		return err
	}
	return l.all(ctx, tx, p, func(d bot.DepartmentID) error { return tx.Put(l.card(now, d, event)) })
}

// UnsentAnswer hides a submitted answer whose author took it back, on every card.
func (l *Ledger) UnsentAnswer(ctx context.Context, tx *store.Tx, event string, id bot.ProposalID, field string) error {
	p, err := l.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	tx.HideParticular(id, field)
	return l.all(ctx, tx, id, func(d bot.DepartmentID) error { return tx.Put(l.card(p, d, event)) })
}

// all calls do for the desk (department "") and for each department that was ever asked.
func (l *Ledger) all(ctx context.Context, tx *store.Tx, p bot.ProposalID, do func(bot.DepartmentID) error) error {
	referrals, err := tx.Referrals(ctx, p)
	if err != nil {
		return err
	}
	err = do("")
	for _, f := range referrals {
		err = errors.Join(err, do(f.Department))
	}
	return err
}

// working calls do for the desk (department "") and for each department that was asked, is still there and has not said no.
func (l *Ledger) working(ctx context.Context, tx *store.Tx, p bot.Proposal, do func(bot.DepartmentID) error) error {
	if err := do(""); err != nil {
		return err
	}
	referrals, err := tx.Referrals(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, f := range referrals {
		if saidNo(f) || !l.current(f.Department) {
			continue
		}
		if err := do(f.Department); err != nil {
			return err
		}
	}
	return nil
}

func saidNo(f bot.Referral) bool {
	return f.Verdict == bot.VerdictUnable || f.Verdict == bot.VerdictOther
}

// cleared are the protected fields a department may see; none if that cannot be told.
func (l *Ledger) cleared(ctx context.Context, tx *store.Tx, p bot.ProposalID, d bot.DepartmentID) []string {
	f, err := tx.Referral(ctx, p, d)
	if err != nil {
		return nil
	}
	return f.Cleared
}
