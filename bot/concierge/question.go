package concierge

import (
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
)

// current shows where a talk stands: the question, the summary, or the menu.
func (c *Concierge) current(s state, d bot.DraftID) msg.Message {
	if s.Form == nil {
		return c.welcome()
	}
	return c.shown(form.Current(c.formOf(s.Form.Form), *s.Form), d, s.Shown)
}

// again shows where this talk stands.
func (t *turn) again() msg.Message {
	t.st.Shown = t.tx.Now
	return t.current(t.st, t.talk.Draft)
}

// question shows a prompt of this turn's draft.
func (t *turn) question(p form.Prompt) msg.Message {
	t.st.Shown = t.tx.Now
	return t.shown(p, t.talk.Draft, t.st.Shown)
}

// shown is a prompt of a draft as its author reads it, or has read it then.
func (c *Concierge) shown(p form.Prompt, d bot.DraftID, at time.Time) msg.Message {
	pr := page{c, p, d, at}
	switch p.Kind {
	case form.PromptQuestion:
		return pr.question()
	case form.PromptSummary:
		return pr.summary()
	case form.PromptConfirmCancel:
		return pr.notice("concierge.cancel_ask")
	case form.PromptPaused:
		return pr.notice(pr.pausedAt())
	}
	return c.welcome()
}

// page is one prompt of one draft on its way to becoming a message.
type page struct {
	*Concierge
	form.Prompt
	draft bot.DraftID
	at    time.Time // when it was shown
}

// question is one question: where one stands, what is asked, an example, and choices as buttons. With buttons all of it is
// one card, as a phone shows little more than the last thing said.
func (p page) question() msg.Message {
	if p.More {
		return p.more()
	}
	lines := append([]string{p.ask()}, p.about()...)
	m := msg.Message{Alt: strings.Join(lines, "\n"), Choices: p.verbs()}
	if len(p.Options) == 0 {
		m.Blocks = []msg.Block{msg.Text{Body: m.Alt}}
		return m
	}
	m.Blocks = []msg.Block{msg.Card{
		Title: p.ask(), Body: strings.Join(p.about(), "\n"), Notes: []string{p.say("concierge.choose")}, Buttons: p.options(),
	}}
	return m
}

// more is one line of what is chosen so far, with the ways on and what else there is to choose: the card with all choices
// stands above, and its buttons and their names still work.
func (p page) more() msg.Message {
	line := p.say("concierge.chosen_none", "position", p.Position, "total", p.Total)
	if p.Answered {
		line = p.say("concierge.chosen", "position", p.Position, "total", p.Total, "answer", p.Value)
	}
	var ways, rest []msg.Button
	for i, b := range p.verbs() {
		switch p.Offers[i] {
		case form.DoDone, form.DoClear, form.DoBack:
			ways = append(ways, b)
		}
	}
	for i, b := range p.options() {
		if !p.Options[i].Picked && len(ways)+len(rest) < moreMost {
			rest = append(rest, b)
		}
	}
	if p.Answered { // the next step first, then the choices, then the ways back
		ways, rest = append(ways[:1:1], append(rest, ways[1:]...)...), nil
	}
	return msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}, Choices: append(rest, ways...)}
}

// moreMost is how many buttons stand below a line: what LINE shows as quick replies.
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
const moreMost = 13

// ask is the question itself.
func (p page) ask() string {
	return p.say("concierge.question", "position", p.Position, "total", p.Total, "ask", p.Field.Ask)
}

// about is what there is to know about the question.
func (p page) about() []string {
	var lines []string
	if p.Field.Hint != "" {
		lines = append(lines, p.Field.Hint)
	} else if !p.Example.Empty() {
		lines = append(lines, p.words.Say(p.Example))
	}
	if !p.Limit.Empty() {
		lines = append(lines, p.words.Say(p.Limit))
	}
	if p.Private {
		lines = append(lines, p.say("concierge.private"))
	}
	if p.Field.Protected {
		lines = append(lines, p.say("concierge.protected"))
	}
	if p.Optional && !p.Answered {
		lines = append(lines, p.say("concierge.optional"))
	}
	if p.Answered {
		lines = append(lines, p.say("concierge.answered", "answer", p.Value), p.say("concierge.go_on"))
	}
	return lines
}

// options are the choices as buttons, those picked already marked.
func (p page) options() []msg.Button {
	out := make([]msg.Button, len(p.Options))
	for i, o := range p.Options {
		label := p.words.Say(o.Label)
		if o.Picked {
			label = p.say("concierge.picked", "option", o.Label)
		}
		out[i] = msg.Button{Label: label, Press: p.verb(form.DoAnswer, p.Prompt, "f", p.Field.ID, "c", o.ID)}
	}
	return out
}

// verbs are what else can be done here, the next step first.
func (p page) verbs() []msg.Button {
	out := make([]msg.Button, len(p.Offers))
	for i, v := range p.Offers {
		out[i] = msg.Button{Label: p.say(v.Key()), Press: p.verb(v, p.Prompt, p.belongs(v)...)}
	}
	return out
}

// belongs ties the verbs of a question to it, so that a stale press is told apart.
func (p page) belongs(v form.Verb) []string {
	switch v {
	case form.DoDone, form.DoSkip, form.DoClear, form.DoBack:
		if p.Field.ID != "" {
			return []string{"f", p.Field.ID}
		}
	}
	return nil
}

func (p page) verb(v form.Verb, prompt form.Prompt, more ...string) msg.Press {
	return msg.Do("form", append([]string{"v", string(v), "r", id(prompt.Revision), "d", id(p.draft)}, more...)...).Shown(p.at)
}

// summary is the card of all answers, each changeable on its own.
func (p page) summary() msg.Message {
	card := msg.Card{Title: p.say("concierge.summary"), Body: p.say("concierge.summary_body")}
	for _, r := range p.Rows {
		edit := msg.Button{
			Label: p.say("button.form.edit"), Press: p.verb(form.DoEdit, p.Prompt, "f", r.Field.ID),
		}
		card.Rows = append(card.Rows, msg.Row{Label: r.Field.Name(), Value: p.words.Say(r.Value), Edit: &edit})
	}
	verbs := p.verbs()
	verbs[0].Style = msg.Primary
	card.Buttons = verbs[:1]
	return msg.Message{Alt: card.Title, Blocks: []msg.Block{card}, Choices: verbs[1:]}
}

// pausedAt is the catalogue key of what is said of a pause: at a question, or at the summary, which no place among the
// questions tells.
func (p page) pausedAt() string {
	if p.Position == 0 {
		return "concierge.paused_summary"
	}
	return "concierge.paused"
}

// notice is a sentence with the ways on: really cancel, or paused.
func (p page) notice(key string) msg.Message {
	words := p.say(key, "position", p.Position, "total", p.Total)
	buttons := p.verbs()
	buttons[0].Style = msg.Primary
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: buttons}}}
}
