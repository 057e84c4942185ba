package line

// The parts of Flex messages that we use; absent properties are left out, so that LINE's defaults hold.
// https://developers.line.biz/en/reference/messaging-api/#flex-message

// bubble is put together of parts that are written already, since its size is counted by them.
type bubble struct {
	header       []byte
	body, footer []piece
}

func (b bubble) write(out []byte) []byte {
	out = append(out, `{"type":"bubble","size":"mega"`...)
	if len(b.header) > 0 {
		out = append(key(out, "header"), b.header...)
	}
	if len(b.body) > 0 {
		out = object(out, "body", frame{"xl", "", b.body}.write)
	}
	if len(b.footer) > 0 {
		out = object(out, "footer", frame{"lg", "sm", b.footer}.write)
	}
	return append(out, '}')
}

// frame is a box around written pieces.
type frame struct {
	padding, spacing string
	pieces           []piece
}

func (f frame) write(out []byte) []byte {
	out = append(out, `{"type":"box","layout":"vertical"`...)
	out = property(out, "paddingAll", f.padding)
	out = property(out, "spacing", f.spacing)
	return append(list(out, "contents", f.pieces, piece.write), '}')
}

// size is a little more than the bubble will have.
func (b bubble) size() int {
	n := len(b.header) + 300
	for _, p := range b.body {
		n += len(p.json) + 1
	}
	for _, p := range b.footer {
		n += len(p.json) + 1
	}
	return n
}

// button is LINE's own.
type button struct {
	Style  string
	Color  string
	Height string
	Margin string
	Action *action
}

func (b *button) write(out []byte) []byte {
	out = append(out, `{"type":"button"`...)
	out = property(out, "style", b.Style)
	out = property(out, "color", b.Color)
	out = property(out, "height", b.Height)
	out = property(out, "margin", b.Margin)
	return append(object(out, "action", b.Action.write), '}')
}

// part is a component: a box, a text or a separator.
type part struct {
	Type            string
	Layout          string
	Text            string
	Size            string
	Weight          string
	Color           string
	Align           string
	Wrap            bool
	LineSpacing     string
	Margin          string
	Spacing         string
	Flex            string
	BackgroundColor string
	CornerRadius    string
	PaddingAll      string
	PaddingTop      string
	PaddingBottom   string
	PaddingStart    string
	PaddingEnd      string
	AlignItems      string
	Action          *action
	Contents        []*part
}

func (p *part) write(out []byte) []byte {
	out = property(append(out, '{'), "type", p.Type)
	out = property(out, "layout", p.Layout)
	out = property(out, "text", p.Text)
	out = property(out, "size", p.Size)
	out = property(out, "weight", p.Weight)
	out = property(out, "color", p.Color)
	out = property(out, "align", p.Align)
	if p.Wrap {
		out = append(out, `,"wrap":true`...)
	}
	out = property(out, "lineSpacing", p.LineSpacing)
	out = property(out, "margin", p.Margin)
	out = property(out, "spacing", p.Spacing)
	if p.Flex != "" {
		out = append(append(out, `,"flex":`...), p.Flex...)
	}
	out = property(out, "backgroundColor", p.BackgroundColor)
	out = property(out, "cornerRadius", p.CornerRadius)
	out = property(out, "paddingAll", p.PaddingAll)
	out = property(out, "paddingTop", p.PaddingTop)
	out = property(out, "paddingBottom", p.PaddingBottom)
	out = property(out, "paddingStart", p.PaddingStart)
	out = property(out, "paddingEnd", p.PaddingEnd)
	out = property(out, "alignItems", p.AlignItems)
	if p.Action != nil {
		out = object(out, "action", p.Action.write)
	}
	if len(p.Contents) > 0 {
		out = list(out, "contents", p.Contents, (*part).write)
	}
	return append(out, '}')
}

func box(layout string, contents ...*part) *part {
	return &part{Type: "box", Layout: layout, Contents: contents}
}

func words(text, size, color string) *part {
	return &part{Type: "text", Text: text, Size: size, Color: color, Wrap: true}
}

func (p *part) bold() *part {
	p.Weight = "bold"
	return p
}

func (p *part) after(margin string) *part {
	p.Margin = margin
	return p
}

// grow says how much of a row's width the part takes; "0" is as much as it needs.
func (p *part) grow(share string) *part {
	p.Flex = share
	return p
}

// Colours of which each pair of words and ground has a contrast of 4.5 or more.
const (
	ink        = "#1F2933"
	inkSoft    = "#5F6B76"
	line       = "#D5DBE1"
	blue       = "#1B5FAA"
	red        = "#B3261E"
	amber      = "#9A4A00"
	green      = "#1B7344"
	grey       = "#5F6B76"
	paleBlue   = "#E8EFF7"
	paleGrey   = "#EEF1F4"
	buttonGrey = "#DCDFE5" // as LINE's own secondary button
	white      = "#FFFFFF"
)
