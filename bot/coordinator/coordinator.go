// Package coordinator is the city's side of the talk: cards with buttons, modals, referrals and verdicts, replies written,
// previewed and confirmed, and what each of them tells to whom.
//
// It never knows Slack's wire format, never speaks to LINE, and changes facts only through bot/ledger. Begin reading with
// Coordinator.Press and Coordinator.Submit.
package coordinator

import (
	"context"
	"fmt"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/rights"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// People tells what staff are called and who they are; handlers/slack does. An unknown one is shown by its id.
type People interface {
	Name(ctx context.Context, slackUser string) string
	Actor(ctx context.Context, slackUser, team string) (bot.Actor, error)
	// Absent tells whether somebody is still of the desk; an error if that cannot be told now.
	Absent(ctx context.Context, slackUser string) (bot.Absence, error)
}

// Coordinator answers staff on cards and in modals.
type Coordinator struct {
	db     *store.DB
	ledger *ledger.Ledger
	desk   *bot.Desk
	words  *text.Catalogue
	people People
	cards  *card.Cards
	does   map[string]action
}

// New makes the coordinator of a desk.
func New(db *store.DB, l *ledger.Ledger, desk *bot.Desk, words *text.Catalogue, people People) *Coordinator {
	c := &Coordinator{db: db, ledger: l, desk: desk, words: words, people: people, cards: card.New(desk, words, people)}
	c.does = c.actions()
	return c
}

// action is what a button does: what pressing does, what submitting its modal does. Whom it is for says rights.Table.
type action struct {
	press  func(context.Context, Press) (Reaction, error)
	submit func(context.Context, Submission) (Response, error)
}

// actions is the table of all buttons on cards and in modals.
func (c *Coordinator) actions() map[string]action {
	return map[string]action{
		"proposal.take":    {press: c.take},
		"proposal.assign":  {press: c.openAssign, submit: c.assign},
		"proposal.refer":   {press: c.openRefer, submit: c.refer},
		"proposal.forward": {press: c.forward},
		"proposal.reply":   {press: c.openReply, submit: c.previewReply},
		"proposal.waive":   {press: c.waive},
		"proposal.decline": {press: c.openDecline, submit: c.previewDecline},
		"proposal.send":    {submit: c.send},
		"proposal.move":    {press: c.openMove, submit: c.move},
		"proposal.details": {press: c.openDetails},
		"verdict":          {press: c.openVerdict, submit: c.verdict},
		"message.file":     {press: c.file},
		"message.choose":   {press: c.openChoose, submit: c.choose},
		"delivery.release": c.letter(release()),
		"delivery.drop":    c.letter(drop()),
	}
}

// Press answers a button. Errors are *bot.Error; its Say is for the presser alone.
func (c *Coordinator) Press(ctx context.Context, p Press) (Reaction, error) {
	a, err := c.allowed(ctx, p.Actor, p.Press)
	if err != nil {
		return Reaction{}, err
	}
	if a.press == nil {
		return Reaction{}, bot.Refuse(bot.Invalid, "coordinator.unknown")
	}
	if c.behind(p) {
		return Reaction{}, c.follow(ctx, p)
	}
	r, err := a.press(ctx, p)
	if err != nil || r.Open != nil || !r.Say.Empty() || p.TS == "" {
		return r, err
	}
	return c.seen(ctx, p)
}

// seen says that it was done to somebody who pressed elsewhere than on the card itself, where it shows: on a copy that a
// command gave, nothing changes.
func (c *Coordinator) seen(ctx context.Context, p Press) (Reaction, error) {
	_, err := c.db.CardAt(ctx, p.Channel, p.TS)
	if bot.KindOf(err) != bot.NotFound {
		return Reaction{}, err
	}
	return Reaction{Say: text.Say("coordinator.done")}, nil
}

// Submit answers a filled-in modal. Errors are *bot.Error; its Say is for the submitter alone.
func (c *Coordinator) Submit(ctx context.Context, s Submission) (Response, error) {
	a, err := c.allowed(ctx, s.Actor, s.Press)
	if err != nil {
		return Response{}, err
	}
	if a.submit == nil {
		return Response{}, bot.Refuse(bot.Invalid, "coordinator.unknown")
	}
	r, err := a.submit(ctx, s)
	return r, overtaken(err)
}

// overtaken adds to the refusal of a step, which was possible when the modal was opened, how to go on.
func overtaken(err error) error {
	why := bot.SayOf(err)
	if bot.KindOf(err) != bot.Conflict || why.Key != "ledger.not_now" {
		return err
	}
	return &bot.Error{Kind: bot.Conflict, Say: text.Say("coordinator.overtaken", "why", why), Err: err, Sure: true}
}

// allowed finds the action of a button and refuses whom it is not for.
func (c *Coordinator) allowed(ctx context.Context, by bot.Actor, p msg.Press) (action, error) {
	a, ok := c.does[p.Do]
	if !ok {
		return a, bot.Refuse(bot.Invalid, "coordinator.unknown")
	}
	switch {
	case rights.May(rights.Of(by, false), p.Do):
		return a, nil
	case rights.May(rights.Of(by, true), p.Do):
		return a, c.wasAsked(ctx, by, bot.ProposalID(p.Int("proposal")))
	}
	return a, bot.Refuse(bot.Forbidden, "error.forbidden")
}

// wasAsked refuses staff of departments that were not asked about the proposal: for them it does not exist.
func (c *Coordinator) wasAsked(ctx context.Context, by bot.Actor, id bot.ProposalID) error {
	referrals, err := c.db.Referrals(ctx, id)
	if err != nil {
		return fmt.Errorf("look up referrals of proposal %d: %w", id, err)
	}
	for _, f := range referrals {
		if by.Of(f.Department) {
			return nil
		}
	}
	return bot.Refuse(bot.Forbidden, "error.forbidden")
}

// once runs do in one transaction, unless the interaction was taken before.
func (c *Coordinator) once(ctx context.Context, event string, do func(*store.Tx) error) error {
	return c.db.InTx(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Take(ctx, event)
		if err != nil || !fresh {
			return err
		}
		return do(tx)
	})
}

// say words a line of the catalogue: say("card.owner", "name", n).
func (c *Coordinator) say(key string, args ...any) string { return c.words.Say(text.Say(key, args...)) }

func proposalOf(p msg.Press) bot.ProposalID { return bot.ProposalID(p.Int("proposal")) }

func departmentOf(p msg.Press) bot.DepartmentID { return bot.DepartmentID(p.Args.Get("department")) }
