// Package rights is one table of which part of the city's staff a button, a command or a verdict is for. What may happen
// to a proposal in which state stands in bot/proposal.
//
// It never looks anything up: whether somebody's department was asked is told to it. What is not in the table nobody may.
//
// Begin reading with Table, then Of and May.
package rights

import (
	"fmt"
	"slices"
	"strings"

	"tsunagi/bot"
)

// Who is what somebody is towards a proposal.
type Who string

// Asked is of a department that was asked about the proposal, Department of others alone. Whoever has no part on the
// city's side is an Outsider.
const (
	Manager    Who = "manager"
	Desk       Who = "desk"
	Asked      Who = "department that was asked"
	Department Who = "other department"
	Outsider   Who = "outsider"
)

// Everybody lists them all.
func Everybody() []Who { return []Who{Manager, Desk, Asked, Department, Outsider} }

// Of is what an actor is, where one of their departments was asked or none was.
func Of(a bot.Actor, asked bool) Who {
	switch {
	case a.Manager:
		return Manager
	case a.Desk:
		return Desk
	case len(a.Departments) == 0:
		return Outsider
	case asked:
		return Asked
	}
	return Department
}

// Right is one line of the table: an act, by its name as a button or a command, and who may do it.
type Right struct {
	Act string
	By  []Who
}

// Command is the act of a command by its English name.
func Command(name string) string { return "/desk " + name }

// Verdict is the act of answering for a department, and the button for it.
const Verdict = "verdict"

// Table is who may do what.
func Table() []Right {
	desk := []Who{Manager, Desk}
	asked := []Who{Manager, Desk, Asked}
	staff := []Who{Manager, Desk, Asked, Department}
	return []Right{
		{"proposal.take", desk}, {"proposal.assign", desk}, {"proposal.refer", desk}, {"proposal.forward", desk},
		{"proposal.reply", asked}, {"proposal.waive", desk}, {"proposal.decline", desk}, {"proposal.send", asked},
		{"proposal.move", desk}, {"proposal.details", asked}, {Verdict, asked},
		{"message.file", desk}, {"message.choose", desk}, {"delivery.release", desk}, {"delivery.drop", desk},
		{Command("home"), staff}, {Command("list"), staff}, {Command("show"), staff}, {Command("forward"), desk},
		{Command("assign"), desk}, {Command("reply"), staff}, {Command("noreply"), desk}, {Command("state"), desk},
		{Command("search"), desk}, {Command("dead"), desk}, {Command("help"), staff}, {Command("version"), staff},
	}
}

// May reports whether the table lets somebody do something.
func May(who Who, act string) bool {
	return slices.ContainsFunc(Table(), func(r Right) bool { return r.Act == act && slices.Contains(r.By, who) })
}

// Page is the table of docs/roles.md.
func Page() string {
	var b strings.Builder
	b.WriteString("| act |")
	for _, w := range Everybody() {
		fmt.Fprintf(&b, " %s |", w)
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(Everybody())+1) + "\n")
	for _, r := range Table() {
		fmt.Fprintf(&b, "| `%s` |", r.Act)
		for _, w := range Everybody() {
			b.WriteString(map[bool]string{true: " yes |", false: " no |"}[May(w, r.Act)])
		}
		b.WriteString("\n")
	}
	return b.String()
}
