// Package desk is the desk's commands: a registry of values from which dispatch, rights and help all come.
//
// It never knows Slack's wire format and changes facts only through bot/ledger. Begin reading with Commands, then Desk.Run.
package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// People tells what staff are called and who they are; handlers/slack does. An unknown one is shown by its id.
type People interface {
	Name(ctx context.Context, slackUser string) string
	Actor(ctx context.Context, slackUser, team string) (bot.Actor, error)
}

// Parts are what the commands work with.
type Parts struct {
	DB      *store.DB
	Ledger  *ledger.Ledger
	Desk    *bot.Desk
	Words   *text.Catalogue
	People  People
	Version string // of this program, for people who report a fault
}

// Desk answers commands.
type Desk struct {
	Parts
	cards    *card.Cards
	commands []Command
}

// New makes the commands of a desk.
func New(p Parts) *Desk {
	d := &Desk{Parts: p, cards: card.New(p.Desk, p.Words, p.People)}
	d.commands = d.Commands()
	return d
}

// Run answers a command; the answer is for the caller alone. Wrong input is answered with what is right. Errors are
// *bot.Error: bot.Forbidden for whom the command is not for, and what the ledger refuses.
func (d *Desk) Run(ctx context.Context, call Call) (msg.Message, error) {
	if !call.Actor.Staff() {
		return msg.Message{}, bot.Refuse(bot.Forbidden, "error.forbidden")
	}
	r := d.read(call)
	if r.command.run == nil {
		return d.unknown(call, r.words), nil
	}
	if !r.command.Allows(call.Actor) {
		return msg.Message{}, &bot.Error{Kind: bot.Forbidden, Say: deskOnly(r.command), Sure: true}
	}
	m, err := r.command.run(ctx, r)
	return d.guided(r, m, err)
}

// read finds the command in the line. A receipt number alone is a wish to see it; nothing at all is one's own work.
func (d *Desk) read(call Call) request {
	words := strings.Fields(clean(call.Line))
	if len(words) == 0 {
		words = []string{"home"}
	}
	if c, ok := d.named(words[0]); ok {
		return d.asks(request{Call: call, command: d.as(call.Actor, c), words: words[1:]})
	}
	if _, ok := d.number(strings.Join(words, "")); ok {
		show, _ := d.named("show")
		return request{Call: call, command: show, words: words}
	}
	return request{Call: call, words: words}
}

// asks is a request as it is meant: with --help among its words it asks about the command.
func (d *Desk) asks(r request) request {
	if r.command.Name != "help" && slices.ContainsFunc(r.words, wantsHelp) {
		help, _ := d.named("help")
		return request{Call: r.Call, command: help, words: []string{r.command.Name}}
	}
	return r
}

// deskOnly says that a command is not for departments, and whom to ask.
func deskOnly(c Command) text.Line { return text.Say("desk.only_desk", "command", c.Aliases[0]) }

// clean drops what cannot be seen and comes along when something is pasted, or cannot be kept: but for the marks that
// join letters.
func clean(line string) string {
	const joiner, nonJoiner = '\u200d', '\u200c'
	return strings.Map(func(c rune) rune {
		if !unicode.IsSpace(c) && unicode.In(c, unicode.Cc, unicode.Cf) && c != joiner && c != nonJoiner {
			return -1
		}
		return c
	}, strings.ToValidUTF8(line, ""))
}

// guided turns what was wrong with the input into an answer that says what is right.
func (d *Desk) guided(r request, m msg.Message, err error) (msg.Message, error) {
	var w *wrong
	switch {
	case errors.As(err, &w):
		return d.correct(r.command, w), nil
	case bot.KindOf(err) == bot.Invalid:
		return d.correct(r.command, &wrong{say: bot.SayOf(err)}), nil
	}
	return m, err
}

// once runs do in one transaction, unless the call was taken before: then fresh is false.
func (d *Desk) once(ctx context.Context, call Call, do func(*store.Tx) error) (fresh bool, err error) {
	err = d.DB.InTx(ctx, func(tx *store.Tx) (err error) {
		if fresh, err = tx.Take(ctx, call.ID); err != nil || !fresh {
			return err
		}
		return do(tx)
	})
	return fresh, err
}

// change does something to a proposal once, and says what was done.
func (d *Desk) change(ctx context.Context, r request, p bot.Proposal, do func(*store.Tx) (text.Line, error)) (msg.Message, error) {
	var done text.Line
	fresh, err := d.once(ctx, r.Call, func(tx *store.Tx) (err error) {
		done, err = do(tx)
		return err
	})
	if err != nil {
		return msg.Message{}, err
	}
	if !fresh {
		done = text.Say("desk.repeated", "number", p.Number)
	}
	return d.told(done, d.opens(p)), nil
}

// told is a message of one paragraph and some buttons.
func (d *Desk) told(line text.Line, choices ...msg.Button) msg.Message {
	words := d.Words.Say(line)
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: choices}
}

// does is a button that stands for a command.
func (d *Desk) does(label, line string) msg.Button {
	return msg.Button{Label: label, Press: msg.Do("desk.run", "line", line)}
}

// opens is the button that shows a proposal.
func (d *Desk) opens(p bot.Proposal) msg.Button {
	return d.does(d.say("button.desk.open"), "show "+p.Number)
}

// say words a line of the catalogue.
func (d *Desk) say(key string, args ...any) string { return d.Words.Say(text.Say(key, args...)) }
