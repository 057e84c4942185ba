package line

import (
	"strings"

	"tsunagi/bot/msg"
)

// quickReply are the short answers below the last message.
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
type quickReply struct {
	Items []quickItem `json:"items"`
}

type quickItem struct {
	Type   string  `json:"type"`
	Action *action `json:"action"`
}

const maxQuickReplies = 13

// quick are the choices that go below the last message.
type quick []msg.Button

// offer says how the choices are shown: as quick replies, or, when there are too many or when a label would be cut that
// stands nowhere else, all as a list of buttons. Nothing is lost either way.
func (r renderer) offer(m msg.Message) (q quick, listed []msg.Button) {
	choices := flat(m.Choices)
	if len(choices) > maxQuickReplies {
		return nil, choices
	}
	for _, b := range choices {
		if !pressable(b) || longer(printable(b.Label), labelInQuickReply) && !stands(b.Label, m.Blocks) {
			return nil, choices
		}
	}
	return choices, nil
}

// stands tells whether words can be read whole in the message.
func stands(s string, blocks []msg.Block) bool {
	for _, b := range blocks {
		if strings.Contains(visible(b), s) {
			return true
		}
	}
	return false
}

// visible is what a block says.
func visible(b msg.Block) string {
	switch b := b.(type) {
	case msg.Text:
		return b.Body
	case msg.Quote:
		return b.Author + "\n" + b.Body
	case msg.Card:
		lines := append([]string{b.State, b.Title, b.Body}, b.Notes...)
		for _, row := range b.Rows {
			lines = append(lines, row.Label, row.Value)
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return ""
}

func (q quick) render() (*quickReply, error) {
	if len(q) == 0 {
		return nil, nil
	}
	out := &quickReply{}
	for _, b := range q {
		a, err := actionOf(b, labelInQuickReply)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, quickItem{Type: "action", Action: a})
	}
	return out, nil
}
