package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// list lists proposals: all open ones, or one's own, the overdue, those without an owner, those of a state, a topic, a
// department. A department lists what it was asked, and nothing else.
func (d *Desk) list(ctx context.Context, r request) (msg.Message, error) {
	all, typed := d.listings(r.Actor), strings.Join(r.words, "")
	if typed == "" && (r.Actor.AtDesk() || len(r.Actor.Departments) == 1) {
		return d.page(ctx, r, all[0])
	}
	if group := d.group(typed, all); typed == "" || len(group) > 0 {
		return msg.Message{}, &wrong{say: text.Say("desk.list.which"), near: d.typed(group)}
	}
	options := d.listOptions(all)
	found := meant(typed, options)
	if len(found) == 1 {
		return d.page(ctx, r, all[slices.IndexFunc(all, func(l listing) bool { return l.line == found[0].id })])
	}
	return msg.Message{}, d.noList(r, options, found)
}

// noList says that words name no list, or several, and what there is. A department has so few that it reads them all.
func (d *Desk) noList(r request, all, found []option) *wrong {
	typed := strings.Join(r.words, " ")
	w := &wrong{say: text.Say("desk.list.several", "typed", short(typed))}
	if len(found) == 0 {
		found, w.say = nearest(typed, all), text.Say("desk.list.unknown", "typed", short(typed))
		if !r.Actor.AtDesk() {
			found, w.say = all, text.Say("desk.asked.unknown", "typed", short(typed))
		}
	}
	w.near = d.typed(found)
	return w
}

// listings are the lists of this actor.
func (d *Desk) listings(a bot.Actor) []listing {
	if a.AtDesk() {
		return d.deskListings(a)
	}
	all := d.departmentListings(a.Departments)
	for _, id := range a.Departments {
		name := d.cards.Department(id)
		all = append(all,
			d.awaited(id, "list waiting:", text.Say("desk.asked.waiting", "department", name), time.Time{}),
			d.awaited(id, "list overdue:", text.Say("desk.asked.overdue", "department", name), d.today()))
	}
	return all
}

// awaited is what a department has not answered: all of it, or what was due before a day.
func (d *Desk) awaited(id bot.DepartmentID, line string, title text.Line, before time.Time) listing {
	return listing{title: title, line: line + string(id), reader: id,
		fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
			return d.DB.ListAwaited(ctx, id, before, after, limit)
		}}
}

// typed are lists as one would type them: by the name that people read, the last of the option's.
func (d *Desk) typed(found []option) []suggestion {
	var out []suggestion
	for _, o := range found {
		out = append(out, suggestion{shown: "list " + o.names[len(o.names)-1], line: o.id})
	}
	return out
}

// deskListings are the lists of the desk: all open proposals first, then those of the first page in its order.
func (d *Desk) deskListings(a bot.Actor) []listing {
	today := store.Cursor{Date: d.today()}
	all := []listing{
		{title: text.Say("desk.list.all"), line: "list", byDate: true, fetch: d.DB.ListOpen},
		{title: text.Say("desk.list.mine"), line: "list mine", byDate: true,
			fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
				return d.DB.ListByOwner(ctx, a.ID, after, limit)
			}},
		{title: text.Say("desk.list.overdue"), line: "list overdue", byDate: true,
			fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
				return d.DB.ListOverdue(ctx, today, after, limit)
			}},
		{title: text.Say("desk.list.unowned"), line: "list unowned", byDate: true,
			fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
				return d.DB.ListByOwner(ctx, "", after, limit)
			}},
		{title: text.Say("desk.list.ended"), line: "list ended", byDate: true, fetch: d.DB.ListEnded},
		{title: text.Say("desk.list.adrift"), line: "list adrift", fetch: d.DB.ListAdrift},
	}
	for _, s := range proposal.States() {
		all = append(all, listing{title: text.Say("desk.list.state", "state", text.Say(s.Key())), line: "list state:" + string(s),
			fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
				return d.DB.ListByState(ctx, s, after, limit)
			}})
	}
	for _, t := range d.Desk.Topics {
		all = append(all, listing{title: text.Say("desk.list.topic", "topic", t.Name), line: "list topic:" + string(t.ID),
			fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
				return d.DB.ListByTopic(ctx, t.ID, after, limit)
			}})
	}
	for _, dep := range slices.Concat(d.Desk.Departments, d.Desk.Former) {
		all = append(all, d.departmentListing(dep.ID))
	}
	return all
}

// departmentListings are the lists of somebody who is only in these departments.
func (d *Desk) departmentListings(ids []bot.DepartmentID) []listing {
	var all []listing
	for _, id := range ids {
		l := d.departmentListing(id)
		l.reader = id
		all = append(all, l)
	}
	return all
}

func (d *Desk) departmentListing(id bot.DepartmentID) listing {
	return listing{title: text.Say("desk.list.department", "department", d.cards.Department(id)), line: "list department:" + string(id),
		fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
			return d.DB.ListByDepartment(ctx, id, after, limit)
		}}
}

// listOptions are the lists with all that they may be called: id or name, with the kind in front where an id may be of
// several kinds.
func (d *Desk) listOptions(all []listing) []option {
	out := make([]option, len(all))
	for i, l := range all {
		_, what, _ := strings.Cut(l.line, " ")
		kind, id, ofKind := strings.Cut(what, ":")
		switch {
		case !ofKind && what == "":
			out[i] = option{id: l.line, names: d.Words.Words("desk.word.all")}
		case kind == "waiting" || kind == "overdue":
			out[i] = option{id: l.line, names: d.awaitedNames(all, what, kind, bot.DepartmentID(id))}
		case !ofKind:
			out[i] = option{id: l.line, names: d.Words.Words("desk.word." + what)}
		default:
			out[i] = option{id: l.line, names: append([]string{what, id, strings.ReplaceAll(id, "_", "")}, d.names(kind, id)...)}
		}
	}
	return out
}

// awaitedNames are what a list of a department may be called; somebody in several departments adds which one is meant.
func (d *Desk) awaitedNames(all []listing, what, kind string, id bot.DepartmentID) []string {
	names := []string{what}
	if kind == "waiting" {
		names = append(names, d.Words.Words("desk.word.mine")...)
	}
	names = append(names, d.Words.Words("desk.word."+kind)...)
	if slices.ContainsFunc(all, func(l listing) bool { return l.reader != id }) {
		names = append(names, names[len(names)-1]+" "+d.cards.Department(id))
	}
	return names
}

// names are what people call a state, a topic or a department.
func (d *Desk) names(kind, id string) []string {
	switch kind {
	case "state":
		return []string{d.cards.State(proposal.State(id))}
	case "topic":
		return []string{d.Desk.TopicName(bot.TopicID(id))}
	}
	return []string{d.cards.Department(bot.DepartmentID(id))}
}

// group are all lists of a kind, for somebody who typed the kind's own name ("list topic"), or all for nothing typed.
func (d *Desk) group(typed string, all []listing) []option {
	if typed == "" {
		return d.listOptions(all)
	}
	var out []option
	for _, kind := range []string{"state", "topic", "department"} {
		if !slices.ContainsFunc(d.Words.Words("desk.word."+kind), func(w string) bool { return form.Fold(w) == form.Fold(typed) }) {
			continue
		}
		for _, o := range d.listOptions(all) {
			if strings.HasPrefix(o.id, "list "+kind+":") {
				out = append(out, o)
			}
		}
	}
	return out
}
