package desk

import (
	"context"
	"strings"

	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// help lists the commands this actor may use, or tells all about one.
func (d *Desk) help(_ context.Context, r request) (msg.Message, error) {
	if len(r.words) == 0 {
		return d.overview(r.Call, text.Say("desk.help.title")), nil
	}
	c, ok := d.named(r.words[0])
	if ok && !c.Allows(r.Actor) {
		return d.told(deskOnly(c), d.does(d.say("button.desk.help"), "help")), nil
	}
	if !ok {
		w := &wrong{say: text.Say("desk.unknown", "typed", short(r.words[0]))}
		for _, o := range d.similar(r.Call, r.words[0]) {
			w.near = append(w.near, lines("help "+d.called(o))...)
		}
		return msg.Message{}, w
	}
	return d.about(d.as(r.Actor, c)), nil
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
			{Label: d.say("desk.help.example"), Value: c.Example},
			{Label: d.say("desk.help.names"), Value: d.say("card.list", "items", c.Aliases)},
		},
	}}}
	if c.Plain && c.Name != "help" {
		m.Choices = []msg.Button{d.does(d.say("desk.line", "line", c.Aliases[0]), c.Name)}
	}
	return m
}

// unknown answers a line that begins with no command: with the list or the state it names, else with the nearest command, a
// search for the words, and the help.
func (d *Desk) unknown(call Call, words []string) msg.Message {
	near := append(d.listsNamed(call, words), d.stateNamed(call, words)...)
	if len(near) > 0 {
		return d.pointing(call, words, near)
	}
	rest := short(strings.Join(words[1:], " "))
	for _, name := range d.similar(call, words[0]) {
		near = append(near, lines(strings.TrimSpace(name+" "+rest))...)
	}
	m := d.overview(call, text.Say("desk.unknown", "typed", short(words[0])))
	if len(near) > 0 {
		m.Blocks = append([]msg.Block{m.Blocks[0], msg.Text{Body: d.say("desk.near", "line", d.spoken(near[0].shown))}}, m.Blocks[1:]...)
	}
	m.Choices = append(d.offers(call, words, near), m.Choices...)
	return m
}

// pointing says in short which command does what the words name.
func (d *Desk) pointing(call Call, words []string, near []suggestion) msg.Message {
	m := d.told(text.Say("desk.unknown", "typed", short(strings.Join(words, " "))), d.offers(call, words, near)...)
	m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.near", "line", d.spoken(near[0].shown))})
	m.Choices = append(m.Choices, d.does(d.say("button.desk.help"), "help"))
	return m
}

// offers are buttons for what may have been meant, and for a search, which only the desk may do.
func (d *Desk) offers(call Call, words []string, near []suggestion) []msg.Button {
	var out []msg.Button
	for _, s := range near {
		out = append(out, d.offer(s))
	}
	if call.Actor.AtDesk() {
		out = append(out, d.offer(lines("search " + short(strings.Join(words, " ")))[0]))
	}
	return out
}

// listsNamed are the lists whose name somebody typed without the command before it.
func (d *Desk) listsNamed(call Call, words []string) []suggestion {
	typed := form.Fold(strings.Join(words, ""))
	return d.typed(those(d.listOptions(d.listings(call.Actor)), func(name string) bool { return name == typed }))
}

// stateNamed is the line that leads a proposal into a state, for somebody who typed state and number, in whatever order,
// without the command before them.
func (d *Desk) stateNamed(call Call, words []string) []suggestion {
	if len(words) < 2 || !call.Actor.AtDesk() {
		return nil
	}
	state := words[0]
	number, ok := d.number(words[1])
	if !ok {
		state = words[1]
		number, ok = d.number(words[0])
	}
	if !ok {
		return nil
	}
	found := meant(state, d.stateOptions())
	if len(found) == 0 {
		found = nearest(state, d.stateOptions())
	}
	var out []suggestion
	for _, o := range found {
		out = append(out, d.stateLine(number, proposal.State(o.id), short(strings.Join(words[2:], " ")))...)
	}
	return out
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
