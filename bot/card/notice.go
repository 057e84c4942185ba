package card

import (
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// Notice is what the organization will read of a step it is told of: the words are the concierge's own, so that whoever
// takes the step reads them first.
func (c *Cards) Notice(p bot.Proposal, step proposal.Step) string {
	to := step.Then.State
	lines := []string{
		c.say("concierge.moved", "number", p.Number, "title", p.Title, "state", text.Say(to.Key())),
		c.say("concierge.state." + string(to)),
	}
	if to == proposal.OnHold {
		lines = append(lines, c.say("card.remark_value", "field", text.Say("concierge.status.next"), "answer", text.Say("card.day", "day", step.Then.Until.In(c.desk.Location))))
	}
	return strings.Join(lines, "\n")
}
