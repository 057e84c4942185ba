package form

import "tsunagi/bot/text"

// early says that a date lies before the one that it must not lie before, with both days; nothing if it does not, or if one
// of the two was not asked or not answered.
func early(f Form, field Field, answers map[string]Answer) []text.Line {
	from, to := answers[field.After], answers[field.ID]
	if field.After == "" || from.Text == "" || to.Text == "" || to.Text >= from.Text {
		return nil
	}
	all := asked(f, answers)
	at := position(all, field.After)
	if at < 0 {
		return nil
	}
	return []text.Line{text.Say("form.wrong.before", "name", field.Name(), "date", Display(field, to),
		"earlier_name", all[at].Name(), "earlier", Display(*all[at], from))}
}

// sayEarly says which dates now lie before this one: they are asked again.
func (t *turn) sayEarly(changed Field) {
	for _, field := range asked(t.form, t.s.Answers) {
		if field.After == changed.ID {
			t.out.Say = append(t.out.Say, early(t.form, *field, t.s.Answers)...)
		}
	}
}

// needs reports whether a question still wants an answer: it has none, or one that another has made impossible.
func needs(f Form, field *Field, answers map[string]Answer) bool {
	return !settled(field, answers[field.ID]) || len(early(f, *field, answers)) > 0
}
