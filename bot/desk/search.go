package desk

import (
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// longestQuery in letters is more than anybody remembers of a title, and fits the button of the next page.
const longestQuery = 100

// search finds proposals whose organization and title together hold all the words, or the one with the receipt number.
func (d *Desk) search(ctx context.Context, r request) (msg.Message, error) {
	query := strings.Join(r.words, " ")
	if query == "" {
		return msg.Message{}, &wrong{say: text.Say("desk.search.missing")}
	}
	if len([]rune(query)) > longestQuery {
		return msg.Message{}, &wrong{say: text.Say("desk.search.long", "max", longestQuery)}
	}
	if p, ok, err := d.byNumber(ctx, query); ok || err != nil {
		return d.found(ctx, query, p, err)
	}
	var rest store.Cursor
	l := listing{title: text.Say("desk.search.title", "words", query), line: "search " + query,
		fetch: func(ctx context.Context, after store.Cursor, limit int) (found []bot.Proposal, err error) {
			found, rest, err = d.DB.Search(ctx, query, after, limit)
			return found, err
		}}
	m, err := d.page(ctx, r, l)
	if err != nil {
		return m, err
	}
	return d.ended(m, r, l, rest), nil
}

// ended says what is left to do at the end of a search: to go on with the rest, or, with nothing found, to ask otherwise.
func (d *Desk) ended(m msg.Message, r request, l listing, rest store.Cursor) msg.Message {
	nothing := len(m.Blocks) == 1
	switch {
	case rest.ID > 0:
		if nothing {
			m = d.told(l.title)
		}
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.search.rest", "count", rest.ID)})
		m.Choices = append(m.Choices, d.on("button.desk.rest", l, bot.Proposal{ID: rest.ID}))
	case nothing && r.After != "":
		m = d.told(l.title, d.doors(r.Actor)...)
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.search.end")})
	case nothing:
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.search.hint")})
	}
	return m
}

// byNumber finds the proposal whose number the query is. A few digits alone are words like others.
func (d *Desk) byNumber(ctx context.Context, query string) (p bot.Proposal, ok bool, err error) {
	const digitsAlone = 4
	number, ok := d.number(query)
	if !ok || len([]rune(query)) <= digitsAlone {
		return p, false, nil
	}
	p, err = d.DB.ProposalByNumber(ctx, number)
	if bot.KindOf(err) == bot.NotFound {
		return p, false, nil
	}
	return p, err == nil, err
}

func (d *Desk) found(ctx context.Context, query string, p bot.Proposal, err error) (msg.Message, error) {
	if err != nil {
		return msg.Message{}, err
	}
	m := d.told(text.Say("desk.search.title", "words", query))
	items, err := d.items(ctx, []bot.Proposal{p}, "")
	m.Blocks = append(m.Blocks, items...)
	return m, err
}
