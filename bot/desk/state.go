package desk

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// state leads a proposal into another state, by the one event that does. Where words to an organization or departments
// to ask are needed, it answers with the button that asks for them; where the organization is told, with what it would
// read and a button to confirm.
func (d *Desk) state(ctx context.Context, r request) (msg.Message, error) {
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	to, err := d.target(r, p)
	if err != nil {
		return msg.Message{}, err
	}
	on, ok := proposal.Path(ledger.Situation(p), to, ledger.Role(r.Actor))
	switch {
	case to == p.State && to == proposal.OnHold:
		on = proposal.Held // until another date
	case to == p.State:
		return d.told(text.Say("desk.state.already", "number", p.Number, "state", text.Say(to.Key())), d.opens(p)), nil
	case !ok:
		return msg.Message{}, d.noWay(r, p, to)
	case on == proposal.Asked:
		return d.told(text.Say("desk.state.refer", "number", p.Number), d.presses("refer", p), d.opens(p)), nil
	case ledger.WantsWords(on):
		return d.wantsWords(ctx, r, p, on)
	}
	return d.moved(ctx, r, p, to, on)
}

// moved takes the step, asking back first where the organization would be told.
func (d *Desk) moved(ctx context.Context, r request, p bot.Proposal, to proposal.State, on proposal.Event) (msg.Message, error) {
	change := ledger.Change{Event: r.ID, Proposal: p.ID, On: on, By: r.Actor}
	change.Until, change.Why = d.untilAndWhy(r.words[2:])
	step, told, err := d.Ledger.Would(p, change, d.DB.Now())
	if err != nil {
		return msg.Message{}, d.lacking(err, p, to, change)
	}
	switch over := d.over(r, p); {
	case told && (over || !r.Sure):
		m, err := d.sure(ctx, r, p, step)
		if over && r.Sure {
			m.Blocks = append([]msg.Block{msg.Text{Body: d.Words.Say(holds(p))}}, m.Blocks...)
		}
		return m, err
	case over:
		return d.again(r, p), nil
	}
	return d.change(ctx, r, p, func(tx *store.Tx) (text.Line, error) {
		p, err := d.step(ctx, tx, change)
		return text.Say("desk.state.done", "number", p.Number, "state", text.Say(p.State.Key())), err
	})
}

func (d *Desk) step(ctx context.Context, tx *store.Tx, change ledger.Change) (bot.Proposal, error) {
	if change.On == proposal.Taken {
		return d.Ledger.Take(ctx, tx, change.Event, change.Proposal, change.By)
	}
	return d.Ledger.Move(ctx, tx, change)
}

// wantsWords leads to the dialog in which the words to the organization are written and confirmed. What was typed as the
// reason is said back, since a button carries no words.
func (d *Desk) wantsWords(ctx context.Context, r request, p bot.Proposal, on proposal.Event) (msg.Message, error) {
	b := msg.Button{Label: d.say("modal.end.title." + string(on)), Style: msg.Danger, Press: msg.Do("proposal.decline", "proposal", idOf(p), "on", string(on))}
	m := d.told(text.Say("desk.state.words", "number", p.Number, "title", p.Title, "organization", p.Organization, "button", b.Label), b, d.opens(p))
	if len(r.words) > 2 {
		m.Blocks = append(m.Blocks, msg.Quote{Author: d.say("desk.state.typed"), Body: strings.Join(r.words[2:], " ")})
	}
	blocked, err := d.blocked(ctx, p)
	if blocked {
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("delivery.unreachable")})
	}
	return m, err
}

// blocked reports whether the organization has blocked the account, so that nothing reaches it now.
func (d *Desk) blocked(ctx context.Context, p bot.Proposal) (bool, error) {
	contact, err := d.DB.Contact(ctx, p.Contact)
	return contact.Blocked, err
}

// mostPress is how long a press may be in Slack.
const mostPress = 2000

// sure asks back before the organization is told: which proposal of whom, and what it will read. The button is the same
// command once more; one whose reason is too long for a button is done in the modal, which asks back as well.
func (d *Desk) sure(ctx context.Context, r request, p bot.Proposal, step proposal.Step) (msg.Message, error) {
	state := text.Say(step.Then.State.Key())
	about := []any{"number", p.Number, "title", p.Title, "organization", p.Organization, "state", state}
	command := strings.Join(append([]string{"state", p.Number}, r.words[1:]...), " ")
	b := msg.Button{Label: d.say("button.desk.sure", about...), Style: msg.Primary, Press: d.asOf(msg.Do("desk.run", "line", command, "sure", "yes"), p)}
	if len(b.Press.Encode()) > mostPress {
		return d.told(text.Say("desk.state.long", "button", text.Say("button.card.move")), d.presses("move", p)), nil
	}
	blocked, err := d.blocked(ctx, p)
	line := text.Say("desk.state.sure", about...)
	if blocked {
		line = text.Say("desk.state.sure_blocked", about...)
	}
	m := d.told(line, b, d.opens(p))
	m.Blocks = append(m.Blocks, msg.Quote{Body: d.cards.Notice(p, step, d.DB.Now())})
	return m, err
}

// untilAndWhy reads the first word that is a day as the date, and all other words as the reason.
func (d *Desk) untilAndWhy(words []string) (until calendar.Date, why string) {
	var rest []string
	for _, word := range words {
		day, ok := form.Day(word, d.DB.Now().In(d.Desk.Location))
		date, err := calendar.ParseDate(day)
		if ok && err == nil && until.IsZero() {
			until = date
			continue
		}
		rest = append(rest, word)
	}
	return until, strings.Join(rest, " ")
}

// lacking adds to a refusal for want of a date or a reason how the command is written with both. Where both are wanting it
// says so at once: the ledger names one at a time.
func (d *Desk) lacking(err error, p bot.Proposal, to proposal.State, change ledger.Change) error {
	if bot.KindOf(err) != bot.Invalid {
		return err
	}
	var w *wrong
	if errors.As(err, &w) {
		return err
	}
	why := bot.SayOf(err)
	if change.Why == "" {
		change.Why = "?"
		if _, _, still := d.Ledger.Would(p, change, d.DB.Now()); still != nil && bot.SayOf(still).Key == "ledger.date_missing" {
			why = text.Say("desk.state.date_and_reason")
		}
	}
	return &wrong{say: text.Say("desk.state.with_date", "why", why, "number", p.Number, "state", d.stateWord(to)), also: []msg.Button{d.presses("move", p)}}
}

// target reads which state is meant.
func (d *Desk) target(r request, p bot.Proposal) (proposal.State, error) {
	if len(r.words) < 2 {
		return "", &wrong{say: text.Say("desk.state.missing", "number", p.Number, "state", text.Say(p.State.Key())), near: d.ways(r, p)}
	}
	all := d.stateOptions()
	found := meant(r.words[1], all)
	if len(found) == 1 {
		return proposal.State(found[0].id), nil
	}
	w := &wrong{say: text.Say("desk.state.several", "typed", short(r.words[1]))}
	if len(found) == 0 {
		found, w.say = nearest(r.words[1], all), text.Say("desk.state.unknown", "typed", short(r.words[1]))
	}
	for _, o := range found {
		w.near = append(w.near, d.stateLine(p.Number, proposal.State(o.id), "")...)
	}
	if len(w.near) == 0 {
		w.near = d.ways(r, p)
	}
	return "", w
}

// stateOptions are the states with all that they may be called.
func (d *Desk) stateOptions() (all []option) {
	for _, s := range proposal.States() {
		all = append(all, option{id: string(s), names: []string{string(s), strings.ReplaceAll(string(s), "_", ""), d.cards.State(s)}})
	}
	return all
}

// noWay says that no single step leads there, and where one does.
func (d *Desk) noWay(r request, p bot.Proposal, to proposal.State) *wrong {
	return &wrong{
		say:  text.Say("desk.state.no_way", "number", p.Number, "from", text.Say(p.State.Key()), "to", text.Say(to.Key())),
		near: d.ways(r, p),
	}
}

// ways are the lines that lead to the states which can be reached now.
func (d *Desk) ways(r request, p bot.Proposal) []suggestion {
	var out []suggestion
	for _, s := range proposal.States() {
		if _, ok := proposal.Path(ledger.Situation(p), s, ledger.Role(r.Actor)); ok {
			out = append(out, d.stateLine(p.Number, s, "")...)
		}
	}
	return out
}

func (d *Desk) stateLine(number string, s proposal.State, rest string) []suggestion {
	line := func(word string) string { return strings.TrimSpace("state " + number + " " + word + " " + rest) }
	return []suggestion{{line(d.stateWord(s)), line(string(s))}}
}

// stateWord is a state as one would type it: by its name, which has to be one word.
func (d *Desk) stateWord(s proposal.State) string {
	if name := d.cards.State(s); !strings.Contains(name, " ") {
		return name
	}
	return string(s)
}

func idOf(p bot.Proposal) string { return number(int64(p.ID)) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// presses is the button of the card that asks for what a line cannot say.
func (d *Desk) presses(name string, p bot.Proposal) msg.Button {
	return msg.Button{Label: d.say("button.card." + name), Press: msg.Do("proposal."+name, "proposal", idOf(p))}
}
