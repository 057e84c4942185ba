package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/rights"
	"tsunagi/bot/text"
)

// Call is one command as typed, or the button that stands for it.
type Call struct {
	ID      string    // of the interaction; a repeat has no second effect
	Actor   bot.Actor // with roles looked up at most 60 seconds ago
	Channel string
	Line    string // what follows /desk, for example "list overdue"
	After   string // for a list: where the page before ended
	Sure    bool   // pressed after having read what the organization will be told

	Pressed  bool      // by a button that stands for the command, not typed
	Shown    time.Time // for a button: when its screen was shown
	Revision int64     // for a button: of the proposal it is about; 0: it does not say
}

// Command is one thing that can be asked of the desk.
type Command struct {
	Name    string   // in English; its texts are desk.usage.<name> and desk.help.<name>
	Aliases []string // all that it may be called, in every language; first as the desk's people write it
	Usage   string   // how to write it, for example "/desk show NO"
	Help    string   // what it does, in a sentence
	Example string
	Plain   bool // does something useful without arguments, so that a button can stand for it

	run func(context.Context, request) (msg.Message, error)
}

// Allows reports whether the command is for this actor.
func (c Command) Allows(a bot.Actor) bool {
	return rights.May(rights.Of(a, false), rights.Command(c.Name))
}

// request is a call whose command is known.
type request struct {
	Call
	command Command
	words   []string // after the command's name, as typed
}

// Commands lists all commands in the order of the help.
func (d *Desk) Commands() []Command {
	all := []Command{
		{Name: "home", Plain: true, run: d.home},
		{Name: "list", Plain: true, run: d.list},
		{Name: "show", run: d.show},
		{Name: "forward", run: d.forward},
		{Name: "assign", run: d.assign},
		{Name: "reply", run: d.reply},
		{Name: "noreply", run: d.noReply},
		{Name: "state", run: d.state},
		{Name: "search", run: d.search},
		{Name: "dead", Plain: true, run: d.dead},
		{Name: "help", Plain: true, run: d.help},
		{Name: "version", Plain: true, run: d.version},
	}
	for i, c := range all {
		all[i].Aliases = d.Words.Words("desk.command." + c.Name)
		all[i].Usage = d.Words.Say(text.Say("desk.usage." + c.Name))
		all[i].Help = d.Words.Say(text.Say("desk.help." + c.Name))
		all[i].Example = d.Words.Say(text.Say("desk.example." + c.Name))
	}
	return all
}

// allowed are the commands for this actor.
func (d *Desk) allowed(a bot.Actor) []Command {
	var out []Command
	for _, c := range d.commands {
		if c.Allows(a) {
			out = append(out, d.as(a, c))
		}
	}
	return out
}

// as is a command as this actor reads it: to a department, lists and the first page are of what it was asked alone.
func (d *Desk) as(a bot.Actor, c Command) Command {
	if a.AtDesk() {
		return c
	}
	switch c.Name {
	case "home":
		c.Help = d.say("desk.asked.home")
	case "list":
		c.Usage, c.Help, c.Example = d.say("desk.asked.usage"), d.say("desk.asked.list"), d.say("desk.asked.example")
	}
	return c
}

// named finds a command by anything it may be called.
func (d *Desk) named(typed string) (Command, bool) {
	key := form.Fold(strings.TrimPrefix(typed, "/"))
	if wantsHelp(typed) {
		key = "help"
	}
	for _, c := range d.commands {
		for _, alias := range c.Aliases {
			if form.Fold(alias) == key {
				return c, true
			}
		}
	}
	return Command{}, false
}

// wantsHelp tells what asks for help in a shell. A telephone makes one dash of two.
func wantsHelp(typed string) bool {
	return slices.Contains([]string{"-h", "-help", "--help", "–help", "—help"}, form.Fold(typed))
}

// options are commands as what a mistyped word may have meant.
func options(commands []Command) []option {
	out := make([]option, len(commands))
	for i, c := range commands {
		out[i] = option{id: c.Name, names: c.Aliases}
	}
	return out
}
