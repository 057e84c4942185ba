package coordinator

import (
	"context"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// mostOpen is how many proposals the desk may choose from with buttons.
const mostOpen = 10

// composeUnfiled shows the desk what an organization wrote without saying which proposal it means, with a button for each
// that it may mean. Once that is known, the message is changed in place to say so.
func (c *Coordinator) composeUnfiled(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	n, err := strconv.ParseInt(d.Args["message"], 10, 64)
	if err != nil {
		return outbox.Parcel{}, err
	}
	m, err := r.Message(ctx, bot.MessageID(n))
	if err != nil {
		return outbox.Parcel{}, err
	}
	posted, err := r.PostedAs(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	parcel := where(outbox.Parcel{To: c.desk.Channel}, posted)
	if parcel.Update == "" && (m.Proposal != 0 || m.Unsent) {
		return parcel, bot.Refuse(bot.NotFound, "error.not_found") // it never stood there
	}
	parcel.Message, err = c.unfiled(ctx, r, m)
	return parcel, err
}

func (c *Coordinator) unfiled(ctx context.Context, r *store.Reader, m store.Message) (msg.Message, error) {
	contact, err := r.Contact(ctx, m.Contact)
	if err != nil {
		return msg.Message{}, err
	}
	author := c.say("message.from", "organization", contact.Organization, "name", contact.Name, "at", c.at(m.CreatedAt))
	if m.Unsent {
		return plain(c.say("message.unsent", "author", author)), nil
	}
	if m.Proposal != 0 {
		p, err := r.Proposal(ctx, m.Proposal)
		return plain(c.say("unfiled.filed", "author", author, "number", p.Number)), err
	}
	open, err := r.ProposalsOf(ctx, m.Contact, true, mostOpen)
	out := plain(c.say("unfiled.line", "organization", contact.Organization))
	out.Blocks = append(out.Blocks, msg.Quote{Author: author, Body: m.Body})
	for _, p := range open {
		out.Choices = append(out.Choices, msg.Button{
			Label: c.say("unfiled.button", "number", p.Number, "title", p.Title),
			Press: msg.Do("message.file", "message", id(m.ID), "proposal", id(p.ID)),
		})
	}
	return out, err
}

// plain is a message of one line.
func plain(line string) msg.Message {
	return msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}}
}

// file says which proposal a message is about.
func (c *Coordinator) file(ctx context.Context, p Press) (Reaction, error) {
	var now bot.Proposal
	err := c.once(ctx, p.ID, func(tx *store.Tx) (err error) {
		now, err = c.ledger.File(ctx, tx, p.ID, proposalOf(p.Press), bot.MessageID(p.Press.Int("message")))
		return err
	})
	if err != nil || now.Number == "" {
		return Reaction{}, err
	}
	return Reaction{Say: text.Say("unfiled.done", "number", now.Number)}, nil
}
