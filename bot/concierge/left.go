package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/outbox"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// composeReminder tells a person of a draft that was left alone, and when it will go. To whoever has come back to it
// since, or has ended it, there is nothing to say.
func (c *Concierge) composeReminder(ctx context.Context, r *store.Reader, d store.Delivery) (outbox.Parcel, error) {
	talk, st, err := c.read(ctx, r, d.Lane.Chat())
	if err != nil {
		return outbox.Parcel{}, err
	}
	if st.Form == nil || id(talk.Draft) != d.Args["draft"] {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	draft, err := r.Draft(ctx, talk.Draft)
	if err != nil {
		return outbox.Parcel{}, err
	}
	if draft.TouchedAt.After(draft.RemindedAt) {
		return outbox.Parcel{}, bot.Refuse(bot.NotFound, "error.not_found")
	}
	return c.parcel(d, c.reminder(draft, *st.Form)), nil
}

// reminder says until when a draft is kept, with the ways to go on and to give it up.
func (c *Concierge) reminder(d store.Draft, s form.Session) msg.Message {
	words := c.say("concierge.left", "form", c.formTitle(s.Form), "day", c.desk.DraftKept(d.TouchedAt, d.RemindedAt).In(c.desk.Location))
	p := page{c, form.Prompt{Revision: s.Revision}, d.ID, d.RemindedAt}
	return msg.Message{Alt: words, Blocks: []msg.Block{msg.Card{Title: words, Buttons: []msg.Button{
		{Label: p.say(form.DoResume.Key()), Style: msg.Primary, Press: p.verb(form.DoResume, p.Prompt)},
		{Label: p.say(form.DoCancel.Key()), Press: p.verb(form.DoCancel, p.Prompt)},
	}}}}
}

// sayExpired says, above whatever else is said, that a draft was erased, once.
func (t *turn) sayExpired() {
	if t.st.Expired == "" {
		return
	}
	t.said = slices.Insert(t.said, 0, text.Say("concierge.expired", "form", t.formTitle(t.st.Expired)))
	t.st.Expired = ""
}
