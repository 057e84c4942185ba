package coordinator

import (
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// replyMax is the length of a reply in characters: what a Slack input takes, and well within one LINE text.
const replyMax = 3000

// openReply opens the only dialog whose words can reach an organization.
func (c *Coordinator) openReply(ctx context.Context, p Press) (Reaction, error) {
	now, err := c.db.Proposal(ctx, proposalOf(p.Press))
	if err != nil {
		return Reaction{}, err
	}
	if err := ledger.May(now, ledger.Role(p.Actor), proposal.Replied); err != nil {
		return Reaction{}, err
	}
	if err := c.reachable(ctx, now); err != nil {
		return Reaction{}, err
	}
	return Reaction{Open: &msg.Screen{
		Title: c.say("modal.reply.title"), Submit: c.say("modal.reply.preview"), Close: c.say("modal.close"),
		Then:   msg.Do("proposal.reply", "proposal", p.Press.Args.Get("proposal")),
		Blocks: []msg.Block{msg.Text{Body: c.heading(now)}, msg.Text{Body: c.say("modal.reply.note")}},
		Inputs: []msg.Input{{ID: "body", Kind: msg.InputLong, Label: c.say("modal.reply.body"), Hint: c.say("modal.reply.hint"), Max: replyMax}},
	}}, nil
}

// reachable refuses before anything is typed when the organization has blocked the account.
func (c *Coordinator) reachable(ctx context.Context, p bot.Proposal) error {
	blocked, err := c.blocked(ctx, p)
	if blocked {
		return bot.Refuse(bot.Conflict, "delivery.blocked")
	}
	return err
}

func (c *Coordinator) blocked(ctx context.Context, p bot.Proposal) (bool, error) {
	contact, err := c.db.Contact(ctx, p.Contact)
	return contact.Blocked, err
}

// unreachable says that what is about to go does not arrive now: a proposal may end all the same.
func (c *Coordinator) unreachable(ctx context.Context, p bot.Proposal) ([]msg.Block, error) {
	blocked, err := c.blocked(ctx, p)
	if !blocked {
		return nil, err
	}
	return []msg.Block{msg.Text{Body: c.say("delivery.unreachable")}}, nil
}

// previewReply keeps the words and shows them with the recipient; nothing has gone out yet.
func (c *Coordinator) previewReply(ctx context.Context, s Submission) (Response, error) {
	return c.preview(ctx, s, ledger.Reply{
		Proposal: proposalOf(s.Press), By: s.Actor, Body: strings.TrimSpace(s.Values.First("body")),
	})
}

func (c *Coordinator) preview(ctx context.Context, s Submission, r ledger.Reply) (Response, error) {
	if r.Body == "" {
		return Response{Faults: map[string]text.Line{"body": text.Say("modal.reply.body_missing")}}, nil
	}
	var m store.Message
	err := c.db.InTx(ctx, func(tx *store.Tx) (err error) {
		m, err = c.ledger.Write(ctx, tx, r)
		return err
	})
	if err != nil {
		return Response{}, err
	}
	screen, err := c.confirmation(ctx, m, nil)
	return Response{Show: screen, Back: true}, err
}

// confirmation shows recipient and exact words, and offers to send them. It remembers the newest reply the author has
// seen, so that two replies never cross unnoticed.
func (c *Coordinator) confirmation(ctx context.Context, m store.Message, warning *text.Line) (*msg.Screen, error) {
	p, err := c.db.Proposal(ctx, m.Proposal)
	if err != nil {
		return nil, err
	}
	seen, err := c.db.LastReply(ctx, p.ID)
	if err != nil && bot.KindOf(err) != bot.NotFound {
		return nil, err
	}
	notes := []string{c.say("modal.send.proposal", "number", p.Number, "title", p.Title)}
	if names := onlySlacks(m.Body); len(names) > 0 {
		notes = append(notes, c.say("modal.send.emoji", "names", strings.Join(names, " ")))
	}
	blocks := []msg.Block{msg.Card{Title: c.recipient(p), Body: m.Body, Notes: notes}}
	if m.Ends != "" {
		blocks = append(blocks, msg.Text{Body: c.say("modal.send.ends", "number", p.Number, "state", text.Say(m.Ends.Key()))})
	}
	unreachable, err := c.unreachable(ctx, p)
	if err != nil {
		return nil, err
	}
	blocks = append(unreachable, blocks...)
	if warning != nil {
		blocks = append([]msg.Block{msg.Text{Body: c.words.Say(*warning)}}, blocks...)
	}
	return &msg.Screen{
		Title: c.say("modal.send.title"), Submit: c.say("modal.send.submit"), Close: c.say("modal.back"),
		Then:   c.asOf(msg.Do("proposal.send", "proposal", id(p.ID), "message", id(m.ID), "seen", id(seen.ID)), p),
		Blocks: blocks,
	}, nil
}

// recipient is to whom words or a notice go.
func (c *Coordinator) recipient(p bot.Proposal) string {
	return c.say("modal.send.to", "organization", p.Organization, "name", p.ContactName)
}

// send is the confirmation: the words go out once, unless anything has happened to the proposal since, such as somebody
// else's reply; then that is shown first.
func (c *Coordinator) send(ctx context.Context, s Submission) (Response, error) {
	message := bot.MessageID(s.Press.Int("message"))
	moved := false
	err := c.db.InTx(ctx, func(tx *store.Tx) (err error) {
		if moved, err = c.over(ctx, tx, s.Press); moved || err != nil {
			return err
		}
		_, err = c.ledger.Send(ctx, tx, s.ID, s.Actor, message, bot.MessageID(s.Press.Int("seen")))
		return err
	})
	if moved && err == nil {
		return c.askAgain(ctx, s.Actor, message, bot.MessageID(s.Press.Int("seen")))
	}
	return Response{}, err
}

// askAgain shows the confirmation once more, with what has happened since; sent once, the words go no second time.
func (c *Coordinator) askAgain(ctx context.Context, by bot.Actor, message, seen bot.MessageID) (Response, error) {
	m, err := c.db.Message(ctx, message)
	if err != nil || m.Confirmed {
		return Response{}, err
	}
	if m.Author != by.ID || !m.Out {
		return Response{}, bot.Refuse(bot.Forbidden, "ledger.not_your_reply")
	}
	now, err := c.db.Proposal(ctx, m.Proposal)
	if err != nil {
		return Response{}, err
	}
	if err := ledger.May(now, ledger.Role(by), ledger.Sending(m)); err != nil {
		return Response{}, err
	}
	warning, err := c.since(ctx, now, seen)
	if err != nil {
		return Response{}, err
	}
	screen, err := c.confirmation(ctx, m, &warning)
	return Response{Show: screen}, err
}

// since says what has happened since a confirmation was shown: first of all that somebody else has replied.
func (c *Coordinator) since(ctx context.Context, p bot.Proposal, seen bot.MessageID) (text.Line, error) {
	last, err := c.db.LastReply(ctx, p.ID)
	switch {
	case err == nil && last.ID != seen:
		return text.Say("modal.send.replied_before", "name", c.people.Name(ctx, last.Author)), nil
	case err != nil && bot.KindOf(err) != bot.NotFound:
		return text.Line{}, err
	}
	now, err := c.holds(ctx, p)
	return text.Plain(now), err
}
