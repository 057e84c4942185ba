// Package card composes the card of a proposal: what staff read in ten seconds and press, in the desk's channel, in each
// asked department's, and as the answer to a command. It also words the lines of a proposal's history.
//
// It never changes anything, never posts, and shows nobody more than ledger.Visible allows. Begin reading with Read and
// Cards.Compose.
package card

import (
	"context"
	"slices"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// People tells what staff are called; handlers/slack does. An unknown one is shown by its id.
type People interface {
	Name(ctx context.Context, slackUser string) string
}

// Cards composes the cards of one desk.
type Cards struct {
	desk   *bot.Desk
	words  *text.Catalogue
	people People
}

// New makes the composer of a desk's cards.
func New(desk *bot.Desk, words *text.Catalogue, people People) *Cards {
	return &Cards{desk: desk, words: words, people: people}
}

// Compose is the card as it stands at the moment now, for its reader.
func (c *Cards) Compose(ctx context.Context, v View, now time.Time) msg.Message {
	card := msg.Card{
		Title: c.say("card.title", "number", v.Number, "title", v.Title),
		State: c.State(v.State),
		Tone:  c.tone(v, now),
		Body:  c.idea(v),
		Rows:  c.rows(ctx, v, now),
		Notes: c.notes(ctx, v),
	}
	if v.Reader == "" {
		card.Buttons = c.deskButtons(v)
	} else {
		card.Buttons = c.departmentButtons(v)
	}
	alt := c.say("card.alt", "number", v.Number, "organization", v.Organization, "title", v.Title, "state", text.Say(v.State.Key()))
	return msg.Message{Alt: alt, Blocks: []msg.Block{card}}
}

// State is what people read for a state.
func (c *Cards) State(s proposal.State) string { return c.words.Say(text.Say(s.Key())) }

// Tone tells at a glance what is over, what is late and what goes well.
func (c *Cards) Tone(p bot.Proposal, now time.Time) msg.Tone {
	switch {
	case !p.NextDate.IsZero() && c.late(p.NextDate, now):
		return msg.Alert
	case !proposal.Open(p.State):
		return msg.Closed
	case p.State == proposal.InProgress || p.State == proposal.Preparing:
		return msg.Good
	}
	return msg.Plain
}

// tone is that of a card; a department owes nothing any more once a proposal has ended.
func (c *Cards) tone(v View, now time.Time) msg.Tone {
	if v.Reader != "" && !proposal.Open(v.State) {
		return msg.Closed
	}
	return c.Tone(v.Proposal, now)
}

// Day words the date by which something is due, and that it has passed if so.
func (c *Cards) Day(due, now time.Time) string {
	if c.late(due, now) {
		return c.say("card.overdue", "day", due)
	}
	return c.say("card.day", "day", due)
}

func (c *Cards) late(due, now time.Time) bool {
	return due.Before(c.desk.Calendar.Today(now).In(time.UTC))
}

// Owner is who cares for a proposal at the desk.
func (c *Cards) Owner(ctx context.Context, user string) string {
	if user == "" {
		return c.say("card.nobody")
	}
	return c.people.Name(ctx, user)
}

// Department is what people read for a department: its name, and that the profile no longer has it if so.
func (c *Cards) Department(d bot.DepartmentID) string {
	name, current := c.desk.DepartmentName(d)
	if !current {
		return c.say("card.former", "department", name)
	}
	return name
}

// idea is what is proposed, or that it is protected.
func (c *Cards) idea(v View) string {
	for _, q := range v.Particulars {
		if q.Field != "idea" {
			continue
		}
		if !v.Sees(q) {
			return c.say("card.protected")
		}
		return c.Shown(q)
	}
	return ""
}

// Shown is an answer as people read it, or that its author took it back.
func (c *Cards) Shown(q store.Particular) string {
	if q.Unsent {
		return c.say("card.unsent")
	}
	return q.Shown
}

// notes are the latest presses: who did what and when. A department reads only what concerns itself. Of what the
// organization wrote only the newest is told, and a verdict only while the board does not show it.
func (c *Cards) notes(ctx context.Context, v View) []string {
	var out []string
	wrote := false
	for _, e := range slices.Backward(v.History) {
		again := e.Event == proposal.Written && wrote
		wrote = wrote || e.Event == proposal.Written
		if again || v.onBoard(e) || (v.Reader != "" && e.Details["department"] != string(v.Reader)) {
			continue
		}
		if out = append(out, c.Told(ctx, e, v.Reader)); len(out) == notesOnCard {
			break
		}
	}
	slices.Reverse(out)
	return out
}

// onBoard reports whether an entry is a verdict that stands among the rows.
func (v View) onBoard(e store.Entry) bool {
	return slices.ContainsFunc(v.Referrals, func(f bot.Referral) bool {
		return f.Verdict != "" && string(f.Verdict) == e.Details["verdict"] && string(f.Department) == e.Details["department"]
	})
}

// say words a line of the catalogue: say("card.owner", "name", n).
func (c *Cards) say(key string, args ...any) string { return c.words.Say(text.Say(key, args...)) }

// at is a moment in the desk's time zone.
func (c *Cards) at(t time.Time) time.Time { return t.In(c.desk.Location) }

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
