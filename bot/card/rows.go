package card

import (
	"context"
	"slices"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// rows are what can be read in ten seconds: who, what about, until when, who cares for it, and what departments say.
func (c *Cards) rows(ctx context.Context, v View, now time.Time) []msg.Row {
	rows := append(c.Wrote(v), c.held(v, now)...)
	rows = append(rows, c.withdrawn(v, now)...)
	rows = append(rows,
		msg.Row{Label: c.say("card.organization"), Value: v.Organization},
		msg.Row{Label: c.say("card.contact"), Value: v.ContactName},
	)
	if v.Blocked {
		rows = append(rows, msg.Row{Label: c.say("card.line"), Value: c.say("card.blocked")})
	}
	if len(v.Topics) > 0 {
		rows = append(rows, msg.Row{Label: c.say("card.topics"), Value: c.topics(v.Topics)})
	}
	if v.Kind == bot.KindConsultation {
		rows = append(rows, msg.Row{Label: c.say("card.kind"), Value: c.say("card.consultation")})
	}
	if v.Reader != "" {
		return append(rows, c.referral(ctx, v, now)...)
	}
	rows = append(rows, c.remarks(v)...)
	if v.Owner != "" || proposal.Open(v.State) {
		rows = append(rows, msg.Row{Label: c.say("card.owner"), Value: c.Owner(ctx, v.Owner)})
	}
	if proposal.Open(v.State) {
		rows = append(rows, msg.Row{Label: c.say("card.next_date"), Value: c.Day(v.NextDate, now)})
	}
	if came := v.toAnswer(); !came.IsZero() {
		rows = append(rows, msg.Row{Label: c.say("card.promised"), Value: c.Day(c.desk.AnswerBy(came).In(time.UTC), now)})
	}
	return append(rows, c.Board(ctx, v.Proposal, v.Referrals, now)...)
}

// toAnswer is when the first came of what the organization waits for an answer to; zero if it does not.
func (v View) toAnswer() time.Time {
	asked := v.AskedAt()
	if v.Unanswered && (v.Waiting.Since.IsZero() || asked.Before(v.Waiting.Since)) {
		return asked
	}
	return v.Waiting.Since
}

// Wrote says first of all that the organization has written and nobody has answered, with the beginning of its newest words
// and how many other messages wait.
func (c *Cards) Wrote(v View) []msg.Row {
	if v.Wrote.ID == 0 {
		return nil
	}
	row := c.WroteOne(v.Wrote)
	if others := v.Waiting.Count - 1; others > 0 {
		row.Value = c.say("card.wrote_more", "words", row.Value, "count", others)
	}
	return []msg.Row{row}
}

// WroteOne is the beginning of one message that nobody has answered.
func (c *Cards) WroteOne(m store.Message) msg.Row {
	return msg.Row{Label: c.say("card.wrote", "at", c.at(m.CreatedAt)), Value: c.beginning(m)}
}

// held says that what was written to the organization has not gone yet, unless that is usual.
func (c *Cards) held(v View, now time.Time) []msg.Row {
	if v.Held.IsZero() || now.Sub(v.Held) < ledger.HeldAfter {
		return nil
	}
	return []msg.Row{{Label: c.say("card.held"), Value: c.say("card.held_since", "at", c.at(v.Held))}}
}

// withdrawn says since when a proposal is withdrawn, and until when its organization may undo that.
func (c *Cards) withdrawn(v View, now time.Time) []msg.Row {
	w := v.Withdrawal
	if w.At.IsZero() {
		return nil
	}
	row := msg.Row{Label: c.words.Say(text.Say(v.State.Key())), Value: c.say("card.withdrawn", "at", c.at(w.At))}
	if w.UndoableAt(now) {
		row.Value = c.say("card.withdrawn_undo", "at", c.at(w.At), "until", c.at(w.UndoBy()))
	}
	return []msg.Row{row}
}

// mostWords is how many letters of a message a card shows; the thread has it all.
const mostWords = 100

func (c *Cards) beginning(m store.Message) string {
	letters := []rune(strings.Join(strings.Fields(m.Body), " "))
	switch {
	case len(letters) == 0:
		return c.say("card.file")
	case len(letters) > mostWords:
		return c.say("card.beginning", "words", string(letters[:mostWords]))
	}
	return c.say("card.words", "words", string(letters))
}

// remarks are the answers that the profile's rules want the desk to look at.
func (c *Cards) remarks(v View) []msg.Row {
	var rows []msg.Row
	for _, q := range v.Particulars {
		for _, rule := range c.desk.Rules {
			if rule.Field == q.Field && slices.Contains(q.Answer.Choices, rule.Choice) {
				rows = append(rows, msg.Row{Label: c.say("card.remark"), Value: c.say("card.remark_value", "field", q.Label, "answer", q.Shown)})
			}
		}
	}
	return rows
}

// referral is what the desk asked this department, until when, and what it answered.
func (c *Cards) referral(ctx context.Context, v View, now time.Time) []msg.Row {
	f, ok := v.Own()
	if !ok {
		return nil
	}
	rows := []msg.Row{}
	switch {
	case f.Verdict != "":
		rows = append(rows, msg.Row{Label: c.say("card.due"), Value: c.say("card.day", "day", f.Due)})
	case proposal.Open(v.State):
		rows = append(rows, msg.Row{Label: c.say("card.due"), Value: c.Day(f.Due, now)})
	}
	if f.Note != "" {
		rows = append(rows, msg.Row{Label: c.say("card.note"), Value: f.Note})
	}
	if f.Verdict != "" {
		return append(rows, msg.Row{Label: c.say("card.verdict"), Value: c.answered(ctx, f)})
	}
	if !proposal.Open(v.State) {
		rows = append(rows, msg.Row{Label: c.say("card.verdict"), Value: c.say("card.no_verdict")})
	}
	return rows
}

// Board is the verdict of each asked department, with who gave it and when.
func (c *Cards) Board(ctx context.Context, p bot.Proposal, referrals []bot.Referral, now time.Time) []msg.Row {
	var rows []msg.Row
	for _, f := range referrals {
		value := ""
		_, current := c.desk.Department(f.Department)
		switch {
		case f.Verdict == "" && !proposal.Open(p.State):
			value = c.say("card.no_verdict")
		case f.Verdict == "" && !current:
			value = c.say("card.orphaned")
		case f.Verdict == "" && c.late(f.Due, now):
			value = c.say("card.waiting_late", "day", f.Due)
		case f.Verdict == "":
			value = c.say("card.waiting", "day", f.Due)
		default:
			value = c.answered(ctx, f)
		}
		rows = append(rows, msg.Row{Label: c.Department(f.Department), Value: value})
	}
	return rows
}

func (c *Cards) answered(ctx context.Context, f bot.Referral) string {
	return c.say("card.answered", "verdict", c.Verdict(f), "name", c.people.Name(ctx, f.AnsweredBy), "at", c.at(f.AnsweredAt))
}

// Verdict is a verdict with its reason, date and other department.
func (c *Cards) Verdict(f bot.Referral) string {
	out := c.words.Say(text.Say(f.Verdict.Key()))
	if !f.Until.IsZero() {
		out = c.say("card.verdict_until", "verdict", out, "day", f.Until)
	}
	if f.Other != "" {
		out = c.say("card.verdict_other", "verdict", out, "department", c.Department(f.Other))
	}
	if f.Reason != "" {
		out = c.say("card.verdict_reason", "verdict", out, "reason", f.Reason)
	}
	return out
}

func (c *Cards) topics(ids []bot.TopicID) string {
	names := make([]string, len(ids))
	for i, t := range ids {
		names[i] = c.desk.TopicName(t)
	}
	return c.say("card.list", "items", names)
}
