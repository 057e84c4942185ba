package line

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tsunagi/bot/msg"
)

// action is what a press on a phone does. https://developers.line.biz/en/reference/messaging-api/#action-objects
type action struct {
	Type        string
	Label       string
	Data        string
	DisplayText string
	URI         string
	Mode        string
}

func (a *action) write(out []byte) []byte {
	out = property(append(out, '{'), "type", a.Type)
	out = property(out, "label", a.Label)
	out = property(out, "data", a.Data)
	out = property(out, "displayText", a.DisplayText)
	out = property(out, "uri", a.URI)
	return append(property(out, "mode", a.Mode), '}')
}

// Limits of actions. https://developers.line.biz/en/reference/messaging-api/#action-object-label-spec
const (
	labelInQuickReply = 20 // graphemes
	labelInFlex       = 40 // graphemes
	maxData           = 300
	maxURI            = 1000
	maxDisplayed      = 300 // graphemes
	maxDisplayedUnits = 600 // ours: a grapheme may be long
)

// actionOf makes the action of a button, with a label of at most so many graphemes. A press shows its whole label as
// what the person said.
func actionOf(b msg.Button, longest int) (*action, error) {
	whole := printable(b.Label)
	if blank(whole) {
		whole = ellipsis // LINE refuses a button without a label
	}
	label := short(whole, longest, maxDisplayedUnits)
	if b.URL != "" {
		link, _ := webLink(b.URL)
		return &action{Type: "uri", Label: label, URI: link}, nil
	}
	data := b.Press.Encode()
	switch {
	case b.Press.Do == "":
		return nil, errors.New("a button that means nothing")
	case units(data) > maxData:
		return nil, fmt.Errorf("button %s carries %d characters, and LINE allows %d", b.Press.Do, units(data), maxData)
	case b.Pick == "date":
		return &action{Type: "datetimepicker", Label: label, Data: data, Mode: "date"}, nil
	}
	return &action{
		Type: "postback", Label: label, Data: data,
		DisplayText: short(whole, maxDisplayed, maxDisplayedUnits),
	}, nil
}

// webLink is a link as LINE takes it: percent-encoded, and of a kind that it opens.
// https://developers.line.biz/en/reference/messaging-api/#uri-action
func webLink(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	link := percentEncoded(u.String())
	ok := len(link) <= maxURI
	switch u.Scheme {
	case "http", "https":
		return link, ok && u.Host != ""
	case "tel":
		return link, ok && u.Opaque != ""
	}
	return "", false
}

// percentEncoded encodes what url.URL leaves as it is in a query.
// https://developers.line.biz/en/docs/messaging-api/development-guidelines/#url-encoding
func percentEncoded(link string) string {
	var b strings.Builder
	for _, c := range []byte(link) {
		if c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// flat lists the buttons that LINE shows one by one: a menu's instead of the menu.
func flat(buttons []msg.Button) []msg.Button {
	if !slices.ContainsFunc(buttons, func(b msg.Button) bool { return len(b.Menu) > 0 }) {
		return buttons
	}
	var out []msg.Button
	for _, b := range buttons {
		if len(b.Menu) > 0 {
			out = append(out, flat(b.Menu)...)
			continue
		}
		out = append(out, b)
	}
	return out
}

// pressable tells whether LINE has an action for the button; other links are written out.
func pressable(b msg.Button) bool {
	if b.URL == "" {
		return true
	}
	_, ok := webLink(b.URL)
	return ok
}
