package coordinator

import (
	"context"
	"io"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// composeMessage carries what the organization wrote into a thread, to the letter. One it has taken back is changed
// in place to say so.
func (c *Coordinator) composeMessage(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	m, err := r.MessageOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	p, err := r.Proposal(ctx, m.Proposal)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if err := c.takesPart(ctx, r, d, m.SaidAt); err != nil && !m.Unsent {
		return outbox.Parcel{}, err
	}
	_, department := place(d)
	words := c.written(p, m)
	if department == "" && !m.Unsent {
		words.Calls = p.Owner // the owner alone; what stands in a thread notifies nobody by itself
	}
	parcel, err := c.under(ctx, r, d, words)
	if err != nil {
		return parcel, err
	}
	posted, err := r.PostedAs(ctx, d)
	if err == nil && m.Unsent && posted.TS == "" && department != "" {
		return parcel, bot.Refuse(bot.NotFound, "error.not_found") // it never stood there
	}
	return where(parcel, posted), err
}

// where makes of a parcel a change of what stands already, if it does.
func where(p outbox.Parcel, posted store.Posted) outbox.Parcel {
	if posted.TS != "" {
		p.To, p.Update, p.First = posted.Channel, posted.TS, false
	}
	return p
}

func (c *Coordinator) written(p bot.Proposal, m store.Message) msg.Message {
	author := c.say("message.from", "organization", p.Organization, "name", p.ContactName, "at", c.at(m.CreatedAt))
	if m.Unsent {
		line := c.say("message.unsent", "author", author)
		return msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}}
	}
	return msg.Message{Alt: author, Blocks: []msg.Block{msg.Quote{Author: author, Body: m.Body}}}
}

// composeFile hands a stored file to a thread, or says that one which was announced did not come. One that was taken back
// goes nowhere any more.
func (c *Coordinator) composeFile(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	f, err := r.FileOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if f.Message != 0 {
		if err := c.takesPart(ctx, r, d, f.CreatedAt); err != nil {
			return outbox.Parcel{}, err
		}
	}
	switch {
	case f.Name == "": // taken back
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	case f.State != store.FileStored:
		line := c.say("message.file_missing", "name", f.Name)
		return c.under(ctx, r, d, msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}})
	}
	line := c.say("message.file") // Slack shows the name with the file, and forgets it with the file
	parcel, err := c.under(ctx, r, d, msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}})
	parcel.File = &outbox.File{Name: f.Name, Type: f.Type, Size: f.Size, Open: func(ctx context.Context) (io.ReadCloser, error) {
		return r.OpenFile(ctx, f.ID), nil
	}}
	return parcel, err
}
