package config

import (
	"fmt"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
)

// line is one rule of eligibility with the question and the answer it judges.
type line struct {
	key           string // in eligibility and in its texts
	field, choice string
	do, say       string
}

// lines lists the rules in the order of the profile. The city's cost is told by the answer some, or by a plain yes.
func (p Profile) lines() []line {
	e := p.Eligibility
	cost := "some"
	if i := slices.IndexFunc(p.Intake.Form, func(f Field) bool { return f.ID == "cost" }); i >= 0 &&
		p.Intake.Form[i].Kind == string(form.YesNo) {
		cost = form.Yes
	}
	return []line{
		{"individuals", "proposer", "individual", e.Individuals, e.Texts.Individuals},
		{"sales", "purpose", "sales", e.Sales, e.Texts.Sales},
		{"donation", "purpose", "donation", e.Donation, e.Texts.Donation},
		{"cost_to_city", "cost", cost, e.CostToCity, e.Texts.CostToCity},
	}
}

// first lists the questions asked before the form, with their places. One that the form has as well is a fault.
func (c checker) first() []located {
	var all []located
	for _, q := range c.p.questions() {
		path := "eligibility.questions." + q.ID
		if !c.given(path) {
			continue
		}
		c.places[path+".id"], c.places[path+".kind"] = c.places[path], place{good: true}
		all = append(all, located{q, path})
	}
	return all
}

// questions are the two questions as fields, whether the profile has them or not.
func (p Profile) questions() []Field {
	field := func(id string, q Question) Field {
		return Field{ID: id, Kind: string(form.Choice), Ask: q.Ask, Label: q.Label, Hint: q.Hint, Options: Options{List: q.Options}}
	}
	q := p.Eligibility.Questions
	return []Field{field("proposer", q.Proposer), field("purpose", q.Purpose)}
}

// eligibility asks that each rule has its question, its answer and its words.
func (c checker) eligibility(fields []located) {
	for _, l := range c.p.lines() {
		path := "eligibility." + l.key
		if l.do == string(bot.Accept) || !c.good(path) {
			continue
		}
		if texts := "eligibility.texts." + l.key; !c.given(texts) {
			c.fault(path, Fault{Key: texts, Wrong: "is missing", Want: "the words that the organization reads, since " + path + " is " + l.do})
		}
		c.judged(path, l, fields)
	}
}

// judged asks that the question of a rule is asked of everybody, as a choice with the rule's answer.
func (c checker) judged(path string, l line, fields []located) {
	at := slices.IndexFunc(fields, func(f located) bool { return f.ID == l.field })
	if at < 0 {
		where := "a question eligibility.questions." + l.field + " of this id, or a field of intake.form"
		if l.field == "cost" {
			where = "a field of intake.form with this id, of kind choice with the answer some, or of kind yes_no"
		}
		c.fault(path, Fault{Wrong: fmt.Sprintf("%q judges the question %q, which nobody asks", l.do, l.field), Want: where})
		return
	}
	f := fields[at]
	if f.Optional {
		c.fault(f.path+".optional", Fault{Wrong: "this question can be skipped, though " + path + " judges it", Want: "it not optional"})
	}
	if !c.good(f.path+".kind") || f.kind() == form.Choice && !c.good(f.path+".options") {
		return
	}
	if single := f.kind() == form.Choice || f.kind() == form.YesNo; !single || !slices.Contains(c.answersOf(f), l.choice) {
		c.fault(f.path, Fault{Wrong: fmt.Sprintf("the question %q has no answer %q", l.field, l.choice),
			Want: fmt.Sprintf("kind choice with an option of that id, which %s judges", path)})
	}
}
