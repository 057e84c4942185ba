package concierge

import (
	"context"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// receipt is what one gets for a submission: the number, what happens next, and the date by which the desk answers.
func (c *Concierge) receipt(p bot.Proposal) msg.Message {
	title := c.say("concierge.receipt.title", "number", p.Number)
	return msg.Message{
		Alt: title,
		Blocks: []msg.Block{msg.Card{
			Title: title, State: c.words.Say(text.Say(p.State.Key())), Tone: msg.Good,
			Body: c.say("concierge.receipt.body." + string(p.Kind)),
			Rows: []msg.Row{
				{Label: c.say("concierge.receipt.subject"), Value: p.Title},
				{Label: c.say("concierge.receipt.answer"), Value: c.say("concierge.receipt.by", "day", c.replyBy(p))},
			},
			Notes: []string{c.say("concierge.receipt.note")},
		}},
		Choices: []msg.Button{c.door("menu.status", ""), c.door("menu.propose", ""), c.door("menu.help", "")},
	}
}

// replyBy is the date by which the desk answers: the profile's working days from receipt.
func (c *Concierge) replyBy(p bot.Proposal) time.Time {
	return c.desk.AnswerBy(p.ReceivedAt).In(c.desk.Location)
}

// arrivedBoth is what has come if it is words and files; else it is the kind of the message.
const arrivedBoth = "both"

// acknowledge answers that words or a file (what) have come to the city. Whoever does not read this sends it again, so
// it matters.
func (t *turn) acknowledge(p bot.Proposal, what string) {
	args := map[string]string{"proposal": id(p.ID), "what": what}
	if !t.desk.Calendar.Open(t.tx.Now) {
		args["day"] = t.desk.AnswerBy(t.tx.Now).In(t.desk.Location).Format(time.DateOnly)
	}
	t.reply(answer{kind: KindArrived, args: args, matters: true, about: p.ID, message: t.arrived(p, args)})
}

// arrived says that words have reached the city, or that a file is on its way there once it has been looked at, and
// outside office hours by when the desk answers.
func (c *Concierge) arrived(p bot.Proposal, args map[string]string) msg.Message {
	key := "concierge.arrived"
	switch args["what"] {
	case string(store.MessageFile):
		key = "concierge.arrived_file"
	case arrivedBoth:
		key = "concierge.arrived_both"
	}
	words := c.say(key, "number", p.Number, "title", p.Title)
	if day, err := time.ParseInLocation(time.DateOnly, args["day"], c.desk.Location); err == nil {
		words += "\n" + c.say("concierge.closed", "day", day)
	}
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Text{Body: words}}, Choices: c.doors()}
}

// composeState tells the organization that its proposal has moved.
func (c *Concierge) composeState(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, err := r.Proposal(ctx, proposalOf(d))
	if err != nil {
		return outbox.Parcel{}, err
	}
	e, err := r.EntryOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	return c.parcel(d, c.moved(p, e)), nil
}

// moved tells that a proposal is in another state now: with the date of a hold or, reopened, of the answer, and with another
// door where it ends.
func (c *Concierge) moved(p bot.Proposal, e store.Entry) msg.Message {
	to := e.To
	title := c.say("concierge.moved", "number", p.Number, "title", p.Title, "state", text.Say(to.Key()))
	card := msg.Card{Title: title, State: c.words.Say(text.Say(to.Key())), Body: c.say("concierge.state." + string(to))}
	if to == proposal.OnHold && p.State == to {
		card.Rows = []msg.Row{{Label: c.say("concierge.status.next"), Value: c.say("card.day", "day", p.NextDate)}}
	}
	if e.Event == proposal.Reopened && ledger.AwaitsAnswer(to) {
		card.Rows = []msg.Row{{Label: c.say("concierge.status.answer"), Value: c.say("card.day", "day", c.desk.AnswerBy(e.At).In(c.desk.Location))}}
	}
	m := msg.Message{Alt: title, Blocks: []msg.Block{card}, Choices: c.doors()}
	if to == proposal.OutOfScope || to == proposal.HandedOff {
		m.Blocks = append(m.Blocks, msg.Text{Body: c.say("concierge.other_doors", "phone", c.desk.Phone)})
	}
	return m
}

// composeReply is a confirmed reply or decline. What has not been confirmed never goes: for it there is nothing to say.
func (c *Concierge) composeReply(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	m, err := r.MessageOf(ctx, d)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if !m.Out || !m.Confirmed {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	if err := reachable(ctx, r, m.Contact); err != nil {
		return outbox.Parcel{}, err
	}
	p, err := r.Proposal(ctx, m.Proposal)
	if err != nil {
		return outbox.Parcel{}, err
	}
	out := c.replied(p, m)
	if m.Kind == store.MessageReply {
		err = c.pauseFirst(ctx, r, d.Lane.Chat(), &out)
	}
	return c.parcel(d, out), err
}

// reachable sets words aside that nobody would read, so that the desk can send them when the account is unblocked.
func reachable(ctx context.Context, r *store.Reader, id bot.ContactID) error {
	contact, err := r.Contact(ctx, id)
	if err == nil && contact.Blocked {
		err = bot.Refuse(bot.Conflict, "delivery.blocked")
	}
	return err
}

// pauseFirst warns whoever is in the middle of a form, where what is written next is an answer to its question.
func (c *Concierge) pauseFirst(ctx context.Context, r *store.Reader, user string, m *msg.Message) error {
	talk, st, err := c.read(ctx, r, user)
	if err != nil || !st.asking() {
		return err
	}
	pause := msg.Button{
		Label: c.say(form.DoPause.Key()),
		Press: page{c, form.Prompt{}, talk.Draft, st.Shown}.verb(form.DoPause, form.Prompt{Revision: st.Form.Revision}),
	}
	note := c.say("concierge.out.reply.note_asking", "form", c.formTitle(st.Form.Form), "pause", pause.Label)
	m.Blocks[len(m.Blocks)-1] = msg.Text{Body: note}
	m.Choices = append([]msg.Button{pause}, m.Choices...)
	return nil
}

func (c *Concierge) replied(p bot.Proposal, m store.Message) msg.Message {
	title := c.say("concierge.out."+string(m.Kind)+".title", "desk", c.desk.Name, "number", p.Number, "title", p.Title)
	return msg.Message{
		Alt:     title,
		Blocks:  []msg.Block{msg.Text{Body: title}, msg.Quote{Body: m.Body}, msg.Text{Body: c.say("concierge.out." + string(m.Kind) + ".note")}},
		Choices: c.doors(),
	}
}

// settleReply shows in the threads that the words were sent, or why not. LINE says well of a push to somebody who has
// blocked us, though nobody reads it. https://developers.line.biz/en/reference/messaging-api/#send-push-message
func (c *Concierge) settleReply(ctx context.Context, tx *store.Tx, d store.Delivery, _ outbox.Receipt, fault error) error {
	key := ""
	if fault != nil {
		key = whyNot(fault)
	} else if talk, err := tx.TalkOf(ctx, d.Lane.Chat()); err != nil {
		return err
	} else if talk.Blocked {
		key = "delivery.blocked"
	}
	return c.ledger.Sent(ctx, tx, d.Event, proposalOf(d), d.Args["message"], key)
}
