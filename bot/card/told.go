package card

import (
	"context"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// Told words one line of history for the desk (reader "") or a department: when, who, what, and why. A department reads the
// note it was asked with, but not who else was asked, nor why others did what they did.
func (c *Cards) Told(ctx context.Context, e store.Entry, reader bot.DepartmentID) string {
	what := c.what(ctx, e, reader)
	if state := c.State(e.To); e.From != e.To && state != what {
		what = c.say("told.moved", "what", what, "state", state)
	}
	if why := c.why(e); why != "" && (reader == "" || e.Details["department"] == string(reader) || names(e.Details["departments"], reader)) {
		what = c.say("told.because", "what", what, "why", why)
	}
	return c.say("told.line", "at", c.at(e.At), "who", c.who(ctx, e.Actor), "what", what)
}

func (c *Cards) what(ctx context.Context, e store.Entry, reader bot.DepartmentID) string {
	if verdict := e.Details["verdict"]; verdict != "" {
		given := bot.Referral{Verdict: bot.Verdict(verdict), Other: bot.DepartmentID(e.Details["other"])}
		given.Until, _ = time.Parse(time.DateOnly, e.Details["until"]) // none in most, nor in lines from before it was kept
		return c.say("told.verdict", "department", c.Department(bot.DepartmentID(e.Details["department"])), "verdict", c.Verdict(given))
	}
	if ids := e.Details["departments"]; ids != "" {
		return c.asked(ids, e.Details["again"], reader)
	}
	if e.Event == proposal.Waived && e.Details["waiting"] != "" {
		return c.say("told.waived_some")
	}
	if owner := e.Details["owner"]; e.Event == proposal.Vacated {
		return c.say("told.vacated", "name", c.people.Name(ctx, owner))
	} else if owner != "" {
		return c.say("told.owner", "name", c.people.Name(ctx, owner))
	}
	return c.words.Say(text.Say(e.Event.Key()))
}

// asked names the departments that were asked; one of them reads of itself alone. It says so if all of them had been asked
// before.
func (c *Cards) asked(ids, before string, reader bot.DepartmentID) string {
	all, key := strings.Split(ids, ","), "told.asked_again"
	if names(ids, reader) {
		all = []string{string(reader)}
	}
	for i, d := range all {
		if !names(before, bot.DepartmentID(d)) {
			key = "told.asked"
		}
		all[i] = c.Department(bot.DepartmentID(d))
	}
	return c.say(key, "departments", all)
}

// names reports whether a list of ids has a department; the desk is in none.
func names(ids string, d bot.DepartmentID) bool {
	return d != "" && slices.Contains(strings.Split(ids, ","), string(d))
}

// why is the reason somebody gave: in words, or from the list of reasons for a decline; or why an owner has gone.
func (c *Cards) why(e store.Entry) string {
	reason := e.Details["reason"]
	switch {
	case reason != "" && e.Event == proposal.Declined:
		return c.say("reason." + reason)
	case reason != "" && e.Event == proposal.Vacated:
		return c.say("absence." + reason)
	}
	return e.Why
}

// who names an actor: staff by name, the organization as such, time as the system.
func (c *Cards) who(ctx context.Context, actor string) string {
	switch {
	case actor == "":
		return c.say("told.system")
	case len(actor) == 33 && actor[0] == 'U': // a LINE user id
		return c.say("told.organization")
	}
	return c.people.Name(ctx, actor)
}
