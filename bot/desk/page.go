package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// pageSize is how many proposals one page shows: what a phone can scroll, and well within the 50 blocks of a message.
const pageSize = 10

// listing is a list of proposals: what it is called, the line that gives it, and where its pages come from.
type listing struct {
	title  text.Line
	line   string
	byDate bool             // ordered by next date, else newest first
	reader bot.DepartmentID // whose it is to read; empty: the desk
	fetch  func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error)
}

// page is one page of a listing, after the cursor of the call.
func (d *Desk) page(ctx context.Context, r request, l listing) (msg.Message, error) {
	after, err := parseCursor(r.After, l.byDate)
	if err != nil {
		return msg.Message{}, &wrong{say: text.Say("desk.list.cursor"), near: lines(l.line)}
	}
	found, err := l.fetch(ctx, after, pageSize+1)
	if err != nil {
		return msg.Message{}, err
	}
	if len(found) == 0 {
		return d.told(text.Say("desk.list.none", "title", l.title), d.doors(r.Actor)...), nil
	}
	shown := found[:min(len(found), pageSize)]
	m := d.told(l.title)
	items, err := d.items(ctx, shown, l.reader)
	m.Blocks = append(m.Blocks, items...)
	if len(found) > pageSize {
		m.Choices = append(m.Choices, d.on("button.desk.next", l, shown[len(shown)-1]))
	}
	return m, err
}

// on is the button that goes on with a listing after last.
func (d *Desk) on(label string, l listing, last bot.Proposal) msg.Button {
	return msg.Button{Label: d.say(label), Press: msg.Do("desk.run", "line", l.line, "after", cursorAfter(last, l.byDate))}
}

// items are proposals as one reads them in a list, each with a button that opens it.
func (d *Desk) items(ctx context.Context, ps []bot.Proposal, reader bot.DepartmentID) ([]msg.Block, error) {
	asked, err := d.asked(ctx, ps, reader)
	if err != nil {
		return nil, err
	}
	waiting, err := d.waiting(ctx, ps, reader)
	if err != nil {
		return nil, err
	}
	var out []msg.Block
	for _, p := range ps {
		card := msg.Card{
			Title: d.say("card.title", "number", p.Number, "title", p.Title), State: d.cards.State(p.State), Tone: d.cards.Tone(p, d.DB.Now()),
			Rows:    []msg.Row{{Label: d.say("card.organization"), Value: p.Organization}},
			Buttons: []msg.Button{d.opens(p)},
		}
		if reader == "" {
			card.Rows = append(card.Rows, d.deskRows(ctx, p, waiting[p.ID])...)
		} else {
			card.Rows, card.Tone = append(card.Rows, d.departmentRows(p, asked[p.ID])...), d.departmentTone(p, asked[p.ID])
		}
		out = append(out, card)
	}
	return out, nil
}

func (d *Desk) deskRows(ctx context.Context, p bot.Proposal, waiting store.Waiting) []msg.Row {
	var rows []msg.Row
	if waiting.Last != 0 {
		at := waiting.Since.In(d.Desk.Location)
		rows = append(rows, msg.Row{Label: d.say("desk.list.wrote"), Value: d.say("desk.list.waiting", "at", at)})
	}
	rows = append(rows, msg.Row{Label: d.say("card.owner"), Value: d.owner(ctx, p)})
	if !p.NextDate.IsZero() {
		rows = append(rows, msg.Row{Label: d.say("card.next_date"), Value: d.cards.Day(p.NextDate, d.DB.Now())})
	}
	return rows
}

// owner names who cares for a proposal; a list has no button to press, so it says no more than that nobody does.
func (d *Desk) owner(ctx context.Context, p bot.Proposal) string {
	if p.Owner == "" {
		return d.say("desk.list.nobody")
	}
	return d.People.Name(ctx, p.Owner)
}

// departmentRows are what a department is asked: until when, or what it answered. Once a proposal has ended it owes nothing.
func (d *Desk) departmentRows(p bot.Proposal, f bot.Referral) []msg.Row {
	switch {
	case f.Verdict != "":
		return []msg.Row{{Label: d.say("card.verdict"), Value: d.cards.Verdict(f)}}
	case !proposal.Open(p.State):
		return []msg.Row{{Label: d.say("card.verdict"), Value: d.say("card.no_verdict")}}
	}
	return []msg.Row{{Label: d.say("card.due"), Value: d.cards.Day(f.Due, d.DB.Now())}}
}

// departmentTone is about the department's own answer, not about the desk's date.
func (d *Desk) departmentTone(p bot.Proposal, f bot.Referral) msg.Tone {
	switch {
	case !proposal.Open(p.State):
		return msg.Closed
	case f.Verdict == "" && f.Due.Before(d.today()):
		return msg.Alert
	}
	return msg.Plain
}

// asked are the referrals of these proposals to the reader.
func (d *Desk) asked(ctx context.Context, ps []bot.Proposal, reader bot.DepartmentID) (map[bot.ProposalID]bot.Referral, error) {
	if reader == "" {
		return nil, nil
	}
	found, err := d.DB.ReferralsTo(ctx, reader, idsOf(ps))
	if err != nil {
		return nil, err
	}
	out := make(map[bot.ProposalID]bot.Referral, len(found))
	for _, f := range found {
		out[f.Proposal] = f
	}
	return out, nil
}

// waiting tells the desk which of these proposals have words of their organization that nobody has answered.
func (d *Desk) waiting(ctx context.Context, ps []bot.Proposal, reader bot.DepartmentID) (map[bot.ProposalID]store.Waiting, error) {
	if reader != "" || len(ps) == 0 {
		return nil, nil
	}
	return d.DB.Waiting(ctx, idsOf(ps)...)
}

func idsOf(ps []bot.Proposal) []bot.ProposalID {
	ids := make([]bot.ProposalID, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	return ids
}

// doors are the ways on from an empty list.
func (d *Desk) doors(a bot.Actor) []msg.Button {
	all := "button.desk.all"
	if !a.AtDesk() {
		all = "button.desk.asked"
	}
	return []msg.Button{d.does(d.say(all), "list"), d.does(d.say("button.desk.help"), "help")}
}

// today is the desk's date at midnight UTC, as dates are kept.
func (d *Desk) today() time.Time { return d.Desk.Calendar.Today(d.DB.Now()).In(time.UTC) }

// cursorAfter writes where a page ends; parseCursor reads it back.
func cursorAfter(last bot.Proposal, byDate bool) string {
	id := strconv.FormatInt(int64(last.ID), 10)
	if byDate {
		return last.NextDate.Format(time.DateOnly) + "/" + id
	}
	return id
}

func parseCursor(s string, byDate bool) (c store.Cursor, err error) {
	if s == "" {
		return c, nil
	}
	id := s
	if byDate {
		day, rest, _ := strings.Cut(s, "/")
		if c.Date, err = time.Parse(time.DateOnly, day); err != nil {
			return store.Cursor{}, fmt.Errorf("read cursor: %w", err)
		}
		id = rest
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return store.Cursor{}, fmt.Errorf("read cursor: %w", err)
	}
	c.ID = bot.ProposalID(n)
	return c, nil
}
