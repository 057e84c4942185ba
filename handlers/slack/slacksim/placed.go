package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// placedElement is an interactive element where it stands.
type placedElement struct {
	block, action string // block_id and action_id
	kind          string // the element's type
	spec          map[string]any
	label         string // of an input block
	input         bool   // stands in an input block
	optional      bool
	dispatch      bool // in an input block: tells the app at once
}

// placed lists the interactive elements of blocks that have their block_ids.
func placed(blocks json.RawMessage) []placedElement {
	list, _ := decoded(blocks).([]any)
	var all []placedElement
	for _, b := range list {
		b, _ := b.(map[string]any)
		all = append(all, placedIn(b)...)
	}
	return all
}

func placedIn(b map[string]any) []placedElement {
	blockID, _ := b["block_id"].(string)
	place := func(v any) []placedElement {
		spec, _ := v.(map[string]any)
		kind, _ := spec["type"].(string)
		action, _ := spec["action_id"].(string)
		if spec == nil || kind == "image" || kind == "mrkdwn" || kind == "plain_text" {
			return nil
		}
		return []placedElement{{block: blockID, action: action, kind: kind, spec: spec}}
	}
	switch b["type"] {
	case "section":
		return place(b["accessory"])
	case "actions":
		var all []placedElement
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			all = append(all, place(e)...)
		}
		return all
	case "input":
		all := place(b["element"])
		for i := range all {
			label, _ := b["label"].(map[string]any)
			all[i].input, all[i].optional, all[i].dispatch = true, b["optional"] == true, b["dispatch_action"] == true
			all[i].label, _ = label["text"].(string)
		}
		return all
	}
	return nil
}

// stateful reports whether the element has a place in state.values.
func (e placedElement) stateful() bool {
	return e.kind != "button" && e.kind != "overflow" && e.kind != "workflow_button"
}

// slot is the name of the element's value in state and actions, and whether it holds several.
func (e placedElement) slot() (name string, several bool) {
	switch e.kind {
	case "datepicker":
		return "selected_date", false
	case "timepicker":
		return "selected_time", false
	case "datetimepicker":
		return "selected_date_time", false
	case "checkboxes":
		return "selected_options", true
	case "radio_buttons", "overflow":
		return "selected_option", false
	case "file_input":
		return "files", true
	case "rich_text_input":
		return "rich_text_value", false
	}
	if what, ok := strings.CutSuffix(e.kind, "_select"); ok {
		what, several = strings.CutPrefix(what, "multi_")
		return selectSlot(what, several), several
	}
	return "value", false
}

func selectSlot(what string, several bool) string {
	name := map[string]string{
		"static": "selected_option", "external": "selected_option", "users": "selected_user",
		"channels": "selected_channel", "conversations": "selected_conversation",
	}[what]
	if several {
		name += "s"
	}
	return name
}

// initial is the element's state before anybody touched it.
func (e placedElement) initial() map[string]any {
	slot, several := e.slot()
	value := map[string]any{"type": e.kind, slot: nil}
	if several {
		value[slot] = []any{}
	}
	for _, key := range sortedKeys(e.spec) {
		if strings.HasPrefix(key, "initial_") {
			value[slot] = e.spec[key]
		}
	}
	return value
}

// chosen makes the element's state of what a person typed or chose; it refuses what is not on offer.
func (e placedElement) chosen(given []string) (map[string]any, error) {
	slot, several := e.slot()
	value := map[string]any{"type": e.kind, slot: nil}
	if !several && len(given) > 1 {
		return nil, fmt.Errorf("%d values for %s %s: %w", len(given), e.kind, e.action, NotOffered)
	}
	if several {
		value[slot] = []any{}
	}
	for _, v := range given {
		one, err := e.item(v)
		if err != nil {
			return nil, err
		}
		if !several {
			value[slot] = one
			continue
		}
		value[slot] = append(value[slot].([]any), one)
	}
	return value, nil
}

// item is one value as state holds it: an option object, a number, or the text itself.
func (e placedElement) item(v string) (any, error) {
	slot, _ := e.slot()
	if !strings.HasPrefix(slot, "selected_option") {
		if slot == "selected_date_time" {
			return strconv.ParseInt(v, 10, 64)
		}
		if v == "" {
			return nil, nil
		}
		return v, nil
	}
	if strings.Contains(e.kind, "external") {
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": v}, "value": v}, nil
	}
	if option := e.offered(v); option != nil {
		return option, nil
	}
	return nil, fmt.Errorf("choose %q in %s %s: %w", v, e.kind, e.action, NotOffered)
}

// offered finds an option by its value, or by the text that the person reads.
func (e placedElement) offered(v string) map[string]any {
	all, _ := e.spec["options"].([]any)
	groups, _ := e.spec["option_groups"].([]any)
	for _, g := range groups {
		g, _ := g.(map[string]any)
		options, _ := g["options"].([]any)
		all = append(slices.Clone(all), options...)
	}
	for _, by := range []func(map[string]any) string{optionValue, optionLabel} {
		for _, o := range all {
			if o, ok := o.(map[string]any); ok && by(o) == v {
				return o
			}
		}
	}
	return nil
}

func optionValue(o map[string]any) string {
	v, _ := o["value"].(string)
	return v
}

func optionLabel(o map[string]any) string {
	t, _ := o["text"].(map[string]any)
	v, _ := t["text"].(string)
	return v
}
