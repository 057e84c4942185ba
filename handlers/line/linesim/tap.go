package linesim

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoButton is returned when nothing with that label can be tapped now.
var ErrNoButton = errors.New("no such button on the phone")

// Button is something that can be tapped on a phone now.
type Button struct {
	Where       string `json:"where"` // quickReply, message or richMenu
	MessageID   string `json:"messageId,omitempty"`
	Label       string `json:"label"`
	Type        string `json:"type"` // of the action
	Data        string `json:"data,omitempty"`
	DisplayText string `json:"displayText,omitempty"`
	Text        string `json:"text,omitempty"`
	URI         string `json:"uri,omitempty"`
	Alias       string `json:"richMenuAliasId,omitempty"`
	Mode        string `json:"mode,omitempty"` // of a datetime picker
}

// Buttons lists what the person can tap now: the quick reply of the last message, the buttons of all messages from the
// newest on, the rich menu.
func (p Person) Buttons() []Button {
	var out []Button
	log := p.Chat()
	for i := len(log) - 1; i >= 0; i-- {
		if n, bad := parse(log[i].QuickReply); bad == nil {
			out = n.buttons(out, Button{Where: "quickReply", MessageID: log[i].MessageID})
		}
		if n, bad := parse(log[i].Message); bad == nil && log[i].Kind == Seen {
			out = n.without("quickReply").buttons(out, Button{Where: "message", MessageID: log[i].MessageID})
		}
	}
	if m, ok := p.sim.Menu(p.id); ok && p.group == "" {
		if n, bad := parse(m.Menu); bad == nil {
			out = n.buttons(out, Button{Where: "richMenu"})
		}
	}
	return out
}

// without is the node less one property.
func (n *node) without(key string) *node {
	out := *n
	out.keys, out.kids = nil, nil
	for i, k := range n.keys {
		if k != key {
			out.keys, out.kids = append(out.keys, k), append(out.kids, n.kids[i])
		}
	}
	return &out
}

// buttons gathers the actions inside a message, in reading order.
func (n *node) buttons(out []Button, like Button) []Button {
	for i := range n.kids {
		kid := &n.kids[i]
		switch key := n.keyOf(i); {
		case key == "action" || key == "defaultAction":
			out = append(out, like.of(kid, n.str("text")))
		case key == "actions":
			for j := range kid.kids {
				out = append(out, like.of(&kid.kids[j], ""))
			}
		default:
			out = kid.buttons(out, like)
		}
	}
	return out
}

func (n *node) keyOf(i int) string {
	if n.kind == object {
		return n.keys[i]
	}
	return ""
}

// of reads an action; what has no label is called by the text it stands on, or by what it says.
func (b Button) of(action *node, on string) Button {
	b.Type, b.Label = action.str("type"), action.str("label")
	b.Data, b.DisplayText, b.Text = action.str("data"), action.str("displayText"), action.str("text")
	b.URI, b.Alias, b.Mode = action.str("uri"), action.str("richMenuAliasId"), action.str("mode")
	for _, name := range []string{on, b.DisplayText, b.Text} {
		if b.Label == "" {
			b.Label = name
		}
	}
	return b
}

// Tap taps what carries the label, wherever it stands on the phone, the newest first. Links are noted as opened and
// reach nobody.
func (p Person) Tap(ctx context.Context, label string) (Receipt, error) {
	return p.TapWith(ctx, label, "")
}

// TapWith taps a datetime picker and chooses a value in it, as 2017-06-18, 06:15 or 2017-06-18T06:15.
func (p Person) TapWith(ctx context.Context, label, value string) (Receipt, error) {
	for _, b := range p.Buttons() {
		if b.Label == label {
			return p.press(ctx, b, value)
		}
	}
	return Receipt{}, fmt.Errorf("tap %q as %s: %w", label, p.id, ErrNoButton)
}

func (p Person) press(ctx context.Context, b Button, value string) (Receipt, error) {
	switch b.Type {
	case "postback":
		return p.PressPostback(ctx, b.Data, b.DisplayText, nil)
	case "message":
		return p.TapMessageAction(ctx, b.Text)
	case "datetimepicker":
		if _, ok := moment(b.Mode, value); !ok {
			return Receipt{}, fmt.Errorf("tap %q as %s: %q is no %s", b.Label, p.id, value, b.Mode)
		}
		return p.PressPostback(ctx, b.Data, "", map[string]string{b.Mode: value})
	case "richmenuswitch":
		return p.switchMenu(ctx, b)
	}
	return p.open(b), nil
}

// switchMenu changes the person's rich menu and tells the bot.
// https://developers.line.biz/en/docs/messaging-api/switch-rich-menus/
func (p Person) switchMenu(ctx context.Context, b Button) (Receipt, error) {
	s := p.sim
	s.mu.Lock()
	status := "RICHMENU_NOTFOUND"
	if m := s.menus.byID[s.menus.aliases[b.Alias]]; m != nil {
		s.people[p.id].menu, status = m.id, "SUCCESS"
		s.add(Entry{Kind: Menu, Time: s.cfg.Now(), Chat: p.id, Person: p.id})
	}
	s.mu.Unlock()
	return p.PressPostback(ctx, b.Data, "", map[string]string{"newRichMenuAliasId": b.Alias, "status": status})
}

// open notes a link that was followed, or whatever else stays on the phone.
func (p Person) open(b Button) Receipt {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(Entry{Kind: Opened, Time: s.cfg.Now(), Chat: p.chat(), Person: p.id, MessageID: b.MessageID, Message: marshal(b)})
	return Receipt{MessageID: b.MessageID}
}
