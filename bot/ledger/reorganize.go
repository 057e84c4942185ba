package ledger

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Reorganize compares the departments of the profile with those of an earlier start, and sets right what has changed. Cards
// of open proposals get a new place where a channel has changed. Of each department that is gone the desk is told once which
// open referrals nobody can answer any more. It gives those that are gone, with the names they are remembered by. Other
// processes that start at the same time wait, and then find nothing left to do.
func (l *Ledger) Reorganize(ctx context.Context, tx *store.Tx, event string) (former []bot.Department, err error) {
	kept, err := tx.LockDepartments(ctx)
	if err != nil {
		return nil, err
	}
	d, err := l.displaced(ctx, tx, kept)
	if err != nil {
		return nil, err
	}
	if err := l.moveCards(ctx, tx, event, d.cards); err != nil {
		return nil, err
	}
	if err := l.moveUnfiled(ctx, tx, event, d.unfiled); err != nil {
		return nil, err
	}
	if err := l.tellOrphans(ctx, tx, event, d.orphans); err != nil {
		return nil, err
	}
	tx.KeepDepartments(l.places())
	return slices.DeleteFunc(kept, func(d bot.Department) bool { return d.ID == "" || l.current(d.ID) }), nil
}

// places are the desk, without an id, and its departments.
func (l *Ledger) places() []bot.Department {
	return append([]bot.Department{{Name: l.desk.Name, Channel: l.desk.Channel}}, l.desk.Departments...)
}

// displaced is what has to go elsewhere: cards, what the desk was shown and has not filed yet, and the referrals that nobody
// can answer any more.
type displaced struct {
	cards   []store.Card
	unfiled []store.Message
	orphans []bot.Referral
}

// displaced finds all of it and holds the contacts of all at once: several walks, each from the first contact on, would not
// be one order.
func (l *Ledger) displaced(ctx context.Context, tx *store.Tx, kept []bot.Department) (d displaced, err error) {
	if moved := l.moved(kept); len(moved) > 0 {
		if d.cards, err = tx.CardsElsewhere(ctx, moved); err != nil {
			return d, err
		}
		if moved[0].ID == "" {
			if d.unfiled, err = tx.UnfiledShown(ctx, KindUnfiled); err != nil {
				return d, err
			}
		}
	}
	if d.orphans, err = tx.Orphans(ctx, l.desk.Departments); err != nil {
		return d, err
	}
	return d, d.hold(ctx, tx)
}

func (d displaced) hold(ctx context.Context, tx *store.Tx) error {
	var of []bot.ProposalID
	for _, c := range d.cards {
		of = append(of, c.Proposal)
	}
	for _, f := range d.orphans {
		of = append(of, f.Proposal)
	}
	var people []bot.ContactID
	for _, m := range d.unfiled {
		people = append(people, m.Contact)
	}
	if len(of)+len(people) == 0 {
		return nil
	}
	return tx.LockContactsOf(ctx, of, people)
}

// moved are the desk and the departments that have another channel than was kept of them.
func (l *Ledger) moved(kept []bot.Department) []bot.Department {
	return slices.DeleteFunc(l.places(), func(now bot.Department) bool {
		return !slices.ContainsFunc(kept, func(before bot.Department) bool {
			return before.ID == now.ID && before.Channel != "" && before.Channel != now.Channel
		})
	})
}

// moveCards posts the cards of open proposals anew where their readers have a new channel. Those of proposals that have ended, and of
// departments that have said no, may be a million: they move when something happens about them, and lose their buttons bit
// by bit (LeaveBehind).
func (l *Ledger) moveCards(ctx context.Context, tx *store.Tx, event string, cards []store.Card) error {
	for _, c := range cards {
		p, err := l.lock(ctx, tx, c.Proposal)
		if err != nil {
			return err
		}
		if err := tx.Put(l.newCard(p, c.Department, event)); err != nil {
			return err
		}
	}
	return nil
}

// tellOrphans tells the desk of referrals that nobody can answer any more: once of each referral, all of a department in
// one message.
func (l *Ledger) tellOrphans(ctx context.Context, tx *store.Tx, event string, found []bot.Referral) error {
	orphans := map[bot.DepartmentID][]bot.Proposal{}
	for _, f := range found {
		p, is, err := l.orphan(ctx, tx, event, f)
		if err != nil {
			return err
		}
		if is {
			orphans[f.Department] = append(orphans[f.Department], p)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(orphans)) {
		if err := tx.Put(l.orphans(event, d, orphans[d])); err != nil {
			return err
		}
	}
	return nil
}

// orphan notes of one referral that the desk is told of it, unless it was answered meanwhile, and shows it on the desk's card.
func (l *Ledger) orphan(ctx context.Context, tx *store.Tx, event string, f bot.Referral) (p bot.Proposal, is bool, err error) {
	if p, err = l.lock(ctx, tx, f.Proposal); err != nil {
		return p, false, err
	}
	now, err := tx.Referral(ctx, f.Proposal, f.Department)
	if err != nil || now.Verdict != "" || !proposal.Open(p.State) {
		return p, false, err
	}
	tx.OrphanedReferral(now.ID)
	return p, true, tx.Put(l.card(p, "", event))
}

// orphans is the message in which the desk reads what a department that is gone cannot answer, the most urgent first.
func (l *Ledger) orphans(event string, d bot.DepartmentID, ps []bot.Proposal) store.Delivery {
	slices.SortStableFunc(ps, func(a, b bot.Proposal) int { return a.NextDate.Compare(b.NextDate) })
	return store.Delivery{
		Lane: store.SlackLane(l.desk.Channel, 0), Event: event, Kind: KindOrphan, Matters: true,
		Args: map[string]string{"department": string(d), "proposals": listed(ps), "count": strconv.Itoa(len(ps))},
	}
}
