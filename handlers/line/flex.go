package line

import "encoding/json"

// The parts of Flex messages that we use; absent properties are left out, so that LINE's defaults hold.
// https://developers.line.biz/en/reference/messaging-api/#flex-message

// bubble is put together of parts that are written already: writing JSON anew at each level would cost most of the time
// that rendering takes.
type bubble struct {
	header       json.RawMessage
	body, footer []piece
}

func (b bubble) write() json.RawMessage {
	out := append(make([]byte, 0, b.size()), `{"type":"bubble","size":"mega"`...)
	if b.header != nil {
		out = append(append(out, `,"header":`...), b.header...)
	}
	if len(b.body) > 0 {
		out = inBox(append(out, `,"body":{"type":"box","layout":"vertical","paddingAll":"xl","contents":[`...), b.body)
	}
	if len(b.footer) > 0 {
		out = inBox(append(out, `,"footer":{"type":"box","layout":"vertical","paddingAll":"lg","spacing":"sm","contents":[`...), b.footer)
	}
	return append(out, '}')
}

// size is a little more than the bubble will have.
func (b bubble) size() int {
	n := len(b.header) + 300
	for _, p := range b.body {
		n += len(p.RawMessage) + 1
	}
	for _, p := range b.footer {
		n += len(p.RawMessage) + 1
	}
	return n
}

func inBox(out []byte, list []piece) []byte {
	for i, p := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, p.RawMessage...)
	}
	return append(out, "]}"...)
}

// button is LINE's own. It has a type of its own since a card has many, and a part has room for everything.
type button struct {
	Type   string  `json:"type"`
	Style  string  `json:"style"`
	Color  string  `json:"color,omitempty"`
	Height string  `json:"height"`
	Margin string  `json:"margin"`
	Action *action `json:"action"`
}

// part is a component: a box, a text or a separator.
type part struct {
	Type            string  `json:"type"`
	Layout          string  `json:"layout,omitempty"`
	Text            string  `json:"text,omitempty"`
	Size            string  `json:"size,omitempty"`
	Weight          string  `json:"weight,omitempty"`
	Color           string  `json:"color,omitempty"`
	Align           string  `json:"align,omitempty"`
	Wrap            bool    `json:"wrap,omitempty"`
	LineSpacing     string  `json:"lineSpacing,omitempty"`
	Margin          string  `json:"margin,omitempty"`
	Spacing         string  `json:"spacing,omitempty"`
	Flex            *int    `json:"flex,omitempty"`
	BackgroundColor string  `json:"backgroundColor,omitempty"`
	BorderColor     string  `json:"borderColor,omitempty"`
	BorderWidth     string  `json:"borderWidth,omitempty"`
	CornerRadius    string  `json:"cornerRadius,omitempty"`
	PaddingAll      string  `json:"paddingAll,omitempty"`
	PaddingTop      string  `json:"paddingTop,omitempty"`
	PaddingBottom   string  `json:"paddingBottom,omitempty"`
	PaddingStart    string  `json:"paddingStart,omitempty"`
	PaddingEnd      string  `json:"paddingEnd,omitempty"`
	JustifyContent  string  `json:"justifyContent,omitempty"`
	AlignItems      string  `json:"alignItems,omitempty"`
	Action          *action `json:"action,omitempty"`
	Contents        []*part `json:"contents,omitempty"`
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

func (p *part) grow(n int) *part {
	p.Flex = &n
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
