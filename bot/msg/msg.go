// Package msg is the neutral message: what one person or one channel reads at once, before it becomes LINE's Flex or
// Slack's Block Kit. All strings in it are plain words; whoever renders escapes them, so nothing here is ever markup.
//
// It never knows a platform and never shortens. Begin reading with Message, then Button and Screen.
package msg

// Message is one thing to read: blocks in reading order, and choices offered below the last one.
type Message struct {
	Alt     string   // one line for notifications, previews and screen readers; required
	Blocks  []Block  // at least one
	Calls   string   // the Slack user id of a colleague to be notified, ours and never typed by anybody; LINE knows no such thing
	Choices []Button // short answers: LINE quick replies (13 at most), a row of buttons in Slack
}

// Block is a part of a message: Text, Quote or Card.
type Block interface{ block() }

// Text is a paragraph of ours; line breaks count.
type Text struct{ Body string }

// Quote is what somebody else wrote, set off from our own words and shown to the letter.
type Quote struct{ Author, Body string }

// Card is a framed summary: a heading, a state, rows of label and value, a body, buttons.
type Card struct {
	Title   string
	State   string // short, beside the title, for example 確認中
	Tone    Tone
	Body    string // longer words of somebody, shown to the letter; may be long
	Rows    []Row
	Notes   []string // small print below: who did what and when
	Buttons []Button
}

// Row is a label with its value, and the button that changes it, if any.
type Row struct {
	Label, Value string
	Edit         *Button
}

// Tone colours a card; the words must say the same, since colour is never the only signal.
type Tone string

// Plain, needs attention, went well, over (greyed).
const (
	Plain  Tone = ""
	Alert  Tone = "alert"
	Good   Tone = "good"
	Closed Tone = "closed"
)

func (Text) block()  {}
func (Quote) block() {}
func (Card) block()  {}

// Button is something to press. Exactly one of Press, URL or Menu is set.
type Button struct {
	Label   string
	Style   Style
	Press   Press
	URL     string
	Menu    []Button // opens to these: Slack's overflow menu; LINE shows them one by one
	Confirm string   // asked before it counts, where the platform can ask
	Pick    string   // "date": pressing it opens a calendar first, where the platform has one; only with Press
}

// Style tells the next step from the others and what cannot be undone.
type Style string

// An ordinary button, the next step, something that cannot be undone.
const (
	Ordinary Style = ""
	Primary  Style = "primary"
	Danger   Style = "danger"
)
