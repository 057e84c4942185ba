package story

import (
	"encoding/json"
	"strings"
)

// element is something in blocks that can be pressed or filled in.
type element struct {
	action  string
	kind    string
	label   string   // on a button or a menu's item; above an input
	value   string   // of the button or item
	choices []string // what an input offers
}

type rawBlock struct {
	Type      string       `json:"type"`
	Label     *rawText     `json:"label"`
	Element   *rawElement  `json:"element"`
	Elements  []rawElement `json:"elements"`
	Accessory *rawElement  `json:"accessory"`
}

type rawElement struct {
	Type     string      `json:"type"`
	ActionID string      `json:"action_id"`
	Text     flexible    `json:"text"`
	Value    string      `json:"value"`
	Options  []rawOption `json:"options"`
}

type rawOption struct {
	Text  rawText `json:"text"`
	Value string  `json:"value"`
}

type rawText struct {
	Text string `json:"text"`
}

// flexible is a text object, or the bare text of elements that hold no action.
type flexible rawText

// UnmarshalJSON takes either.
func (f *flexible) UnmarshalJSON(raw []byte) error {
	if strings.HasPrefix(string(raw), `"`) {
		return json.Unmarshal(raw, &f.Text)
	}
	return json.Unmarshal(raw, (*rawText)(f))
}

func blocksOf(raw json.RawMessage) []rawBlock {
	var blocks []rawBlock
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	return blocks
}

// buttons lists what can be pressed: buttons, and the items of overflow menus.
func buttons(raw json.RawMessage) []element {
	var out []element
	for _, b := range blocksOf(raw) {
		if b.Type != "actions" && b.Accessory == nil {
			continue
		}
		all := b.Elements
		if b.Accessory != nil {
			all = append(all[:len(all):len(all)], *b.Accessory)
		}
		for _, e := range all {
			out = append(out, e.pressable()...)
		}
	}
	return out
}

func (e rawElement) pressable() []element {
	switch e.Type {
	case "button":
		return []element{{action: e.ActionID, kind: e.Type, label: clean(e.Text.Text), value: e.Value}}
	case "overflow", "static_select", "radio_buttons":
		var out []element
		for _, o := range e.Options {
			out = append(out, element{action: e.ActionID, kind: e.Type, label: clean(o.Text.Text), value: o.Value})
		}
		return out
	}
	return nil
}

// inputs lists what can be filled in.
func inputs(raw json.RawMessage) []element {
	var out []element
	for _, b := range blocksOf(raw) {
		if b.Type != "input" || b.Element == nil {
			continue
		}
		e := element{action: b.Element.ActionID, kind: b.Element.Type}
		if b.Label != nil {
			e.label = clean(b.Label.Text)
		}
		for _, o := range b.Element.Options {
			e.choices = append(e.choices, clean(o.Text.Text))
		}
		out = append(out, e)
	}
	return out
}

// labelled finds the element with just this label, else the only one that holds it.
func labelled(all []element, label string) (element, bool) {
	var part []element
	for _, e := range all {
		if e.label == label {
			return e, true
		}
		if strings.Contains(e.label, label) {
			part = append(part, e)
		}
	}
	if len(part) != 1 {
		return element{}, false
	}
	return part[0], true
}

func labels(all []element) []string {
	out := make([]string, len(all))
	for i, e := range all {
		out[i] = e.label
	}
	return out
}
