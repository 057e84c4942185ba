package desk

import (
	"context"
	"strings"

	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// help lists the commands this actor may use, or tells all about one.
func (d *Desk) help(_ context.Context, r request) (msg.Message, error) {
	if len(r.words) == 0 {
		return d.overview(r.Call, text.Say("desk.help.title")), nil
	}
	c, ok := d.named(r.words[0])
	if !ok || !c.Needs.Allows(r.Actor) {
		w := &wrong{say: text.Say("desk.unknown", "typed", short(r.words[0]))}
		for _, o := range d.similar(r.Call, r.words[0]) {
			w.near = append(w.near, lines("help "+d.called(o))...)
		}
		return msg.Message{}, w
	}
	return d.about(c), nil
}

// overview is every command with what it does.
func (d *Desk) overview(call Call, title text.Line) msg.Message {
	m := d.told(title)
	card := msg.Card{Title: d.say("desk.help.commands")}
	for _, c := range d.allowed(call.Actor) {
		card.Rows = append(card.Rows, msg.Row{Label: c.Usage, Value: c.Help})
		if c.Plain && c.Name != "help" && c.Name != "version" {
			m.Choices = append(m.Choices, d.does(d.say("desk.line", "line", c.Aliases[0]), c.Name))
		}
	}
	card.Notes = []string{d.say("desk.help.note")}
	m.Blocks = append(m.Blocks, card)
	return m
}

// about is all about one command.
func (d *Desk) about(c Command) msg.Message {
	m := msg.Message{Alt: c.Usage, Blocks: []msg.Block{msg.Card{
		Title: c.Usage, Body: c.Help,
		Rows: []msg.Row{
			{Label: d.say("desk.help.example"), Value: d.example(c)},
			{Label: d.say("desk.help.names"), Value: d.say("card.list", "items", c.Aliases)},
		},
	}}}
	if c.Plain && c.Name != "help" {
		m.Choices = []msg.Button{d.does(d.say("desk.line", "line", c.Aliases[0]), c.Name)}
	}
	return m
}

// unknown answers a line that begins with no command: with the nearest one, a search for the words, and the help.
func (d *Desk) unknown(call Call, words []string) msg.Message {
	rest := short(strings.Join(words[1:], " "))
	m := d.overview(call, text.Say("desk.unknown", "typed", short(words[0])))
	var choices []msg.Button
	near := d.listsNamed(call, words)
	for _, name := range d.similar(call, words[0]) {
		near = append(near, lines(strings.TrimSpace(name+" "+rest))...)
	}
	for i, s := range near {
		if i == 0 {
			m.Blocks = append([]msg.Block{m.Blocks[0], msg.Text{Body: d.say("desk.near", "line", d.spoken(s.shown))}}, m.Blocks[1:]...)
		}
		choices = append(choices, d.offer(s))
	}
	if call.Actor.AtDesk() {
		choices = append(choices, d.offer(lines("search " + short(strings.Join(words, " ")))[0]))
	}
	m.Choices = append(choices, m.Choices...)
	return m
}

// listsNamed are the lists whose name somebody typed without the command before it.
func (d *Desk) listsNamed(call Call, words []string) []suggestion {
	if !call.Actor.AtDesk() {
		return nil
	}
	typed := form.Fold(strings.Join(words, ""))
	return d.typed(those(d.listOptions(d.deskListings(call.Actor)), func(name string) bool { return name == typed }))
}

// similar names the commands of this actor that a mistyped word is near to.
func (d *Desk) similar(call Call, typed string) []string {
	all := options(d.allowed(call.Actor))
	found := meant(typed, all)
	if len(found) == 0 {
		found = nearest(typed, all)
	}
	var out []string
	for _, o := range found {
		out = append(out, o.id)
	}
	return out
}
