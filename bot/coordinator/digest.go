package coordinator

import (
	"context"
	"slices"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeDigest is what the desk reads at the opening of a working day.
func (c *Coordinator) composeDigest(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	now, err := c.digestToday(ctx, r, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	late, err := c.digestLate(ctx, r, now, d.Args["late"])
	if err != nil {
		return outbox.Parcel{}, err
	}
	back, err := c.digestResumed(ctx, r, now, d.Args["resumed"])
	return outbox.Parcel{To: c.desk.Channel, Message: msg.Message{
		Alt:     c.say("digest.alt", "open", now.Open, "overdue", now.Overdue, "unowned", now.Unowned),
		Blocks:  slices.Concat([]msg.Block{c.summary(now)}, late, back),
		Choices: c.digestDoors(now),
	}}, err
}

// digestToday reads the digest that a delivery is about. One that could not go on its day is not sent on another: it would
// say what is no longer so, and that day has its own.
func (c *Coordinator) digestToday(ctx context.Context, r *store.Reader, d store.Delivery) (store.Digest, error) {
	day, err := calendar.ParseDate(d.Args["day"])
	if err != nil {
		return store.Digest{}, err
	}
	if day != c.desk.Calendar.Today(c.db.Now()) {
		return store.Digest{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	return r.Digest(ctx, day.In(time.UTC))
}

// summary are the numbers, and whether anything has dropped out of sight.
func (c *Coordinator) summary(now store.Digest) msg.Card {
	card := msg.Card{Title: c.say("digest.title", "day", now.Day)}
	row := func(label, value string, count int) {
		card.Rows = append(card.Rows, msg.Row{Label: c.say(label), Value: c.say(value, "count", count)})
	}
	row("digest.open", "digest.count", now.Open)
	if now.Ended > 0 {
		row("digest.ended", "digest.ended_count", now.Ended)
	}
	row("digest.overdue", "digest.count", now.Overdue)
	row("digest.unowned", "digest.count", now.Unowned)
	if now.Resumed > 0 {
		row("digest.resumed", "digest.count", now.Resumed)
	}
	if now.Dead > 0 {
		row("digest.dead", "digest.dead_count", now.Dead)
	}
	row("digest.check", check(now), now.Adrift)
	if now.Overdue+now.Dead+now.Adrift > 0 {
		card.Tone = msg.Alert
	}
	return card
}

// check is what the reconciliation has to say.
func check(now store.Digest) string {
	if now.Adrift > 0 {
		return "digest.adrift"
	}
	return "digest.well"
}

// digestDoors lead to the lists of what the numbers count.
func (c *Coordinator) digestDoors(now store.Digest) []msg.Button {
	var out list
	for _, door := range []struct {
		count             int
		label, whereToSee string
	}{
		{now.Overdue, "digest.late_all", "list overdue"}, {now.Unowned, "vacated.all", "list unowned"},
		{now.Ended, "digest.ended_all", "list ended"},
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
	card := msg.Card{
		Title: c.say("card.title", "number", p.Number, "title", p.Title), State: c.cards.State(p.State), Tone: c.cards.Tone(p, c.db.Now()),
		Rows:    []msg.Row{{Label: c.say("card.organization"), Value: p.Organization}},
		Buttons: []msg.Button{{Label: c.say("button.desk.open"), Press: msg.Do("desk.run", "line", "show "+p.Number)}},
	}
	if p.Owner != "" || proposal.Open(p.State) {
		card.Rows = append(card.Rows, msg.Row{Label: c.say("card.owner"), Value: c.cards.Owner(ctx, p.Owner)})
	}
	if !p.NextDate.IsZero() {
		card.Rows = append(card.Rows, msg.Row{Label: c.say("card.next_date"), Value: c.lateDay(p, day)})
	}
	if proposal.Open(p.State) && p.Owner == "" {
		card.Buttons = append([]msg.Button{c.button("take", msg.Do("proposal.take", "proposal", id(p.ID)))}, card.Buttons...)
	}
	return card
}

// lateDay is the date that has passed, and by how many days; or the date that somebody has given it since.
func (c *Coordinator) lateDay(p bot.Proposal, day time.Time) string {
	days := calendar.DateOf(day).DaysSince(calendar.DateOf(p.NextDate))
	if days <= 0 {
		return c.cards.Day(p.NextDate, c.db.Now())
	}
	return c.say("digest.late_day", "day", p.NextDate, "days", days)
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
