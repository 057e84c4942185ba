package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// Vacancy is an owner who has gone, and why.
type Vacancy struct {
	Event string
	Owner string // Slack user id
	Why   bot.Absence
}

// Vacate gives all proposals of somebody who has gone, in which something is owed, back to the desk's queue: nobody owns
// them, their dates stay. Each card and history says so, and the desk reads of all of them at once. Those that have another
// owner by now, or in which nothing is owed any more, are left alone; with none left nothing is told. It gives those that
// nobody owns now, the most urgent first.
func (l *Ledger) Vacate(ctx context.Context, tx *store.Tx, v Vacancy) ([]bot.Proposal, error) {
	owned, err := tx.OwnedBy(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	var vacant []bot.Proposal
	for _, id := range owned {
		p, changed, err := l.vacate(ctx, tx, v, id)
		if err != nil {
			return nil, err
		}
		if changed {
			vacant = append(vacant, p)
		}
	}
	if len(vacant) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(vacant, func(a, b bot.Proposal) int { return a.NextDate.Compare(b.NextDate) })
	return vacant, tx.Put(l.vacancy(v, vacant))
}

// vacate takes the owner from one proposal, unless somebody was quicker.
func (l *Ledger) vacate(ctx context.Context, tx *store.Tx, v Vacancy, id bot.ProposalID) (p bot.Proposal, changed bool, err error) {
	p, err = l.lock(ctx, tx, id)
	if err != nil || p.Owner != v.Owner || p.NextDate.IsZero() {
		return p, false, err
	}
	p, err = l.post(ctx, tx, Change{
		Event: v.Event, Proposal: id, On: proposal.Vacated, As: proposal.Time, Why: string(v.Why),
		Details: map[string]string{"owner": v.Owner, "reason": string(v.Why)},
	}, func(p *bot.Proposal) { p.Owner = "" })
	return p, true, err
}

// listedMost is how many proposals one message to the desk lists; it says where the rest is.
const listedMost = 10

// vacancy is the one message in which the desk reads whose proposals have nobody now.
func (l *Ledger) vacancy(v Vacancy, ps []bot.Proposal) store.Delivery {
	return store.Delivery{
		Lane: store.SlackLane(l.desk.Channel, 0), Event: v.Event, Kind: KindVacated, Matters: true,
		Args: map[string]string{"owner": v.Owner, "why": string(v.Why), "proposals": listed(ps), "count": strconv.Itoa(len(ps))},
	}
}

// listed are the ids of the proposals that a message lists.
func listed(ps []bot.Proposal) string {
	var ids []string
	for _, p := range ps[:min(len(ps), listedMost)] {
		ids = append(ids, id(p.ID))
	}
	return strings.Join(ids, ",")
}
