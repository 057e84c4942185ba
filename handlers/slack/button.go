package slack

import (
	"cmp"
	"slices"
	"strconv"

	"tsunagi/bot/msg"
)

// actions are rows of buttons, 25 in each at most. A menu whose items fit is an overflow menu, else its items are
// buttons like the others.
func (p *page) actions(buttons []msg.Button) []block {
	var all []any
	for _, b := range buttons {
		all = append(all, p.elements(b)...)
	}
	var out []block
	for row := range slices.Chunk(all, maxButtons) {
		out = append(out, block{Type: "actions", Elements: row})
	}
	return out
}

func (p *page) elements(b msg.Button) []any {
	if len(b.Menu) == 0 {
		return []any{p.button(b)}
	}
	if overflows(b.Menu) {
		return []any{p.overflow(b.Menu)}
	}
	var all []any
	for _, item := range b.Menu {
		all = append(all, p.elements(item)...)
	}
	return all
}

// button is one button. A press names its action in the action_id, numbered since no two in a message may be the same,
// and carries what it belongs to in the value.
func (p *page) button(b msg.Button) *element {
	e := &element{Type: "button", Text: plain(orDash(line(b.Label, maxButton))), Style: string(b.Style), URL: b.URL}
	e.ActionID = p.id(cmp.Or(b.Press.Do, "link"))
	if b.URL == "" {
		e.Value = b.Press.Encode()
	}
	if asked := clip(clean(b.Confirm), maxConfirm); asked != "" {
		e.Confirm = p.confirm(asked, b.Style)
	}
	return e
}

// id makes an action_id; action reads it back.
func (p *page) id(do string) string {
	p.next++
	return clip(do, maxID-10) + "#" + strconv.Itoa(p.next)
}

func (p *page) confirm(asked string, style msg.Style) *confirm {
	c := &confirm{
		Title: plain(p.say("slack.confirm.title")), Text: plain(asked),
		Confirm: plain(p.say("slack.confirm.yes")), Deny: plain(p.say("slack.confirm.no")),
	}
	if style == msg.Danger {
		c.Style = string(msg.Danger)
	}
	return c
}

// overflows reports whether a menu can be an overflow menu, whose items carry but 150 characters and cannot ask back.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
func overflows(items []msg.Button) bool {
	for _, b := range items {
		if b.URL != "" || b.Confirm != "" || len(b.Menu) > 0 || len(b.Press.Encode()) > maxOptionValue {
			return false
		}
	}
	return len(items) <= maxOverflow
}

func (p *page) overflow(items []msg.Button) *element {
	e := &element{Type: "overflow", ActionID: p.id("menu")}
	for _, b := range items {
		e.Options = append(e.Options, option{Text: plain(orDash(line(b.Label, maxOption))), Value: b.Press.Encode()})
	}
	return e
}
