package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tsunagi/bot/form"
)

// located is a field with its path in the file.
type located struct {
	Field
	path string
}

func (c checker) located(path string, fields []Field) []located {
	all := make([]located, len(fields))
	for i, f := range fields {
		all[i] = located{f, fmt.Sprintf("%s[%d]", path, i)}
	}
	return all
}

// form judges the fields of one form; the first questions of eligibility come before those of the form itself.
func (c checker) form(path string, fields []located, reserved []reservation) {
	ids := once{}
	for i, f := range fields {
		c.differs(ids, f.path+".id", f.ID)
		c.kind(f)
		c.answers(f)
		c.when(f, fields, i)
		c.after(f, fields[:i])
	}
	for _, r := range reserved {
		c.reserved(path, fields, r)
	}
}

// kind judges what only some kinds of field may have.
func (c checker) kind(f located) {
	if !c.good(f.path + ".kind") {
		return
	}
	chooses := f.kind() == form.Choice || f.kind() == form.MultiChoice
	if chooses && !c.given(f.path+".options") {
		c.fault(f.path, Fault{Key: f.path + ".options", Wrong: "is missing", Want: "topics, or a list of id and label"})
	}
	if !chooses && c.given(f.path+".options") {
		c.fault(f.path+".options", Fault{Wrong: "a field of kind " + f.Kind + " has no options",
			Want: "them with kind choice or multi_choice only"})
	}
	c.max(f)
}

// max judges the limit of the three kinds that have one: a short text stays on one line of a card, a long one within
// one message of LINE (5,000 UTF-16 units, https://developers.line.biz/en/reference/messaging-api/#text-message).
func (c checker) max(f located) {
	most := map[form.Kind]int{form.Text: 300, form.LongText: 4000, form.Files: 10}[f.kind()]
	switch path := f.path + ".max"; {
	case !c.good(path):
	case most == 0:
		c.fault(path, Fault{Wrong: "a field of kind " + f.Kind + " has no max", Want: "it with kind text, long_text or files only"})
	case f.Max > most:
		c.fault(path, Fault{Wrong: fmt.Sprintf("found the number %d", f.Max),
			Want: fmt.Sprintf("at most %d for a field of kind %s", most, f.Kind)})
	}
}

func (f located) kind() form.Kind { return form.Kind(f.Kind) }

func (c checker) answers(f located) {
	ids, labels := once{}, once{}
	for i, o := range f.Options.List {
		path := fmt.Sprintf("%s.options[%d]", f.path, i)
		c.differs(ids, path+".id", o.ID)
		c.differs(labels, path+".label", o.Label)
	}
}

// when judges a condition: an earlier field that is chosen from, and one of its answers.
func (c checker) when(f located, fields []located, at int) {
	for _, id := range slices.Sorted(maps.Keys(f.When)) {
		path := f.path + ".when." + id
		before := slices.IndexFunc(fields[:at], func(e located) bool { return e.ID == id })
		if before < 0 {
			c.fault(path+"#", Fault{Wrong: fmt.Sprintf("no field %q comes before this one", id),
				Want: "the id of an earlier field of kind choice, multi_choice or yes_no", Nearest: nearest(id, idsOf(fields[:at]))})
			continue
		}
		c.condition(path, f.When[id], fields[before])
	}
}

// after judges the date that another must not lie before: both are dates, and it is asked earlier.
func (c checker) after(f located, earlier []located) {
	path := f.path + ".after"
	if !c.given(path) || !c.good(path) {
		return
	}
	const want = "the id of an earlier field of kind date"
	at := slices.IndexFunc(earlier, func(e located) bool { return e.ID == f.After })
	switch {
	case c.good(f.path+".kind") && f.kind() != form.Date:
		c.fault(path, Fault{Wrong: "a field of kind " + f.Kind + " has no after", Want: "it with kind date only"})
	case at < 0:
		c.fault(path, Fault{Wrong: fmt.Sprintf("no field %q comes before this one", f.After), Want: want, Nearest: nearest(f.After, idsOf(earlier))})
	case c.good(earlier[at].path+".kind") && earlier[at].kind() != form.Date:
		c.fault(path, Fault{Wrong: fmt.Sprintf("the field %q is of kind %s", f.After, earlier[at].Kind), Want: want})
	}
}

func idsOf(fields []located) []string {
	var ids []string
	for _, f := range fields {
		ids = append(ids, f.ID)
	}
	return ids
}

func (c checker) condition(path, answer string, on located) {
	answers := c.answersOf(on)
	switch {
	case !c.good(on.path+".kind") || !c.good(path):
	case !slices.Contains([]form.Kind{form.Choice, form.MultiChoice, form.YesNo}, on.kind()):
		c.fault(path+"#", Fault{Wrong: fmt.Sprintf("the field %q is of kind %s", on.ID, on.Kind),
			Want: "a field of kind choice, multi_choice or yes_no"})
	case len(answers) > 0 && !slices.Contains(answers, answer):
		c.fault(path, Fault{Wrong: fmt.Sprintf("the field %q has no answer %q", on.ID, answer),
			Want: "one of " + strings.Join(answers, ", "), Nearest: nearest(answer, answers)})
	}
}

// answersOf lists the ids that a choice can be answered with; none if they could not be read.
func (c checker) answersOf(f located) []string {
	if f.kind() == form.YesNo {
		return []string{form.Yes, form.No}
	}
	if f.Options.Topics {
		return c.topicIDs()
	}
	var ids []string
	for _, o := range f.Options.List {
		ids = append(ids, o.ID)
	}
	return slices.Compact(ids)
}

// reservation is a field that cards, lists and messages rely on.
type reservation struct {
	id    string
	kinds []string
}

// reserved lists the fields that both forms must have, and those of the proposal's alone.
func reserved(also ...string) []reservation {
	all := []reservation{
		{"organization", []string{"text"}}, {"contact_name", []string{"text"}}, {"title", []string{"text"}},
		{"idea", []string{"long_text", "text"}},
	}
	for _, id := range also {
		all = append(all, reservation{id, []string{"multi_choice", "choice"}})
	}
	return all
}

// reserved asks that the form has the field, of the right kind, and that everybody is asked it.
func (c checker) reserved(path string, fields []located, r reservation) {
	want := fmt.Sprintf("a field of kind %s, neither optional nor with when", strings.Join(r.kinds, " or "))
	at := slices.IndexFunc(fields, func(f located) bool { return f.ID == r.id })
	if at < 0 {
		if c.good(path) && !slices.Contains(idsOf(fields), "") {
			c.fault(path, Fault{Wrong: fmt.Sprintf("has no field with the id %q", r.id), Want: want})
		}
		return
	}
	f := fields[at]
	if c.good(f.path+".kind") && !slices.Contains(r.kinds, f.Kind) {
		c.fault(f.path+".kind", Fault{Wrong: fmt.Sprintf("the field %q is of kind %s", r.id, f.Kind), Want: want})
	}
	if f.Optional {
		c.fault(f.path+".optional", Fault{Wrong: fmt.Sprintf("the field %q is optional", r.id), Want: want})
	}
	if c.given(f.path + ".when") {
		c.fault(f.path+".when", Fault{Wrong: fmt.Sprintf("the field %q has a condition", r.id), Want: want})
	}
	c.shown(f)
	if r.id == "topic" && c.good(f.path+".options") && !f.Options.Topics {
		c.fault(f.path+".options", Fault{Wrong: "has a list of its own", Want: "the word topics, since departments are found by them"})
	}
}

// shown refuses to promise that a field is hidden which every asked department reads: on its card, and to answer at all.
func (c checker) shown(f located) {
	const want = "it shown: every department that is asked reads it on its card"
	if f.Protected && f.ID != "idea" {
		c.fault(f.path+".protected", Fault{Wrong: fmt.Sprintf("the field %q cannot be protected", f.ID), Want: want})
	}
	if f.Private && f.ID != "idea" && f.ID != "contact_name" {
		c.fault(f.path+".private", Fault{Wrong: fmt.Sprintf("the field %q cannot be private", f.ID), Want: want})
	}
}
