package card

import (
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// Notice is what the organization will read of a step that is taken now and of which it is told: the words are the
// concierge's own, so that whoever takes the step reads them first.
func (c *Cards) Notice(p bot.Proposal, step proposal.Step, now time.Time) string {
	row := func(label string, day time.Time) string {
		return c.say("card.remark_value", "field", text.Say(label), "answer", text.Say("card.day", "day", day))
	}
	to := step.Then.State
	lines := []string{
		c.say("concierge.moved", "number", p.Number, "title", p.Title, "state", text.Say(to.Key())),
		c.say("concierge.state." + string(to)),
	}
	if to == proposal.OnHold {
		lines = append(lines, row("concierge.status.next", step.Then.Until.In(c.desk.Location)))
	}
	if step.Rule.On == proposal.Reopened && ledger.AwaitsAnswer(to) {
		lines = append(lines, row("concierge.status.answer", c.desk.AnswerBy(now).In(c.desk.Location)))
	}
	return strings.Join(lines, "\n")
}
