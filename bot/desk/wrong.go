package desk

import (
	"strings"

	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// wrong is input that does not fit, with what is near it. It is an error on its way to Run, and an answer there.
type wrong struct {
	say  text.Line
	near []suggestion // what may have been meant, the nearest first
	also []msg.Button // other ways to what was wanted
}

// suggestion is a line that may have been meant, without "/desk ": as one would type it, and as the button has it.
type suggestion struct{ shown, line string }

// lines are suggestions whose buttons have them as one would type them.
func lines(all ...string) []suggestion {
	out := make([]suggestion, len(all))
	for i, line := range all {
		out[i] = suggestion{line, line}
	}
	return out
}

// Error is for the log; it holds no words of people.
func (w *wrong) Error() string { return "wrong input: " + w.say.Key }

// mostNear is how many lines are offered; Slack shows 25 buttons in a row.
const mostNear = 20

// correct says what does not fit, what may have been meant, and how the command is written.
func (d *Desk) correct(c Command, w *wrong) msg.Message {
	m := d.told(w.say)
	near := w.near[:min(len(w.near), mostNear)]
	if len(near) == 1 {
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.near", "line", d.spoken(near[0].shown))})
	}
	for _, s := range near {
		m.Choices = append(m.Choices, d.offer(s))
	}
	m.Choices = append(m.Choices, w.also...)
	if c.Usage != "" {
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.written", "usage", c.Usage, "example", c.Example)})
	}
	return m
}

// offer is the button of a suggestion.
func (d *Desk) offer(s suggestion) msg.Button {
	b := d.does(d.say("desk.line", "line", short(d.spoken(s.shown))), s.line)
	b.Press = b.Press.Shown(d.DB.Now())
	return b
}

// spoken is a line whose command is called as the desk's people call it.
func (d *Desk) spoken(line string) string {
	name, rest, more := strings.Cut(line, " ")
	if more {
		return d.called(name) + " " + rest
	}
	return d.called(name)
}

func (d *Desk) called(name string) string {
	if c, ok := d.named(name); ok {
		return c.Aliases[0]
	}
	return name
}

// shortest is how many letters of somebody's words are said back: enough to know them again, and to fit a button.
const shortest = 40

func short(typed string) string {
	letters := []rune(typed)
	if len(letters) <= shortest {
		return typed
	}
	return string(letters[:shortest]) + "…"
}
