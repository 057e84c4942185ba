package coordinator

import (
	"cmp"
	"context"
	"strings"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// under places a message in the thread of the reader's card. Where the card stands nowhere, or has stayed behind in another room,
// it comes first: what is said about a proposal stands under its card, whatever the proposal's state. This is how the cards of
// what has ended move, one by one as something happens about them, and a start with a new profile need not look at the archive.
func (c *Coordinator) under(ctx context.Context, r *store.Reader, d store.Delivery, m msg.Message) (outbox.Parcel, error) {
	p, department := place(d)
	parcel := outbox.Parcel{To: c.channel(department), Message: m}
	card, err := r.Card(ctx, p, department)
	switch {
	case err == nil:
		parcel.To, parcel.Thread = card.Channel, card.TS
		if c.reads(department) {
			parcel.First, parcel.Moves = card.Elsewhere(), cmp.Or(card.Now, card.Channel)
		}
		return parcel, nil
	case bot.KindOf(err) != bot.NotFound:
		return parcel, err
	}
	if parcel.First, err = c.wantsCard(ctx, r, d); err != nil {
		return parcel, err
	}
	return c.readerNow(ctx, r, parcel, department)
}

// readerNow has what stands nowhere yet go where its reader is now, whatever the profile of this process says.
func (c *Coordinator) readerNow(ctx context.Context, r *store.Reader, p outbox.Parcel, d bot.DepartmentID) (outbox.Parcel, error) {
	if !c.reads(d) {
		return p, nil
	}
	now, err := r.ChannelNow(ctx, d)
	if now != "" {
		p.To, p.Moves = now, now
	}
	return p, err
}

// wantsCard reports whether a card is to be posted before a message that has none to stand under: once. When that could not be
// posted either, the message goes to the room itself, rather than nowhere; and so does the news of what could not be delivered,
// which may be that very card.
func (c *Coordinator) wantsCard(ctx context.Context, r *store.Reader, d store.Delivery) (bool, error) {
	p, department := place(d)
	if p == 0 || d.Kind == ledger.KindAlarm || !c.reads(department) {
		return false, nil
	}
	n, err := r.CardsFor(ctx, d, ledger.KindCard)
	return n == 0, err
}

// cardsAtMost is how often a card is posted for one message whose card is deleted again and again.
const cardsAtMost = 3

// cardFirst is the card that a message needs; where the one that stood is gone, it is forgotten.
func (c *Coordinator) cardFirst(ctx context.Context, tx *store.Tx, d store.Delivery, gone store.Posted) ([]store.Delivery, error) {
	n, err := tx.CardsFor(ctx, d, ledger.KindCard)
	if err == nil && n >= cardsAtMost {
		err = bot.Refuse(bot.Conflict, "delivery.failed")
	}
	if err != nil {
		return nil, err
	}
	p, department := place(d)
	card, err := c.ledger.CardAnew(ctx, tx, p, department, gone, d.Event)
	if err != nil {
		return nil, err
	}
	card.Args["under"] = d.ID.String()
	return []store.Delivery{card}, nil
}

// composeMoved takes the buttons from what has stayed behind in a room that its reader has left, and says where it is now. Nothing
// else is said there: nobody knows who reads that room by now.
func (c *Coordinator) composeMoved(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	id, department := place(d)
	p, err := r.Proposal(ctx, id)
	parcel := outbox.Parcel{To: d.Args["channel"], Update: d.Args["ts"], Bygone: true}
	line := c.words.Say(c.moved("card.moved", p, department))
	if d.Args["message"] != "" {
		line = c.say("unfiled.moved", "where", c.desk.Name)
	}
	parcel.Message = plain(line)
	return parcel, err
}

// behind reports whether a button of a card was pressed in a room that its reader has left. What a command answers may be pressed
// wherever that was typed.
func (c *Coordinator) behind(p Press) bool {
	ofCard := strings.HasPrefix(p.Press.Do, "proposal.") || p.Press.Do == "verdict"
	if !ofCard || p.Alone || p.Channel == "" || p.Channel == c.desk.Channel {
		return false
	}
	if d := departmentOf(p.Press); c.reads(d) && d != "" {
		return p.Channel != c.channel(d)
	}
	_, current := c.desk.DepartmentOf(p.Channel)
	return !current
}

// follow refuses what was pressed on a card that has stayed behind, says where it is now, and sees to it that it is there.
func (c *Coordinator) follow(ctx context.Context, p Press) error {
	d, err := c.cardOf(ctx, p)
	if err != nil {
		return err
	}
	var now bot.Proposal
	err = c.db.InTx(ctx, func(tx *store.Tx) (err error) {
		now, err = c.ledger.Follow(ctx, tx, p.ID, proposalOf(p.Press), d)
		return err
	})
	if err != nil {
		return err
	}
	return &bot.Error{Kind: bot.Conflict, Say: c.moved("coordinator.moved", now, d), Sure: true}
}

// cardOf tells whose card a button was pressed on. Where nothing says so any more, it is the one that the presser reads.
func (c *Coordinator) cardOf(ctx context.Context, p Press) (bot.DepartmentID, error) {
	if d := departmentOf(p.Press); d != "" && c.reads(d) {
		return d, nil
	}
	if at, err := c.db.CardAt(ctx, p.Channel, p.TS); err == nil && c.reads(at.Department) {
		return at.Department, nil
	} else if err != nil && bot.KindOf(err) != bot.NotFound {
		return "", err
	}
	return c.readsAs(ctx, p)
}

// moved words where a card is now.
func (c *Coordinator) moved(key string, p bot.Proposal, d bot.DepartmentID) text.Line {
	where := c.desk.Name
	if d != "" {
		where, _ = c.desk.DepartmentName(d)
	}
	return text.Say(key, "number", p.Number, "where", where)
}
