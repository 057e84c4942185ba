package desk

import (
	"context"
	"strconv"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// longestQuery in letters is more than anybody remembers of a title, and fits the button of the next page.
const longestQuery = 100

// search finds proposals whose number, organization and title together hold all the words.
func (d *Desk) search(ctx context.Context, r request) (msg.Message, error) {
	query := strings.Join(r.words, " ")
	if query == "" {
		return msg.Message{}, &wrong{say: text.Say("desk.search.missing")}
	}
	if len([]rune(query)) > longestQuery {
		return msg.Message{}, &wrong{say: text.Say("desk.search.long", "max", longestQuery)}
	}
	l := listing{title: text.Say("desk.search.title", "words", query), line: "search " + query,
		fetch: func(ctx context.Context, after store.Cursor, limit int) ([]bot.Proposal, error) {
			return d.DB.Search(ctx, query, after, limit)
		}}
	m, err := d.page(ctx, r, l)
	if err == nil && len(m.Blocks) == 1 && r.After == "" {
		m.Blocks = append(m.Blocks, msg.Text{Body: d.say("desk.search.hint")})
	}
	return m, err
}

func idOf(p bot.Proposal) string { return strconv.FormatInt(int64(p.ID), 10) }
