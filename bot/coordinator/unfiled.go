package coordinator

import (
	"context"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// mostButtons is how many proposals the desk may choose from with buttons, mostListed from a list: what Slack's holds.
const mostButtons, mostListed = 10, 100

// composeUnfiled shows the desk what an organization wrote without saying which proposal it means, with a button for each
// that it may mean. Once that is known, the message is changed in place to say so.
func (c *Coordinator) composeUnfiled(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	m, err := r.MessageOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	posted, err := r.PostedAs(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if m.Proposal == 0 && !m.Unsent && posted.Channel != c.desk.Channel {
		posted = store.Posted{} // the desk has moved, and still has to say what it is about
	}
	parcel := where(outbox.Parcel{To: c.desk.Channel}, posted)
	if parcel.Update == "" && (m.Proposal != 0 || m.Unsent) {
		return parcel, bot.Refuse(bot.NotFound, "error.not_found") // it never stood there
	}
	parcel.Message, err = c.unfiled(ctx, r, m)
	return parcel, err
}

// settleUnfiled takes the buttons from where the message stood before the desk has moved.
func (c *Coordinator) settleUnfiled(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
	if fault != nil {
		return c.alarm(tx, d, fault)
	}
	before, err := tx.PostedAs(ctx, d)
	if err != nil || before.TS == "" || before.TS == r.TS {
		return err
	}
	strip := ledger.Stripped(d.Event, d.Proposal, "", before)
	strip.Args["message"] = d.Args["message"]
	return tx.Put(strip)
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
	out := plain(c.say("unfiled.line", "organization", contact.Organization))
	out.Blocks = append(out.Blocks, msg.Quote{Author: author, Body: m.Body})
	out.Choices, err = c.candidates(ctx, r, m)
	return out, err
}

// candidates are the buttons of the proposals that a message may be about: the open ones first, then those that have ended, to
// which words go as well, and where there are more of them, all in a list.
func (c *Coordinator) candidates(ctx context.Context, r *store.Reader, m store.Message) ([]msg.Button, error) {
	all, err := r.StandingOf(ctx, m.Contact, 0, mostButtons+1)
	if err != nil {
		return nil, err
	}
	var out []msg.Button
	for _, p := range all[:min(len(all), mostButtons)] {
		out = append(out, msg.Button{Label: c.called(p), Press: msg.Do("message.file", "message", id(m.ID), "proposal", id(p.ID), "r", id(p.Revision))})
	}
	if len(all) > mostButtons {
		out = append(out, msg.Button{Label: c.say("unfiled.more"), Press: msg.Do("message.choose", "message", id(m.ID))})
	}
	return out, nil
}

// called names a proposal to be chosen from: of one that has ended, how it did.
func (c *Coordinator) called(p bot.Proposal) string {
	if proposal.Open(p.State) {
		return c.say("unfiled.button", "number", p.Number, "title", p.Title)
	}
	return c.say("unfiled.ended", "number", p.Number, "title", p.Title, "state", text.Say(p.State.Key()))
}

// plain is a message of one line.
func plain(line string) msg.Message {
	return msg.Message{Alt: line, Blocks: []msg.Block{msg.Text{Body: line}}}
}

// file says which proposal a message is about. Where that has moved on since the button was made, the whole list is asked.
func (c *Coordinator) file(ctx context.Context, p Press) (Reaction, error) {
	over, done, err := c.fileTo(ctx, p.ID, p.Press.Shown(c.db.Now()), proposalOf(p.Press))
	if !over || err != nil {
		return Reaction{Say: done}, err
	}
	screen, err := c.chooseAgain(ctx, p.Press, msg.Values{"proposal": {p.Press.Args.Get("proposal")}})
	return Reaction{Open: screen}, err
}

func (c *Coordinator) fileTo(ctx context.Context, event string, p msg.Press, to bot.ProposalID) (over bool, done text.Line, err error) {
	var now bot.Proposal
	over, err = c.fresh(ctx, event, p, func(tx *store.Tx) (err error) {
		now, err = c.ledger.File(ctx, tx, event, to, bot.MessageID(p.Int("message")))
		return err
	})
	if over || err != nil || now.Number == "" {
		return over, text.Line{}, err
	}
	return false, text.Say("unfiled.done", "number", now.Number), nil
}

// chooseAgain is the list once more after a screen that was over: nothing was filed.
func (c *Coordinator) chooseAgain(ctx context.Context, p msg.Press, typed msg.Values) (*msg.Screen, error) {
	m, err := c.db.Message(ctx, bot.MessageID(p.Int("message")))
	if err != nil {
		return nil, err
	}
	if m.Proposal != 0 {
		return nil, bot.Refuse(bot.Conflict, "ledger.filed_before")
	}
	screen, err := c.chooseScreen(ctx, m)
	if err != nil {
		return nil, err
	}
	screen.Blocks = append([]msg.Block{msg.Text{Body: c.say("coordinator.over_list")}}, screen.Blocks...)
	screen.Inputs[0].Value = offered(screen.Inputs[0], typed["proposal"])
	return screen, nil
}

// openChoose opens the list of all proposals that a message may be about.
func (c *Coordinator) openChoose(ctx context.Context, p Press) (Reaction, error) {
	m, err := c.db.Message(ctx, bot.MessageID(p.Press.Int("message")))
	if err != nil {
		return Reaction{}, err
	}
	screen, err := c.chooseScreen(ctx, m)
	return Reaction{Open: screen}, err
}

func (c *Coordinator) chooseScreen(ctx context.Context, m store.Message) (*msg.Screen, error) {
	all, err := c.db.StandingOf(ctx, m.Contact, 0, mostListed)
	in := msg.Input{ID: "proposal", Kind: msg.InputChoice, Label: c.say("modal.choose.proposal")}
	for _, p := range all {
		in.Options = append(in.Options, msg.Option{ID: id(p.ID), Label: c.called(p)})
	}
	return &msg.Screen{
		Title: c.say("modal.choose.title"), Submit: c.say("modal.choose.submit"), Close: c.say("modal.close"),
		Then:   msg.Do("message.choose", "message", id(m.ID)).Shown(c.db.Now()),
		Blocks: []msg.Block{msg.Text{Body: c.say("modal.choose.note")}}, Inputs: []msg.Input{in},
	}, err
}

// choose takes what was picked from the list.
func (c *Coordinator) choose(ctx context.Context, s Submission) (Response, error) {
	to, err := strconv.ParseInt(s.Values.First("proposal"), 10, 64)
	if err != nil {
		return Response{Faults: map[string]text.Line{"proposal": text.Say("modal.choose.missing")}}, nil
	}
	over, done, err := c.fileTo(ctx, s.ID, s.Press, bot.ProposalID(to))
	if !over || err != nil {
		return Response{Say: done}, err
	}
	screen, err := c.chooseAgain(ctx, s.Press, s.Values)
	return Response{Show: screen}, err
}
