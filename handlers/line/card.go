package line

import (
	"cmp"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// card renders a card as one bubble, or as several side by side when it is too large for one.
func (r renderer) card(c msg.Card) ([]bubble, error) {
	p := pieces{renderer: r, json: make([]byte, 0, usualCard(c))}
	p.paragraph(c.Title, "lg", ink, "none", (*part).bold)
	p.paragraph(c.Body, "md", ink, "md", airy)
	for i, row := range c.Rows {
		if i > 0 || len(p.list) > 0 {
			p.add(&part{Type: "separator", Margin: "md", Color: line})
		}
		p.row(row)
	}
	for _, n := range c.Notes {
		p.paragraph(n, "xs", inkSoft, "md", nil)
	}
	p.buttons(c.Buttons)
	if p.fault != nil {
		return nil, p.fault
	}
	return r.bubbles(r.band(c), p.list), nil
}

// choices is a list of buttons, for when there are too many for quick replies, or their words are too long.
func (r renderer) choices(buttons []msg.Button) ([]bubble, error) {
	return r.card(msg.Card{Title: r.words.Say(text.Say("line.choices")), Buttons: buttons})
}

// band is the strip on top that tells the state: in words first, and in a colour.
func (r renderer) band(c msg.Card) *part {
	state := printable(c.State)
	if blank(state) {
		if c.Tone == msg.Plain {
			return nil
		}
		state = r.words.Say(text.Say("line.tone." + string(c.Tone)))
	}
	ground, color := ground(c.Tone)
	strip := box("vertical", words(short(state, 100, 300), "sm", color).bold())
	strip.BackgroundColor, strip.PaddingAll = ground, "md"
	strip.PaddingStart, strip.PaddingEnd = "xl", "xl"
	return strip
}

func ground(t msg.Tone) (ground, color string) {
	switch t {
	case msg.Alert:
		return amber, white
	case msg.Good:
		return green, white
	case msg.Closed:
		return grey, white
	}
	return paleBlue, ink
}

// pieces are the parts of a card in reading order, each small enough for a bubble.
type pieces struct {
	renderer
	list  []piece
	json  []byte // of all pieces
	fault error
}

// usualCard is about how long a card's JSON is.
func usualCard(c msg.Card) int {
	return 3*(len(c.Title)+len(c.Body))/2 + 700*len(c.Rows) + 400*len(c.Buttons) + 500
}

// piece is a component as JSON.
type piece struct {
	json []byte
	foot bool // a button: below the line in its bubble
}

func (p piece) write(out []byte) []byte { return append(out, p.json...) }

// maxPiece is how much of a text stands in one component: a bubble has room for it in the longest form that JSON can
// give it, together with a label and a button.
const maxPiece = 2000 // UTF-16 code units

func (p *pieces) add(c *part) { p.append(c.write, false) }

func (p *pieces) append(write func([]byte) []byte, foot bool) {
	from := len(p.json)
	p.json = write(p.json)
	p.list = append(p.list, piece{p.json[from:len(p.json):len(p.json)], foot})
}

// paragraph adds words, in several components if they are long.
func (p *pieces) paragraph(s, size, color, margin string, change func(*part) *part) {
	s = printable(s)
	if blank(s) {
		return
	}
	for i, chunk := range split(text.Isolate(s), maxPiece) {
		if blank(chunk) {
			continue
		}
		w := words(chunk, size, color)
		if i == 0 {
			w.after(margin)
		}
		if change != nil {
			w = change(w)
		}
		p.add(w)
	}
}

// airy sets lines apart where there may be many.
func airy(w *part) *part {
	w.LineSpacing = "5px"
	return w
}

// row adds a label above its value, and the button that changes it beside them.
func (p *pieces) row(row msg.Row) {
	label := printable(row.Label)
	if units(label) > 300 {
		p.paragraph(label, "xs", inkSoft, "md", nil)
		label = ""
	}
	value := printable(row.Value)
	if blank(value) {
		value = "—"
	}
	for i, chunk := range split(text.Isolate(value), maxPiece) {
		pair := box("vertical")
		if i == 0 && !blank(label) {
			pair.Contents = append(pair.Contents, words(label, "xs", inkSoft))
		}
		pair.Contents = append(pair.Contents, airy(words(chunk, "md", ink)))
		beside := box("horizontal", pair.grow("1"))
		beside.Spacing, beside.AlignItems, beside.Margin = "md", "center", "md"
		if i == 0 && row.Edit != nil {
			beside.Contents = append(beside.Contents, p.edit(*row.Edit))
		}
		p.add(beside)
	}
}

// edit is a small button, wide enough for a thumb.
func (p *pieces) edit(b msg.Button) *part {
	a, err := actionOf(b, labelInFlex)
	if err != nil {
		p.fault = cmp.Or(p.fault, err)
		return box("vertical")
	}
	small := box("vertical", centered(words(short(a.Label, 20, 100), "sm", blue).bold()))
	small.Action, small.BackgroundColor, small.CornerRadius = a, paleGrey, "8px"
	small.PaddingTop, small.PaddingBottom, small.PaddingStart, small.PaddingEnd = "11px", "11px", "14px", "14px"
	return small.grow("0")
}

func centered(w *part) *part {
	w.Align = "center"
	return w
}

func (p *pieces) buttons(list []msg.Button) {
	for _, b := range flat(list) {
		if !pressable(b) {
			p.paragraph(p.words.Say(text.Say("line.link", "label", printable(b.Label), "url", printable(b.URL))), "sm", ink, "md", nil)
			continue
		}
		p.button(b)
	}
}

// longLabel is where LINE's button, which has one line, would cut its words off on a phone.
const longLabel = 16 // graphemes

// button adds a button; long words get one that wraps, since LINE's own does not.
func (p *pieces) button(b msg.Button) {
	label := printable(b.Label)
	if longer(label, maxDisplayed) || units(label) > maxDisplayedUnits {
		p.paragraph(label, "sm", ink, "md", nil)
	}
	a, err := actionOf(b, labelInFlex)
	if err != nil {
		p.fault = cmp.Or(p.fault, err)
		return
	}
	if longer(label, longLabel) {
		p.append(wrappingButton(b.Style, a, short(label, maxDisplayed, maxDisplayedUnits)).after("sm").write, true)
	} else {
		p.append(plainButton(b.Style, a).write, true)
	}
	if b.Confirm != "" { // LINE cannot ask before a press counts, so it is said beforehand
		p.append(centered(words(short(printable(b.Confirm), 300, 600), "xs", inkSoft)).write, true)
	}
}

// plainButton is LINE's own.
func plainButton(s msg.Style, a *action) *button {
	c := &button{Style: "secondary", Height: "sm", Margin: "sm", Action: a}
	switch s {
	case msg.Primary:
		c.Style, c.Color = "primary", blue
	case msg.Danger:
		c.Style, c.Color = "primary", red
	}
	return c
}

// wrappingButton looks like it and shows all words.
func wrappingButton(s msg.Style, a *action, label string) *part {
	color, ground := ink, buttonGrey
	switch s {
	case msg.Primary:
		color, ground = white, blue
	case msg.Danger:
		color, ground = white, red
	}
	c := box("vertical", centered(words(label, "md", color).bold()))
	c.Action, c.BackgroundColor, c.CornerRadius, c.PaddingAll = a, ground, "8px", "12px"
	return c
}

// roomy is what a bubble takes beside its pieces.
const roomy = 2_500 // bytes

// bubbles packs the pieces of a card into as few bubbles as hold them.
func (r renderer) bubbles(band *part, list []piece) []bubble {
	var packed [][]piece
	size := 0
	for _, p := range list {
		if size += len(p.json) + 1; len(packed) == 0 || size > maxBubble-roomy {
			packed, size = append(packed, nil), len(p.json)+1
		}
		packed[len(packed)-1] = append(packed[len(packed)-1], p)
	}
	out := make([]bubble, len(packed))
	for i, pieces := range packed {
		out[i] = r.bubble(band, pieces, i+1, len(packed))
	}
	return out
}

func (r renderer) bubble(band *part, list []piece, n, of int) bubble {
	p := pieces{renderer: r}
	if n > 1 {
		p.paragraph(r.words.Say(text.Say("line.more", "part", n, "parts", of)), "xs", inkSoft, "none", nil)
	}
	// Buttons go below the line if nothing but buttons follows them.
	first := len(list)
	for first > 0 && list[first-1].foot {
		first--
	}
	b := bubble{body: append(p.list, list[:first]...), footer: list[first:]}
	if band != nil {
		b.header = band.write(nil)
	}
	return b
}
