package coordinator

import (
	"context"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// letterDeed is what somebody does with a delivery that was set aside: send it once more, or give it up. Neither can be undone,
// so a button that has stood for a day, or whose proposal has moved on, asks first.
type letterDeed struct {
	name string // of its words: button.card.<name>
	done string // catalogue key
	do   func(*store.Tx, context.Context, uuid.UUID) (store.Lane, error)
}

func release() letterDeed {
	return letterDeed{"release", "coordinator.released", (*store.Tx).ReleaseDelivery}
}

func drop() letterDeed { return letterDeed{"drop", "coordinator.dropped", (*store.Tx).DropDelivery} }

// letter makes the action of a deed.
func (c *Coordinator) letter(deed letterDeed) action {
	return action{
		press: func(ctx context.Context, p Press) (Reaction, error) {
			say, open, err := c.treat(ctx, deed, p.ID, p.Press)
			return Reaction{Say: say, Open: open}, err
		},
		submit: func(ctx context.Context, s Submission) (Response, error) {
			say, show, err := c.treat(ctx, deed, s.ID, s.Press)
			return Response{Say: say, Show: show}, err
		},
	}
}

// treat does the deed and says so, or asks whether it is really meant.
func (c *Coordinator) treat(ctx context.Context, deed letterDeed, event string, press msg.Press) (text.Line, *msg.Screen, error) {
	delivery, err := uuid.Parse(press.Args.Get("delivery"))
	if err != nil {
		return text.Line{}, nil, bot.Refuse(bot.Invalid, "coordinator.unknown")
	}
	over, err := c.fresh(ctx, event, press, func(tx *store.Tx) error {
		_, err := deed.do(tx, ctx, delivery)
		return err
	})
	if err != nil || !over {
		return text.Say(deed.done), nil, err
	}
	screen, err := c.askLetter(ctx, deed, delivery)
	return text.Line{}, screen, err
}

// askLetter shows what was set aside, since when and why, and how its proposal stands now.
func (c *Coordinator) askLetter(ctx context.Context, deed letterDeed, delivery uuid.UUID) (*msg.Screen, error) {
	letter, err := c.db.DeadDelivery(ctx, delivery)
	if err != nil {
		return nil, err
	}
	about, err := c.db.Proposal(ctx, letter.Proposal)
	if err != nil && bot.KindOf(err) != bot.NotFound {
		return nil, err
	}
	card := msg.Card{Title: c.say("desk.dead.other"), Tone: msg.Alert, Rows: []msg.Row{
		{Label: c.say("desk.dead.since"), Value: c.say("desk.dead.at", "at", c.at(letter.CreatedAt))},
		{Label: c.say("desk.dead.why"), Value: c.words.Say(text.Say(letter.Fault))},
	}}
	blocks := []msg.Block{msg.Text{Body: c.say("coordinator.over_letter")}}
	if about.ID != 0 {
		card.Title = c.heading(about)
		now, err := c.holds(ctx, about)
		if err != nil {
			return nil, err
		}
		blocks = []msg.Block{msg.Text{Body: now}}
	}
	words := c.say("button.card." + deed.name)
	press := msg.Do("delivery."+deed.name, "delivery", delivery.String(), "proposal", id(about.ID))
	return &msg.Screen{Title: words, Submit: words, Close: c.say("modal.close"), Then: c.asOf(press, about), Blocks: append(blocks, card)}, nil
}
