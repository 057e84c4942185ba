package desk

import (
	"context"
	"regexp"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// assign makes a member of the desk the owner of a proposal.
func (d *Desk) assign(ctx context.Context, r request) (msg.Message, error) {
	p, err := d.proposal(ctx, r)
	if err != nil {
		return msg.Message{}, err
	}
	owner, err := d.colleague(ctx, r, p)
	if err != nil {
		return msg.Message{}, err
	}
	return d.change(ctx, r, p, func(tx *store.Tx) (text.Line, error) {
		_, err := d.Ledger.Assign(ctx, tx, r.ID, p.ID, r.Actor, owner)
		return text.Say("desk.assign.done", "number", p.Number, "name", d.People.Name(ctx, owner)), err
	})
}

// userMention is how Slack writes a person who was picked from its list.
// https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
var userMention = regexp.MustCompile(`^<@([UW][A-Z0-9]+)[|>]`)

// colleague reads who is meant: a mention of somebody at the desk, or oneself.
func (d *Desk) colleague(ctx context.Context, r request, p bot.Proposal) (string, error) {
	if len(r.words) < 2 {
		return "", &wrong{say: text.Say("desk.assign.missing"), near: lines("assign " + p.Number + " " + d.Words.Words("desk.word.me")[0])}
	}
	if slices.ContainsFunc(d.Words.Words("desk.word.me"), func(w string) bool { return form.Fold(w) == form.Fold(r.words[1]) }) {
		return r.Actor.ID, nil
	}
	m := userMention.FindStringSubmatch(r.words[1])
	if m == nil {
		return "", &wrong{say: text.Say("desk.assign.mention", "typed", short(r.words[1])), near: lines("assign " + p.Number + " " + d.Words.Words("desk.word.me")[0])}
	}
	who, err := d.People.Actor(ctx, m[1], "")
	if err != nil {
		return "", err
	}
	if !who.AtDesk() {
		return "", &wrong{say: text.Say("ledger.not_at_desk")}
	}
	return m[1], nil
}
