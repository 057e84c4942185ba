package coordinator

import (
	"context"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/store"
)

// composeCard makes the card of the desk or of a department as it stands now: posted once, then changed in place.
func (c *Coordinator) composeCard(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	p, department := place(d)
	v, err := card.Read(ctx, r, p, department)
	if err != nil {
		return outbox.Parcel{}, err
	}
	parcel := outbox.Parcel{To: c.channel(department), Message: c.cards.Compose(ctx, v, c.db.Now())}
	stands, err := r.Card(ctx, p, department)
	current := c.reads(department)
	switch {
	case err == nil && stands.Elsewhere() && current:
		parcel.To, parcel.Moves = stands.Now, stands.Now // anew, where its reader is now: see settleCard for the one that stays behind
		return parcel, nil
	case err == nil:
		parcel.To, parcel.Update = stands.Channel, stands.TS
		return parcel, nil
	case !current:
		return parcel, err // a department that is gone gets no new card
	}
	if bot.KindOf(err) != bot.NotFound {
		return parcel, err
	}
	return c.readerNow(ctx, r, parcel, department)
}

// settleCard keeps where a card stands, so that the next change finds it. One that stood elsewhere before loses its buttons there.
func (c *Coordinator) settleCard(ctx context.Context, tx *store.Tx, d store.Delivery, r outbox.Receipt, fault error) error {
	if fault != nil {
		return c.alarm(tx, d, fault)
	}
	p, department := place(d)
	before, err := tx.Card(ctx, p, department)
	switch {
	case err == nil && (before.Channel != r.Channel || before.TS != r.TS):
		if err := c.ledger.LeftBehind(ctx, tx, d.Event, before); err != nil {
			return err
		}
	case err != nil && bot.KindOf(err) != bot.NotFound:
		return err
	}
	tx.SaveCard(store.Card{Proposal: p, Department: department, Channel: r.Channel, TS: r.TS})
	return nil
}

// button is a button worded by button.card.<name>.
func (c *Coordinator) button(name string, p msg.Press) msg.Button {
	return msg.Button{Label: c.say("button.card." + name), Press: p}
}

// channel is where a card is posted; a department the profile no longer has is read by the desk.
func (c *Coordinator) channel(d bot.DepartmentID) string {
	if dep, ok := c.desk.Department(d); ok && d != "" {
		return dep.Channel
	}
	return c.desk.Channel
}

// reads reports whether somebody reads as this department, or the desk, by the profile.
func (c *Coordinator) reads(d bot.DepartmentID) bool {
	_, current := c.desk.Department(d)
	return d == "" || current
}

// at is a moment in the desk's time zone.
func (c *Coordinator) at(t time.Time) time.Time { return t.In(c.desk.Location) }

// place reads from a delivery which proposal it is about and who reads it.
func place(d store.Delivery) (bot.ProposalID, bot.DepartmentID) {
	n, _ := strconv.ParseInt(d.Args["proposal"], 10, 64)
	return bot.ProposalID(n), bot.DepartmentID(d.Args["department"])
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
