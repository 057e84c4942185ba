package slacksim

import (
	"slices"
	"strconv"
	"time"
)

// newElements are the interactive elements: https://docs.slack.dev/reference/block-kit/block-elements
func newElements() map[string]shape {
	shapes := map[string]shape{
		"button": button(),
		"workflow_button": {need: []string{"text", "workflow"}, fields: fields(
			"text", plain(maxButtonText), "workflow", check(anything), "style", word("primary", "danger"),
			"accessibility_label", text(1, maxButtonText))},
		"overflow": {need: []string{"options"}, fields: fields(
			"options", list(1, maxOverflow, option(plain(maxOptionText), "url")), "confirm", check(confirm))},
		"checkboxes":    choices("initial_options", true),
		"radio_buttons": choices("initial_option", false),

		"datepicker": picker("initial_date", pattern("date", dated("2006-01-02")), "placeholder", plain(maxPlaceholder)),
		"timepicker": picker("initial_time", pattern("time", dated("15:04")),
			"placeholder", plain(maxPlaceholder), "timezone", ident(maxBlockID)),
		"datetimepicker": picker("initial_date_time", whole(1_000_000_000, 9_999_999_999)),

		"plain_text_input": typing("multiline", check(boolean), "min_length", whole(0, maxInputLength),
			"max_length", whole(1, maxInputLength), "initial_value", text(0, maxInputLength)),
		"email_text_input": typing("initial_value", text(0, maxInputLength)),
		"url_text_input":   typing("initial_value", text(0, maxInputLength)),
		"number_input":     numberInput(),
		"rich_text_input":  typing("initial_value", check(anything), "min_lines", whole(1, 50), "max_lines", whole(1, 50)),
		"file_input":       {fields: fields("filetypes", list(1, 100, ident(maxBlockID)), "max_files", whole(1, 10))},
	}
	for kind, s := range selects() {
		shapes[kind] = s
	}
	for kind, s := range shapes {
		s.fields["action_id"] = ident(maxBlockID)
		shapes[kind] = s
	}
	return shapes
}

// fields makes a table from name, check, name, check, …
func fields(pairs ...any) map[string]check {
	table := map[string]check{}
	for i := 0; i+1 < len(pairs); i += 2 {
		table[pairs[i].(string)] = pairs[i+1].(check)
	}
	return table
}

func button() shape {
	return shape{need: []string{"text"}, fields: fields(
		"text", plain(maxButtonText), "value", ident(maxButtonValue), "url", check(webLink),
		"accessibility_label", text(1, maxButtonText), "style", word("primary", "danger"), "confirm", check(confirm))}
}

// choices are checkboxes and radio buttons, whose options may be mrkdwn.
func choices(initial string, several bool) shape {
	offered := option(rich(maxOptionText))
	first := offered
	if several {
		first = list(1, maxChecks, offered)
	}
	return shape{need: []string{"options"}, also: initialOffered, fields: fields(
		"options", list(1, maxChecks, offered), initial, first, "confirm", check(confirm), "focus_on_load", check(focus))}
}

func picker(initial string, is check, more ...any) shape {
	table := fields(more...)
	table[initial], table["confirm"], table["focus_on_load"] = is, confirm, focus
	return shape{fields: table}
}

func typing(more ...any) shape {
	table := fields(more...)
	table["placeholder"], table["focus_on_load"] = plain(maxPlaceholder), focus
	table["dispatch_action_config"] = dispatchConfig
	return shape{fields: table, also: lengthsAgree}
}

func numberInput() shape {
	number := pattern("number", func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil })
	s := typing("is_decimal_allowed", check(boolean), "initial_value", number, "min_value", number, "max_value", number)
	s.need = []string{"is_decimal_allowed"}
	return s
}

func selects() map[string]shape {
	ids, offered := list(1, maxOptions, ident(maxBlockID)), option(plain(maxOptionText))
	table := map[string]shape{}
	for kind, own := range map[string][2]map[string]check{
		"static": {fields("initial_option", offered), fields("initial_options", list(1, maxOptions, offered))},
		"external": {fields("initial_option", offered, "min_query_length", whole(0, 100)),
			fields("initial_options", list(1, maxOptions, offered), "min_query_length", whole(0, 100))},
		"users": {fields("initial_user", ident(maxBlockID)), fields("initial_users", ids)},
		"channels": {fields("initial_channel", ident(maxBlockID), "response_url_enabled", check(boolean)),
			fields("initial_channels", ids)},
		"conversations": {
			fields("initial_conversation", ident(maxBlockID), "default_to_current_conversation", check(boolean),
				"response_url_enabled", check(boolean), "filter", check(conversationFilter)),
			fields("initial_conversations", ids, "default_to_current_conversation", check(boolean),
				"filter", check(conversationFilter))},
	} {
		own[1]["max_selected_items"] = whole(1, maxOptions)
		table[kind+"_select"] = menu(kind, own[0])
		table["multi_"+kind+"_select"] = menu(kind, own[1])
	}
	return table
}

func menu(kind string, own map[string]check) shape {
	own["placeholder"], own["confirm"], own["focus_on_load"] = plain(maxPlaceholder), confirm, focus
	s := shape{fields: own}
	if kind == "static" {
		own["options"] = list(1, maxOptions, option(plain(maxOptionText)))
		own["option_groups"] = list(1, maxOptions, optionGroup)
		s.also = oneSource
	}
	return s
}

func oneSource(c *checker, at string, o map[string]any) {
	if (o["options"] == nil) == (o["option_groups"] == nil) {
		c.fail(at, "must define either `options` or `option_groups`")
	}
	initialOffered(c, at, o)
}

// initialOffered refuses a preselection that is not among the options.
func initialOffered(c *checker, at string, o map[string]any) {
	offered := optionValues(o)
	for _, chosen := range append(values(o["initial_options"]), values([]any{o["initial_option"]})...) {
		if !slices.Contains(offered, chosen) {
			c.fail(at, "initial option must match one of the options: %s", chosen)
		}
	}
}

// optionValues are the values that a menu offers, in groups or not.
func optionValues(o map[string]any) []string {
	all := values(o["options"])
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		g, _ := g.(map[string]any)
		all = append(all, values(g["options"])...)
	}
	return all
}

func values(v any) []string {
	var all []string
	options, _ := v.([]any)
	for _, o := range options {
		if o, ok := o.(map[string]any); ok {
			value, _ := o["value"].(string)
			all = append(all, value)
		}
	}
	return all
}

// lengthsAgree refuses min_length above max_length.
func lengthsAgree(c *checker, at string, o map[string]any) {
	least, has1 := o["min_length"].(float64)
	most, has2 := o["max_length"].(float64)
	if has1 && has2 && least > most {
		c.fail(at, "min_length must be less than or equal to max_length")
	}
}

// focus counts: only one element of a view may ask for it.
func focus(c *checker, at string, v any) {
	boolean(c, at, v)
	if v == true {
		if c.focused++; c.focused > 1 {
			c.fail(at, "only one element can have focus_on_load set to true")
		}
	}
}

// dated accepts what a layout of package time accepts.
func dated(layout string) func(string) bool {
	return func(s string) bool { _, err := time.Parse(layout, s); return err == nil }
}
