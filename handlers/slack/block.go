package slack

import (
	slackapi "github.com/slack-go/slack"
)

// The pieces of Block Kit that we write: https://docs.slack.dev/reference/block-kit. They are our own since text in them
// must be literal and lengths judged before sending; the SDK's types do neither.

// block is one block of a message or view.
type block struct {
	Type     string   `json:"type"`
	ID       string   `json:"block_id,omitempty"`
	Text     *label   `json:"text,omitempty"`
	Elements []any    `json:"elements,omitempty"` // element, label or rich
	Label    *label   `json:"label,omitempty"`
	Hint     *label   `json:"hint,omitempty"`
	Element  *element `json:"element,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

// BlockType and ID let the SDK carry a block.
func (b block) BlockType() slackapi.MessageBlockType { return slackapi.MessageBlockType(b.Type) }

// label is a plain_text object: what is in it is shown to the letter, emoji names included.
type label struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

func plain(s string) *label { return &label{Type: "plain_text", Text: s} }

// rich is a part of a rich_text block: a section or a quote.
type rich struct {
	Type     string `json:"type"`
	Elements []run  `json:"elements"`
}

// run is literal text; unlike mrkdwn nothing in it comes alive. Only one of type user calls somebody.
type run struct {
	Type  string `json:"type"`
	Text  string `json:"text,omitempty"`
	User  string `json:"user_id,omitempty"`
	Style *style `json:"style,omitempty"`
}

type style struct {
	Bold bool `json:"bold,omitempty"`
}

func bold(s string) run   { return run{Type: "text", Text: s, Style: &style{Bold: true}} }
func letter(s string) run { return run{Type: "text", Text: s} }

// element is something to press or to fill in.
type element struct {
	Type     string   `json:"type"`
	ActionID string   `json:"action_id"`
	Text     *label   `json:"text,omitempty"`
	Value    string   `json:"value,omitempty"`
	URL      string   `json:"url,omitempty"`
	Style    string   `json:"style,omitempty"`
	Confirm  *confirm `json:"confirm,omitempty"`

	Options        []option `json:"options,omitempty"`
	InitialOption  *option  `json:"initial_option,omitempty"`
	InitialOptions []option `json:"initial_options,omitempty"`
	InitialValue   string   `json:"initial_value,omitempty"`
	InitialDate    string   `json:"initial_date,omitempty"`
	InitialUser    string   `json:"initial_user,omitempty"`
	Multiline      bool     `json:"multiline,omitempty"`
	MaxLength      int      `json:"max_length,omitempty"`
}

type option struct {
	Text        *label `json:"text"`
	Value       string `json:"value"`
	Description *label `json:"description,omitempty"`
}

type confirm struct {
	Title   *label `json:"title"`
	Text    *label `json:"text"`
	Confirm *label `json:"confirm"`
	Deny    *label `json:"deny"`
	Style   string `json:"style,omitempty"`
}

// What Slack allows, in characters: https://docs.slack.dev/reference/block-kit/blocks and the pages below it.
const (
	maxHeader      = 150
	maxText        = 3000
	maxPiece       = 2900 // of a long text in one block; leaves room for marks
	maxButtons     = 25
	maxButton      = 75
	maxValue       = 2000
	maxOverflow    = 5
	maxOption      = 75
	maxOptionValue = 150
	maxOptions     = 100
	maxChecks      = 10
	maxLabel       = 2000
	maxInput       = 3000
	maxConfirm     = 300
	maxTitle       = 24
	maxID          = 255
	maxPrivate     = 3000

	// maxAlt keeps a notification short, and chat.update measures text in bytes, 4,000 at most.
	maxAlt = 300
)

// length counts the text in a block as Slack does for the bound on a whole message.
func (b block) length() int {
	n := b.Text.length() + b.Label.length() + b.Hint.length()
	for _, e := range b.Elements {
		switch e := e.(type) {
		case *label:
			n += e.length()
		case rich:
			for _, r := range e.Elements {
				n += units(r.Text)
			}
		case *element:
			n += e.length()
		}
	}
	if b.Element != nil {
		n += b.Element.length()
	}
	return n
}

func (l *label) length() int {
	if l == nil {
		return 0
	}
	return units(l.Text)
}

func (e *element) length() int {
	n := e.Text.length() + units(e.InitialValue)
	for _, o := range e.Options {
		n += o.Text.length() + o.Description.length()
	}
	if c := e.Confirm; c != nil {
		n += c.Title.length() + c.Text.length() + c.Confirm.length() + c.Deny.length()
	}
	return n
}

func total(blocks []block) int {
	n := 0
	for _, b := range blocks {
		n += b.length()
	}
	return n
}
