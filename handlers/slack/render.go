package slack

import (
	"regexp"

	"github.com/slack-go/slack/slackutilsx"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// place is where blocks will stand; it bounds them and says where the rest is.
type place struct {
	blocks, chars int
	cut           string // catalogue key
}

// https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/surfaces/modals. How much text all blocks
// of a message may hold is not published; posts near 13,200 characters were refused:
// https://github.com/slackapi/bolt-js/issues/2509. A view may have 250 kB.
func inChannel() place { return place{blocks: 50, chars: 12_000, cut: "slack.cut.message"} }
func inAnswer() place  { return place{blocks: 50, chars: 12_000, cut: "slack.cut.answer"} }
func onScreen() place  { return place{blocks: 100, chars: 45_000, cut: "slack.cut.screen"} }

// rendered is a message in Slack's form.
type rendered struct {
	text   string // for notifications and screen readers, escaped
	blocks []block
}

// render turns a message into blocks. What does not fit is cut visibly, with a sentence saying where the rest is;
// buttons are never cut.
func render(words *text.Catalogue, m msg.Message, where place) rendered {
	p := page{words: words}
	choices := p.actions(m.Choices)
	var units []unit
	for _, b := range m.Blocks {
		units = append(units, p.unit(b))
	}
	called := call(m.Calls)
	where.blocks -= len(choices) + len(called)
	where.chars -= total(choices)
	blocks := append(append(called, p.fit(units, where)...), choices...)
	return rendered{text: alt(m.Alt), blocks: blocks}
}

// userID is what Slack calls people; anything else would be refused or, worse, read as something else.
var userID = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// call notifies one colleague. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func call(user string) []block {
	if !userID.MatchString(user) {
		return nil
	}
	return []block{{Type: "rich_text", Elements: []any{rich{Type: "rich_text_section", Elements: []run{{Type: "user", User: user}}}}}}
}

// alt is the top-level text: escaped once, so that it can call nobody.
// https://docs.slack.dev/messaging/formatting-message-text
func alt(s string) string { return slackutilsx.EscapeMessage(orDash(line(s, maxAlt))) }

// page is one message or view being rendered.
type page struct {
	words *text.Catalogue
	next  int // of the buttons, so that each has an id of its own
}

func (p *page) say(key string, args ...any) string { return p.words.Say(text.Say(key, args...)) }

// unit is one neutral block: what must stand as it is, around a text that may be split and, at worst, cut.
type unit struct {
	before []block
	lead   string // in bold, before the text and in the same block
	long   string
	quoted bool
	after  []block
}

// blocks is how many blocks the unit takes at least.
func (u unit) blocks() int {
	n := len(u.before) + len(u.after)
	if u.lead != "" || u.long != "" {
		n++
	}
	return n
}

// chars is how much text it holds at least: some of the long one is always shown.
func (u unit) chars() int {
	return total(u.before) + total(u.after) + units(u.lead) + min(units(u.long), leastShown)
}

// leastShown is how much of a long text is shown however little room there is.
const leastShown = 100

// reserve is room for the sentence that says where the rest is.
const reserveChars = 200

func (p *page) unit(b msg.Block) unit {
	switch b := b.(type) {
	case msg.Text:
		return unit{long: clean(b.Body)}
	case msg.Quote:
		return unit{lead: line(b.Author, maxText/2), long: orDash(clean(b.Body)), quoted: true}
	case msg.Card:
		return p.card(b)
	}
	return unit{}
}

// fit lays the units out within what the place takes.
func (p *page) fit(all []unit, where place) []block {
	where.blocks--
	where.chars -= reserveChars
	kept, blocks, chars := 0, 0, 0
	for _, u := range all {
		if blocks+u.blocks() > where.blocks || chars+u.chars() > where.chars {
			break
		}
		blocks, chars, kept = blocks+u.blocks(), chars+u.chars(), kept+1
	}
	room := room{blocks: where.blocks - blocks, chars: where.chars - chars}
	out, cut := []block{}, false
	for _, u := range all[:kept] {
		out = append(out, u.before...)
		long, short := room.longBlocks(u)
		out = append(out, long...)
		if short && !cut {
			out, cut = append(out, p.cutHere(where)), true
		}
		out = append(out, u.after...)
	}
	if kept < len(all) && !cut {
		out = append(out, p.cutHere(where))
	}
	return out
}

func (p *page) cutHere(where place) block {
	words := p.say(where.cut)
	if where.cut == "slack.cut.message" {
		words = p.say("slack.cut.message", "button", text.Say("button.card.details"))
	}
	return smallPrint(words)
}

// room is what is left for long texts beyond their least.
type room struct{ blocks, chars int }

// longBlocks renders the lead and the long text; short tells that some of it is missing.
func (r *room) longBlocks(u unit) (out []block, short bool) {
	if u.lead == "" && u.long == "" {
		return nil, false
	}
	shown := u.long
	if most := leastShown + r.chars; len(shown) > most && units(shown) > most {
		shown, short = clip(shown, most), true
	}
	r.chars -= max(0, units(shown)-leastShown)
	parts := pieces(shown, maxPiece-units(u.lead))
	if extra := len(parts) - 1 - r.blocks; extra > 0 {
		parts, short = parts[:len(parts)-extra], true
		parts[len(parts)-1] = clip(parts[len(parts)-1]+ellipsis, maxPiece)
	}
	r.blocks -= max(0, len(parts)-1)
	if len(parts) == 0 {
		parts = []string{""}
	}
	for i, part := range parts {
		lead := ""
		if i == 0 {
			lead = u.lead
		}
		out = append(out, paragraph(lead, part, u.quoted))
	}
	return out, short
}

// paragraph is words to the letter: ours as they are, somebody else's set off by a bar.
func paragraph(lead, words string, quoted bool) block {
	b := block{Type: "rich_text"}
	if lead != "" {
		b.Elements = append(b.Elements, rich{Type: "rich_text_section", Elements: []run{bold(lead)}})
	}
	if words == "" {
		return b
	}
	kind := "rich_text_section"
	if quoted {
		kind = "rich_text_quote"
	}
	b.Elements = append(b.Elements, rich{Type: kind, Elements: []run{letter(words)}})
	return b
}

// smallPrint is one line of it.
func smallPrint(words string) block {
	return block{Type: "context", Elements: []any{plain(clip(words, maxText))}}
}
