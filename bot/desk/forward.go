package desk

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// forward asks departments about a proposal. Those that were asked before are left alone, so that no verdict is lost to
// a second command; what is protected stays hidden, since clearing it wants a look at what is cleared.
func (d *Desk) forward(ctx context.Context, r request) (msg.Message, error) {
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	departments, err := d.departments(p, r.words[1:])
	if err != nil {
		return msg.Message{}, err
	}
	if d.over(r, p) {
		return d.again(r, p), nil
	}
	return d.change(ctx, r, p, func(tx *store.Tx) (text.Line, error) {
		_, asked, err := d.Ledger.Refer(ctx, tx, ledger.Referral{Event: r.ID, Proposal: p.ID, By: r.Actor, Departments: departments})
		if len(asked) < len(departments) {
			return text.Say("desk.forward.some", "number", p.Number, "departments", d.departmentNames(asked)), err
		}
		return text.Say("desk.forward.done", "number", p.Number, "departments", d.departmentNames(asked)), err
	})
}

// departments reads which departments are named; one that cannot be told makes the whole command wrong.
func (d *Desk) departments(p bot.Proposal, words []string) ([]bot.DepartmentID, error) {
	typed := strings.FieldsFunc(strings.Join(words, " "), func(c rune) bool {
		return unicode.IsSpace(c) || c == ',' || c == '\u3001' || c == '\uff0c' || c == '\uff64' // 、，､
	})
	if len(typed) == 0 {
		return nil, &wrong{say: text.Say("desk.forward.missing"), near: lines(d.fitting(p)...)}
	}
	var out []bot.DepartmentID
	for _, word := range typed {
		dep, err := d.department(p, word)
		if err != nil {
			return nil, err
		}
		out = append(out, dep)
	}
	return out, nil
}

// channelMention is how Slack writes a channel that was picked from its list.
// https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
var channelMention = regexp.MustCompile(`^<#(C[A-Z0-9]+|G[A-Z0-9]+)[|>]`)

func (d *Desk) department(p bot.Proposal, word string) (bot.DepartmentID, error) {
	if m := channelMention.FindStringSubmatch(word); m != nil {
		if dep, ok := d.Desk.DepartmentOf(m[1]); ok {
			return dep.ID, nil
		}
	}
	var all []option
	for _, dep := range d.Desk.Departments {
		all = append(all, option{id: string(dep.ID), names: []string{string(dep.ID), dep.Name}})
	}
	found := meant(word, all)
	if len(found) == 1 {
		return bot.DepartmentID(found[0].id), nil
	}
	w := &wrong{say: text.Say("desk.forward.several", "typed", short(word))}
	if len(found) == 0 {
		found, w.say = nearest(word, all), text.Say("desk.forward.unknown", "typed", short(word))
	}
	if len(found) == 0 {
		found, w.say = all, text.Say("desk.forward.names", "typed", short(word), "departments", d.allNames())
	}
	for _, o := range found {
		w.near = append(w.near, lines("forward "+p.Number+" "+d.cards.Department(bot.DepartmentID(o.id)))...)
	}
	return "", w
}

func (d *Desk) allNames() []string {
	out := make([]string, len(d.Desk.Departments))
	for i, dep := range d.Desk.Departments {
		out[i] = dep.Name
	}
	return out
}

// fitting are the departments whose topics are the proposal's.
func (d *Desk) fitting(p bot.Proposal) []string {
	var out []string
	for _, dep := range d.Desk.Departments {
		if dep.Fits(p.Topics) {
			out = append(out, "forward "+p.Number+" "+dep.Name)
		}
	}
	return out
}

func (d *Desk) departmentNames(ids []bot.DepartmentID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = d.cards.Department(id)
	}
	return out
}
