package coordinator

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeDigest is what the desk reads at the opening of a working day. One that could not go on its day is not sent on
// another: it would say what is no longer so, and that day has its own.
func (c *Coordinator) composeDigest(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	day, err := calendar.ParseDate(d.Args["day"])
	if err != nil {
		return outbox.Parcel{}, err
	}
	if day != c.desk.Calendar.Today(c.db.Now()) {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	now, err := r.Digest(ctx, day.In(time.UTC))
	if err != nil {
		return outbox.Parcel{}, err
	}
	m := msg.Message{
		Alt:     c.say("digest.alt", "open", now.Open, "overdue", now.Overdue, "unowned", now.Unowned),
		Blocks:  []msg.Block{c.summary(now)},
		Choices: c.digestDoors(now),
	}
	late, err := c.digestLate(ctx, r, now, d.Args["late"])
	if err != nil {
		return outbox.Parcel{}, err
	}
	back, err := c.digestResumed(ctx, r, now, d.Args["resumed"])
	m.Blocks = append(append(m.Blocks, late...), back...)
	return outbox.Parcel{To: c.desk.Channel, Message: m}, err
}

// summary are the numbers, and whether anything has dropped out of sight.
func (c *Coordinator) summary(now store.Digest) msg.Card {
	card := msg.Card{Title: c.say("digest.title", "day", now.Day), Rows: []msg.Row{
		{Label: c.say("digest.open"), Value: c.say("digest.count", "count", now.Open)},
		{Label: c.say("digest.overdue"), Value: c.say("digest.count", "count", now.Overdue)},
		{Label: c.say("digest.unowned"), Value: c.say("digest.count", "count", now.Unowned)},
	}}
	if now.Resumed > 0 {
		card.Rows = append(card.Rows, msg.Row{Label: c.say("digest.resumed"), Value: c.say("digest.count", "count", now.Resumed)})
	}
	if now.Dead > 0 {
		card.Rows = append(card.Rows, msg.Row{Label: c.say("digest.dead"), Value: c.say("digest.dead_count", "count", now.Dead)})
	}
	check := c.say("digest.well")
	if now.Adrift > 0 {
		check = c.say("digest.adrift", "count", now.Adrift)
	}
	card.Rows = append(card.Rows, msg.Row{Label: c.say("digest.check"), Value: check})
	if now.Overdue+now.Dead+now.Adrift > 0 {
		card.Tone = msg.Alert
	}
	return card
}

// digestDoors lead to the lists of what the numbers count.
func (c *Coordinator) digestDoors(now store.Digest) []msg.Button {
	var out list
	for _, door := range []struct {
		count             int
		label, whereToSee string
	}{
		{now.Overdue, "digest.late_all", "list overdue"}, {now.Unowned, "vacated.all", "list unowned"},
		{now.Dead, "button.desk.dead", "dead"}, {now.Adrift, "digest.adrift_all", "list adrift"},
		{now.Open, "button.desk.all", "list"},
	} {
		if door.count > 0 {
			out.offer(c.say(door.label), msg.Do("desk.run", "line", door.whereToSee))
		}
	}
	return out.buttons
}

// digestLate are the oldest of what is overdue, and where the rest is.
func (c *Coordinator) digestLate(ctx context.Context, r *store.Reader, now store.Digest, ids string) ([]msg.Block, error) {
	if ids == "" {
		return nil, nil
	}
	out := []msg.Block{msg.Text{Body: c.say("digest.late")}}
	err := each(ctx, r, ids, func(p bot.Proposal) error {
		out = append(out, c.lateCard(ctx, p, now.Day))
		return nil
	})
	if more := now.Overdue - (len(out) - 1); more > 0 {
		out = append(out, msg.Text{Body: c.say("digest.late_rest", "count", more)})
	}
	return out, err
}

// lateCard is one overdue proposal as in a list. Somebody may have worked on it since the digest was made.
func (c *Coordinator) lateCard(ctx context.Context, p bot.Proposal, day time.Time) msg.Card {
	due := c.cards.Day(p.NextDate, c.db.Now())
	if days := calendar.DateOf(day).DaysSince(calendar.DateOf(p.NextDate)); days > 0 {
		due = c.say("digest.late_day", "day", p.NextDate, "days", days)
	}
	card := msg.Card{
		Title: c.say("card.title", "number", p.Number, "title", p.Title), State: c.cards.State(p.State), Tone: c.cards.Tone(p, c.db.Now()),
		Rows: []msg.Row{
			{Label: c.say("card.organization"), Value: p.Organization},
			{Label: c.say("card.owner"), Value: c.cards.Owner(ctx, p.Owner)},
		},
		Buttons: []msg.Button{{Label: c.say("button.desk.open"), Press: msg.Do("desk.run", "line", "show "+p.Number)}},
	}
	if !proposal.Open(p.State) {
		return card
	}
	card.Rows = append(card.Rows, msg.Row{Label: c.say("card.next_date"), Value: due})
	if p.Owner == "" {
		card.Buttons = append([]msg.Button{c.button("take", msg.Do("proposal.take", "proposal", id(p.ID)))}, card.Buttons...)
	}
	return card
}

// digestResumed are the holds that have ended, and where the rest is.
func (c *Coordinator) digestResumed(ctx context.Context, r *store.Reader, now store.Digest, ids string) ([]msg.Block, error) {
	if ids == "" {
		return nil, nil
	}
	var items []text.Line
	err := each(ctx, r, ids, func(p bot.Proposal) error {
		items = append(items, text.Say("digest.back_item", "number", p.Number, "title", p.Title, "organization", p.Organization,
			"state", text.Say(p.State.Key()), "day", p.NextDate))
		return nil
	})
	out := []msg.Block{msg.Text{Body: c.say("digest.back")}, msg.Text{Body: c.words.SayAll(items)}}
	if more := now.Resumed - len(items); more > 0 {
		out = append(out, msg.Text{Body: c.say("digest.back_rest", "count", more)})
	}
	return out, err
}
