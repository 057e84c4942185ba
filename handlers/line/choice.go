package line

import (
	"strings"

	"tsunagi/bot/msg"
)

// quickReply are the short answers below the last message.
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
type quickReply []*action

func (q quickReply) write(out []byte) []byte {
	return append(list(append(out, '{'), "items", q, writeQuick), '}')
}

func writeQuick(a *action, out []byte) []byte {
	return append(object(append(out, `{"type":"action"`...), "action", a.write), '}')
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

func (q quick) render() (_ quickReply, err error) {
	out := make(quickReply, len(q))
	for i, b := range q {
		if out[i], err = actionOf(b, labelInQuickReply); err != nil {
			return nil, err
		}
	}
	return out, nil
}
