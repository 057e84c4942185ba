package desk

import (
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// screenFor is how long an answer stands after it was given: what its buttons do that cannot be undone counts no longer then.
const screenFor = 24 * time.Hour

// over reports whether a command comes from a button that has stood too long, or since which the proposal has moved on. What
// is typed is never over.
func (d *Desk) over(r request, p bot.Proposal) bool {
	moved := r.Revision != 0 && r.Revision != p.Revision
	return r.Pressed && (moved || d.DB.Now().Sub(r.Shown) > screenFor)
}

// again says that nothing was changed and where a proposal stands, with the button once more.
func (d *Desk) again(r request, p bot.Proposal) msg.Message {
	label := d.say("desk.line", "line", short(d.spoken(r.Line)))
	return d.told(holds(p), msg.Button{Label: label, Press: d.asOf(msg.Do("desk.run", "line", r.Line), p)}, d.opens(p))
}

// holds says that a screen was over, and where its proposal stands.
func holds(p bot.Proposal) text.Line {
	return text.Say("coordinator.over", "number", p.Number, "state", text.Say(p.State.Key()))
}

// asOf is a press of a screen shown now, about a proposal as it stands.
func (d *Desk) asOf(press msg.Press, p bot.Proposal) msg.Press {
	return press.With("r", number(p.Revision)).Shown(d.DB.Now())
}
