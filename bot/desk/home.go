package desk

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

// atHome is how many proposals each part of the first page shows, so that all parts fit into the 50 blocks of a message;
// the rest is one press away.
const atHome = 4

// departmentsAtHome is for how many departments of one person there is room on the first page.
const departmentsAtHome = 2

// home is one's own open proposals, what is overdue and what nobody has taken; for a department, what it was asked.
func (d *Desk) home(ctx context.Context, r request) (msg.Message, error) {
	m := msg.Message{Alt: d.say("desk.home.title", "name", r.Actor.Name)}
	if !r.Actor.AtDesk() {
		return d.departmentHome(ctx, r, m)
	}
	lists := d.deskListings(r.Actor)
	all, parts := lists[0], lists[1:4]
	var seen []bot.ProposalID
	for _, l := range parts {
		shown, err := d.part(ctx, &m, l, seen)
		if err != nil {
			return m, err
		}
		seen = append(seen, shown...)
	}
	m.Choices = append(m.Choices, d.does(d.say("button.desk.all"), all.line))
	dead, err := d.undelivered(ctx)
	if err != nil {
		return m, err
	}
	if dead {
		m.Choices = append(m.Choices, d.does(d.say("button.desk.dead"), "dead"))
	}
	m.Choices = append(m.Choices, d.does(d.say("button.desk.help"), "help"))
	return m, nil
}

// undelivered reports whether something was set aside, or has waited for a while to reach an organization.
func (d *Desk) undelivered(ctx context.Context) (bool, error) {
	dead, err := d.DB.DeadDeliveries(ctx, 0, 1)
	if err != nil || len(dead) > 0 {
		return true, err
	}
	held, err := d.DB.HeldDeliveries(ctx, d.DB.Now().Add(-ledger.HeldAfter), 1)
	return len(held) > 0, err
}

func (d *Desk) departmentHome(ctx context.Context, r request, m msg.Message) (msg.Message, error) {
	for i, l := range d.departmentListings(r.Actor.Departments) {
		if i >= departmentsAtHome {
			m.Choices = append(m.Choices, d.does(d.say("button.desk.whole", "title", l.title), l.line))
			continue
		}
		if _, err := d.part(ctx, &m, l, nil); err != nil {
			return m, err
		}
	}
	m.Choices = append(m.Choices, d.does(d.say("button.desk.help"), "help"))
	return m, nil
}

// part adds the beginning of a listing to a page, without what stands there already, and a button to the whole if there
// is more. It gives what it has shown.
func (d *Desk) part(ctx context.Context, m *msg.Message, l listing, but []bot.ProposalID) ([]bot.ProposalID, error) {
	found, err := l.fetch(ctx, store.Cursor{}, atHome+len(but)+1)
	if err != nil {
		return nil, err
	}
	more := len(found) > atHome+len(but)
	none := "desk.list.none"
	if len(found) > 0 {
		none = "desk.list.above"
	}
	found = slices.DeleteFunc(found, func(p bot.Proposal) bool { return slices.Contains(but, p.ID) })
	if len(found) == 0 {
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say(none, "title", l.title)})
		return nil, nil
	}
	if len(found) > atHome {
		found, more = found[:atHome], true
	}
	m.Blocks = append(m.Blocks, msg.Text{Body: d.Words.Say(l.title)})
	items, err := d.items(ctx, found, l.reader)
	m.Blocks = append(m.Blocks, items...)
	if more {
		m.Choices = append(m.Choices, d.does(d.say("button.desk.whole", "title", l.title), l.line))
	}
	ids := make([]bot.ProposalID, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	return ids, err
}
