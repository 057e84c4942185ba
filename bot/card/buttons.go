package card

import (
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// deskButtons are the steps the desk may take now, the next one first.
func (c *Cards) deskButtons(v View) []msg.Button {
	may := choices(v, proposal.Desk)
	number := id(v.ID)
	details := c.button("details", msg.Do("proposal.details", "proposal", number))
	move := c.button("move", msg.Do("proposal.move", "proposal", number))
	reply := c.button("reply", msg.Do("proposal.reply", "proposal", number))
	waits, asked := v.Wrote.ID != 0, len(v.Referrals) > 0
	buttons, answer := []msg.Button{}, []msg.Button{reply}
	if waits {
		answer = append(answer, c.Waive(v))
		buttons = answer
	}
	if !proposal.Open(v.State) {
		return append(answer, move, details)
	}
	if may(proposal.Asked) {
		buttons = append(buttons, c.forwards(v)...)
	}
	if v.Owner == "" {
		buttons = append(buttons, c.button("take", msg.Do("proposal.take", "proposal", number)))
	}
	if asked && !waits {
		buttons = append(buttons, reply) // asking comes first only while nobody was asked
	}
	if may(proposal.Asked) {
		buttons = append(buttons, c.button("refer", msg.Do("proposal.refer", "proposal", number)))
	}
	if !asked && !waits {
		buttons = append(buttons, reply)
	}
	if may(proposal.Declined) {
		buttons = append(buttons, c.button("decline", msg.Do("proposal.decline", "proposal", number)))
	}
	buttons[0].Style = msg.Primary
	assign := c.button("assign", msg.Do("proposal.assign", "proposal", number))
	return append(buttons, msg.Button{Label: c.say("button.card.more"), Menu: []msg.Button{details, move, assign}})
}

// Waive is the button that says of what the organization wrote, as far as this card was made from it, that it needs no reply.
// Where that settles several messages, it asks first.
func (c *Cards) Waive(v View) msg.Button {
	b := c.button("waive", msg.Do("proposal.waive", "proposal", id(v.ID), "entry", id(v.seen())))
	if v.Waiting.Count > 1 {
		b.Confirm = c.say("card.waive_all", "count", v.Waiting.Count)
	}
	return b
}

// choices tells which events a role may bring about now.
func choices(v View, by proposal.Role) func(proposal.Event) bool {
	all := proposal.Choices(ledger.Situation(v.Proposal), by)
	return func(e proposal.Event) bool { return slices.Contains(all, e) }
}

// forwards offers to ask the departments that others named as the right ones, with one press each; those that the profile
// no longer has cannot be asked.
func (c *Cards) forwards(v View) []msg.Button {
	done := map[bot.DepartmentID]bool{}
	for _, f := range v.Referrals {
		done[f.Department] = true
	}
	var out []msg.Button
	for _, f := range v.Referrals {
		_, current := c.desk.Department(f.Other)
		if f.Verdict != bot.VerdictOther || !current || done[f.Other] {
			continue
		}
		done[f.Other] = true
		out = append(out, msg.Button{
			Label: c.say("button.card.forward", "department", c.Department(f.Other)),
			Press: msg.Do("proposal.forward", "proposal", id(v.ID), "department", string(f.Department), "to", string(f.Other), "r", id(v.Revision)),
		})
	}
	return out
}

// departmentButtons are the five verdicts and the ways to talk on.
func (c *Cards) departmentButtons(v View) []msg.Button {
	may := choices(v, proposal.Department)
	number, department := id(v.ID), string(v.Reader)
	var buttons []msg.Button
	if may(proposal.Answered) {
		for _, verdict := range bot.Verdicts() {
			buttons = append(buttons, msg.Button{
				Label: c.words.Say(text.Say(verdict.Key())),
				Press: msg.Do("verdict", "proposal", number, "department", department, "verdict", string(verdict)),
			})
		}
		buttons[0].Style = msg.Primary
	}
	if may(proposal.Replied) {
		buttons = append(buttons, c.button("reply", msg.Do("proposal.reply", "proposal", number)))
	}
	return append(buttons, c.button("details", msg.Do("proposal.details", "proposal", number, "department", department)))
}

// button is a button of a card, worded by button.card.<name>; a no is marked as what cannot be undone.
func (c *Cards) button(name string, p msg.Press) msg.Button {
	b := msg.Button{Label: c.say("button.card." + name), Press: p}
	if name == "decline" {
		b.Style = msg.Danger
	}
	return b
}
