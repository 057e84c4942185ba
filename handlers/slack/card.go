package slack

import (
	"strings"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// card is a heading, the state in words and colour, rows, the long words of somebody, who did what, and buttons.
func (p *page) card(c msg.Card) unit {
	u := unit{long: clean(c.Body), quoted: true}
	if title := line(c.Title, maxHeader); title != "" {
		u.before = append(u.before, block{Type: "header", Text: plain(title)})
	}
	if rows := p.rows(c); len(rows) > 0 {
		u.before = append(u.before, block{Type: "rich_text", Elements: []any{rich{Type: "rich_text_section", Elements: rows}}})
	}
	if notes := p.notes(c.Notes); notes != "" {
		u.after = append(u.after, smallPrint(notes))
	}
	u.after = append(u.after, p.actions(c.Buttons)...)
	return u
}

// rowsChars is what all rows of a card together may take; each is cut visibly when there are many and long ones.
const rowsChars = 5000

// rows are lines of a label in bold and its value to the letter, the state first.
func (p *page) rows(c msg.Card) []run {
	var runs []run
	if c.State != "" || c.Tone != msg.Plain {
		runs = append(runs, bold(p.state(c)))
	}
	most := maxText
	if len(c.Rows) > 0 {
		most = max(60, min(maxText, rowsChars/len(c.Rows)))
	}
	for _, r := range c.Rows {
		if len(runs) > 0 {
			runs = append(runs, letter("\n"))
		}
		if name := line(r.Label, maxOption); name != "" {
			runs = append(runs, bold(name), letter("  "))
		}
		runs = append(runs, letter(orDash(clip(clean(r.Value), most))))
	}
	return runs
}

// state says by a coloured mark what it also says in words: colour is never the only signal.
func (p *page) state(c msg.Card) string {
	tone := string(c.Tone)
	switch {
	case c.Tone == msg.Plain:
		tone = "plain"
	case c.Tone == msg.Alert && c.State == "":
		return p.words.Say(text.Say("slack.tone.alert_alone"))
	}
	return p.words.Say(text.Say("slack.tone."+tone, "state", line(c.State, maxHeader)))
}

func (p *page) notes(notes []string) string {
	lines := make([]string, 0, len(notes))
	for _, n := range notes {
		if n = line(n, maxText/max(1, len(notes))-1); n != "" {
			lines = append(lines, n)
		}
	}
	return strings.Join(lines, "\n")
}
