package coordinator

import (
	"context"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// notesOnCard is how many of the latest presses a card shows; the thread under it has them all.
const notesOnCard = 5

// view is what a card is made of, as one reader may see it.
type view struct {
	bot.Proposal
	reader      bot.DepartmentID // empty: the desk
	particulars []store.Particular
	referrals   []bot.Referral
	history     []store.Entry
	cleared     []string
}

// composeCard makes the card of the desk or of a department as it stands now: posted once, then changed in place.
func (c *Coordinator) composeCard(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, department := place(d)
	v, err := c.view(ctx, r, p, department)
	if err != nil {
		return outbox.Parcel{}, err
	}
	parcel := outbox.Parcel{To: c.channel(department), Message: c.card(ctx, v)}
	stands, err := r.Card(ctx, p, department)
	if err == nil {
		parcel.To, parcel.Update = stands.Channel, stands.TS
	} else if bot.KindOf(err) != bot.NotFound {
		return parcel, err
	}
	return parcel, nil
}

// settleCard keeps where a card stands, so that the next change finds it.
func (c *Coordinator) settleCard(_ context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
	if fault != nil {
		return c.alarm(tx, d, fault)
	}
	p, department := place(d)
	tx.SaveCard(store.Card{Proposal: p, Department: department, Channel: r.Channel, TS: r.TS})
	return nil
}

func (c *Coordinator) view(ctx context.Context, r *store.Reader, id bot.ProposalID, reader bot.DepartmentID) (v view, err error) {
	v.reader = reader
	if v.Proposal, err = r.Proposal(ctx, id); err != nil {
		return v, err
	}
	if v.particulars, err = r.Particulars(ctx, id); err != nil {
		return v, err
	}
	if v.referrals, err = r.Referrals(ctx, id); err != nil {
		return v, err
	}
	if f, ok := v.own(); ok {
		v.cleared = f.Cleared
	}
	v.history, err = r.History(ctx, id, notesOnCard)
	return v, err
}

// own is the reader's own referral.
func (v view) own() (bot.Referral, bool) {
	for _, f := range v.referrals {
		if f.Department == v.reader {
			return f, true
		}
	}
	return bot.Referral{}, false
}

// sees reports whether the reader may see a particular: the desk sees all; a department what is neither protected nor
// private, and what the desk has cleared for it. The contact's name is needed to answer at all.
func (v view) sees(q store.Particular) bool {
	if v.reader == "" || q.Field == "contact_name" || !(q.Protected || q.Private) {
		return true
	}
	for _, f := range v.cleared {
		if f == q.Field {
			return true
		}
	}
	return false
}

func (c *Coordinator) card(ctx context.Context, v view) msg.Message {
	card := msg.Card{
		Title: c.say("card.title", "number", v.Number, "title", v.Title),
		State: c.words.Say(text.Say(v.State.Key())),
		Tone:  c.tone(v.Proposal),
		Body:  c.idea(v),
		Rows:  c.rows(ctx, v),
		Notes: c.notes(ctx, v),
	}
	if v.reader == "" {
		card.Buttons = c.deskButtons(v)
	} else {
		card.Buttons = c.departmentButtons(v)
	}
	alt := c.say("card.alt", "number", v.Number, "organization", v.Organization, "title", v.Title, "state", text.Say(v.State.Key()))
	return msg.Message{Alt: alt, Blocks: []msg.Block{card}}
}

func (c *Coordinator) tone(p bot.Proposal) msg.Tone {
	switch {
	case !proposal.Open(p.State):
		return msg.Closed
	case p.NextDate.Before(c.today()):
		return msg.Alert
	case p.State == proposal.InProgress || p.State == proposal.Preparing:
		return msg.Good
	}
	return msg.Plain
}

// idea is what is proposed, or that it is protected.
func (c *Coordinator) idea(v view) string {
	for _, q := range v.particulars {
		if q.Field != "idea" {
			continue
		}
		if !v.sees(q) {
			return c.say("card.protected")
		}
		return q.Shown
	}
	return ""
}

// rows are what can be read in ten seconds: who, what about, until when, who cares for it, and what departments say.
func (c *Coordinator) rows(ctx context.Context, v view) []msg.Row {
	rows := []msg.Row{
		{Label: c.say("card.organization"), Value: v.Organization},
		{Label: c.say("card.contact"), Value: v.ContactName},
	}
	if len(v.Topics) > 0 {
		rows = append(rows, msg.Row{Label: c.say("card.topics"), Value: c.topics(v.Topics)})
	}
	if v.Kind == bot.KindConsultation {
		rows = append(rows, msg.Row{Label: c.say("card.kind"), Value: c.say("card.consultation")})
	}
	if v.reader != "" {
		return append(rows, c.referralRows(v)...)
	}
	rows = append(rows, msg.Row{Label: c.say("card.owner"), Value: c.owner(ctx, v.Owner)})
	if proposal.Open(v.State) {
		rows = append(rows, msg.Row{Label: c.say("card.next_date"), Value: c.date(v.Proposal)})
	}
	return append(rows, c.board(ctx, v)...)
}

// referralRows are what the desk asked this department, and until when.
func (c *Coordinator) referralRows(v view) []msg.Row {
	f, ok := v.own()
	if !ok {
		return nil
	}
	rows := []msg.Row{{Label: c.say("card.due"), Value: c.say("card.day", "day", f.Due)}}
	if f.Note != "" {
		rows = append(rows, msg.Row{Label: c.say("card.note"), Value: f.Note})
	}
	if f.Verdict != "" {
		rows = append(rows, msg.Row{Label: c.say("card.verdict"), Value: c.verdictWords(f)})
	}
	return rows
}

// board is the verdict of each asked department, with who gave it and when.
func (c *Coordinator) board(ctx context.Context, v view) []msg.Row {
	var rows []msg.Row
	for _, f := range v.referrals {
		value := c.say("card.waiting", "day", f.Due)
		if f.Verdict != "" {
			value = c.say("card.answered", "verdict", c.verdictWords(f), "name", c.people.Name(ctx, f.AnsweredBy), "at", c.at(f.AnsweredAt))
		}
		rows = append(rows, msg.Row{Label: c.departmentName(f.Department), Value: value})
	}
	return rows
}

// verdictWords is a verdict with its reason, date and other department.
func (c *Coordinator) verdictWords(f bot.Referral) string {
	out := c.words.Say(text.Say(f.Verdict.Key()))
	if !f.Until.IsZero() {
		out = c.say("card.verdict_until", "verdict", out, "day", f.Until)
	}
	if f.Other != "" {
		out = c.say("card.verdict_other", "verdict", out, "department", c.departmentName(f.Other))
	}
	if f.Reason != "" {
		out = c.say("card.verdict_reason", "verdict", out, "reason", f.Reason)
	}
	return out
}

// notes are the latest presses: who did what and when. A department reads only what concerns itself.
func (c *Coordinator) notes(ctx context.Context, v view) []string {
	var out []string
	for _, e := range v.history {
		if v.reader == "" || e.Details["department"] == string(v.reader) {
			out = append(out, c.told(ctx, e))
		}
	}
	return out
}

func (c *Coordinator) deskButtons(v view) []msg.Button {
	number := id(v.ID)
	details := c.button("details", msg.Do("proposal.details", "proposal", number))
	if !proposal.Open(v.State) {
		return []msg.Button{c.button("move", msg.Do("proposal.move", "proposal", number)), details}
	}
	buttons := c.forwards(v)
	if v.Owner == "" {
		buttons = append(buttons, c.button("take", msg.Do("proposal.take", "proposal", number)))
	}
	buttons = append(buttons,
		c.button("refer", msg.Do("proposal.refer", "proposal", number)),
		c.button("reply", msg.Do("proposal.reply", "proposal", number)),
		c.button("decline", msg.Do("proposal.decline", "proposal", number)),
	)
	buttons[0].Style = msg.Primary
	return append(buttons, msg.Button{Label: c.say("button.card.more"), Menu: []msg.Button{
		details,
		c.button("move", msg.Do("proposal.move", "proposal", number)),
		c.button("assign", msg.Do("proposal.assign", "proposal", number)),
	}})
}

// forwards offers to ask the departments that others named as the right ones, with one press each.
func (c *Coordinator) forwards(v view) []msg.Button {
	done := map[bot.DepartmentID]bool{}
	for _, f := range v.referrals {
		done[f.Department] = true
	}
	var out []msg.Button
	for _, f := range v.referrals {
		if f.Verdict != bot.VerdictOther || f.Other == "" || done[f.Other] {
			continue
		}
		done[f.Other] = true
		out = append(out, msg.Button{
			Label: c.say("button.card.forward", "department", c.departmentName(f.Other)),
			Press: msg.Do("proposal.forward", "proposal", id(v.ID), "department", string(f.Department), "to", string(f.Other)),
		})
	}
	return out
}

// departmentButtons are the five verdicts and the ways to talk on.
func (c *Coordinator) departmentButtons(v view) []msg.Button {
	number, department := id(v.ID), string(v.reader)
	var buttons []msg.Button
	if proposal.Open(v.State) {
		for _, verdict := range bot.Verdicts() {
			buttons = append(buttons, msg.Button{
				Label: c.words.Say(text.Say(verdict.Key())),
				Press: msg.Do("verdict", "proposal", number, "department", department, "verdict", string(verdict)),
			})
		}
		buttons[0].Style = msg.Primary
		buttons = append(buttons, c.button("reply", msg.Do("proposal.reply", "proposal", number)))
	}
	return append(buttons, c.button("details", msg.Do("proposal.details", "proposal", number, "department", department)))
}

// button is a button of a card, worded by button.card.<name>; a no is marked as what cannot be undone.
func (c *Coordinator) button(name string, p msg.Press) msg.Button {
	b := msg.Button{Label: c.say("button.card." + name), Press: p}
	if name == "decline" {
		b.Style = msg.Danger
	}
	return b
}

func (c *Coordinator) topics(ids []bot.TopicID) string {
	names := make([]string, len(ids))
	for i, t := range ids {
		names[i] = c.desk.TopicName(t)
	}
	return c.say("card.list", "items", names)
}

func (c *Coordinator) owner(ctx context.Context, user string) string {
	if user == "" {
		return c.say("card.nobody")
	}
	return c.people.Name(ctx, user)
}

func (c *Coordinator) date(p bot.Proposal) string {
	if p.NextDate.Before(c.today()) {
		return c.say("card.overdue", "day", p.NextDate)
	}
	return c.say("card.day", "day", p.NextDate)
}

func (c *Coordinator) departmentName(d bot.DepartmentID) string {
	if dep, ok := c.desk.Department(d); ok {
		return dep.Name
	}
	return string(d)
}

// channel is where a card is posted; a department the profile no longer has is read by the desk.
func (c *Coordinator) channel(d bot.DepartmentID) string {
	if dep, ok := c.desk.Department(d); ok && d != "" {
		return dep.Channel
	}
	return c.desk.Channel
}

// place reads from a delivery which proposal it is about and who reads it.
func place(d store.Delivery) (bot.ProposalID, bot.DepartmentID) {
	n, _ := strconv.ParseInt(d.Args["proposal"], 10, 64)
	return bot.ProposalID(n), bot.DepartmentID(d.Args["department"])
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
