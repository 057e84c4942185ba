package line

import (
	"errors"
	"fmt"
	"strings"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// renderer turns neutral messages into LINE's. All words stay words: LINE's text and Flex know no markup, and nothing
// here builds any.
type renderer struct{ words *text.Catalogue }

// message is one message object. https://developers.line.biz/en/reference/messaging-api/#message-objects
type message struct {
	Type       string
	Text       string
	AltText    string
	QuickReply quickReply
	Contents   row
}

func (m message) write(out []byte) []byte {
	out = property(append(out, '{'), "type", m.Type)
	out = property(out, "text", m.Text)
	out = property(out, "altText", m.AltText)
	if len(m.QuickReply) > 0 {
		out = object(out, "quickReply", m.QuickReply.write)
	}
	if len(m.Contents) > 0 {
		out = object(out, "contents", m.Contents.write)
	}
	return append(out, '}')
}

// size is a little more than the message will have, as long as its words need no escapes.
func (m message) size() int {
	return len(m.Text) + len(m.AltText) + m.Contents.size() + 400*len(m.QuickReply) + 100
}

// Limits of messages. https://developers.line.biz/en/reference/messaging-api/#message-objects
const (
	maxMessages = 5
	maxText     = 5000 // UTF-16 code units
	maxAlt      = 1500
)

// messages renders a message for one call. What would not fit into one call is cut with a note that says so.
func (r renderer) messages(m msg.Message) ([]message, error) {
	quick, listed := r.offer(m)
	stretches, err := r.stretches(m, listed)
	if err != nil {
		return nil, err
	}
	all := r.fit(stretches)
	if len(all) == 0 {
		return nil, errors.New("a message without content")
	}
	if all[len(all)-1].QuickReply, err = quick.render(); err != nil {
		return nil, err
	}
	alt := r.alt(m)
	for i := range all {
		if all[i].Type == "flex" {
			all[i].AltText = alt
		}
	}
	return all, nil
}

// alt is what notifications and old devices show; all of it stands in the message too.
func (r renderer) alt(m msg.Message) string {
	alt := printable(m.Alt)
	for _, b := range m.Blocks {
		if blank(alt) {
			alt = printable(visible(b))
		}
	}
	if blank(alt) {
		alt = r.words.Say(text.Say("line.choices"))
	}
	return short(strings.TrimSpace(alt), maxAlt, maxAlt)
}

// stretch is a part of the message of one kind: words, or bubbles that stand side by side.
type stretch struct {
	text    string
	bubbles []bubble
	apart   bool // a quote: not run together with our own words unless need be
}

func (r renderer) stretches(m msg.Message, listed []msg.Button) ([]stretch, error) {
	var out []stretch
	for _, b := range m.Blocks {
		s, err := r.stretch(b)
		if err != nil {
			return nil, err
		}
		out = joined(out, s)
	}
	if len(listed) > 0 {
		bubbles, err := r.choices(listed)
		if err != nil {
			return nil, err
		}
		out = append(out, stretch{bubbles: bubbles})
	}
	if len(out) == 0 && !blank(m.Alt) {
		out = []stretch{{text: printable(m.Alt)}}
	}
	return out, nil
}

func (r renderer) stretch(b msg.Block) (stretch, error) {
	switch b := b.(type) {
	case msg.Text:
		return stretch{text: printable(b.Body)}, nil
	case msg.Quote:
		return stretch{text: r.quote(b), apart: true}, nil
	case msg.Card:
		bubbles, err := r.card(b)
		return stretch{bubbles: bubbles}, err
	}
	return stretch{}, fmt.Errorf("a block of unknown type %T", b)
}

func (r renderer) quote(q msg.Quote) string {
	body := text.Isolate(printable(q.Body))
	if blank(q.Author) || blank(body) {
		return body
	}
	return r.words.Say(text.Say("line.quote", "author", printable(q.Author), "body", printable(q.Body)))
}

// joined adds a stretch, run together with the one before if they are alike.
func joined(list []stretch, s stretch) []stretch {
	if len(s.bubbles) == 0 && blank(s.text) {
		return list
	}
	if len(list) == 0 {
		return append(list, s)
	}
	last := &list[len(list)-1]
	switch {
	case len(s.bubbles) > 0 && len(last.bubbles) > 0:
		last.bubbles = append(last.bubbles, s.bubbles...)
	case len(s.bubbles) == 0 && len(last.bubbles) == 0 && !s.apart && !last.apart:
		last.text = together(last.text, s.text)
	default:
		list = append(list, s)
	}
	return list
}

func together(a, b string) string {
	return strings.TrimRight(a, "\n") + "\n\n" + strings.TrimLeft(b, "\n")
}

// fit makes at most five messages: as they come, else with words and quotes run together, else cut.
func (r renderer) fit(stretches []stretch) []message {
	list := render(stretches)
	if len(list) <= maxMessages {
		return list
	}
	var closer []stretch
	for _, s := range stretches {
		s.apart = false
		closer = joined(closer, s)
	}
	return r.cut(render(closer))
}

func render(stretches []stretch) []message {
	var out []message
	for _, s := range stretches {
		for _, part := range split(s.text, maxText) {
			if !blank(part) {
				out = append(out, message{Type: "text", Text: part})
			}
		}
		for _, contents := range side(s.bubbles) {
			out = append(out, message{Type: "flex", Contents: contents})
		}
	}
	return out
}

// cut drops what is too much and says so. A card at the end stays, as it has the ways on.
func (r renderer) cut(list []message) []message {
	if len(list) <= maxMessages {
		return list
	}
	last := list[len(list)-1:]
	if last[0].Type == "text" {
		last = nil
	}
	kept := keep(list[:len(list)-len(last)], maxMessages-len(last))
	note := r.words.Say(text.Say("line.cut"))
	for i := len(kept) - 1; i >= 0; i-- {
		if kept[i].Type == "text" {
			kept[i].Text = noted(kept[i].Text, note)
			return append(kept, last...)
		}
	}
	kept[len(kept)-1] = message{Type: "text", Text: note}
	return append(kept, last...)
}

// keep chooses n messages, in their order: at least one of words if there is one, then cards, then words.
func keep(list []message, n int) []message {
	cards := 0
	for _, m := range list {
		if m.Type == "flex" {
			cards++
		}
	}
	textRoom := max(1, n-cards)
	cardRoom := n - min(textRoom, len(list)-cards)
	var out []message
	for _, m := range list {
		room := &textRoom
		if m.Type == "flex" {
			room = &cardRoom
		}
		if *room > 0 {
			*room--
			out = append(out, m)
		}
	}
	return out
}

// noted shortens words so that the note fits below them.
func noted(s, note string) string {
	room := maxText - units(note) - 2
	return together(short(s, room, room), note)
}

// Limits of Flex, with some room to spare. https://developers.line.biz/en/reference/messaging-api/#bubble
const (
	maxBubble   = 30_000 // bytes
	maxCarousel = 50_000
	maxBubbles  = 12
)

// side lays bubbles side by side, in as many rows as it takes.
func side(bubbles []bubble) []row {
	var out []row
	for len(bubbles) > 0 {
		n, size := 0, row(nil).size()
		for n < min(len(bubbles), maxBubbles) && size+bubbles[n].size()+1 <= maxCarousel {
			size += bubbles[n].size() + 1
			n++
		}
		out = append(out, bubbles[:n])
		bubbles = bubbles[n:]
	}
	return out
}

// row is bubbles side by side: a carousel, which one alone does not need.
type row []bubble

func (r row) write(out []byte) []byte {
	if len(r) == 1 {
		return r[0].write(out)
	}
	return append(list(append(out, `{"type":"carousel"`...), "contents", r, bubble.write), '}')
}

// size is a little more than the row will have.
func (r row) size() int {
	n := 50
	for _, b := range r {
		n += b.size() + 1
	}
	return n
}
