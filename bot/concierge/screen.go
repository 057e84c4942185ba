package concierge

import (
	"time"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// How long a screen stands after it was shown: one whose press cannot be undone, and any other. A button of one that is over
// opens at most its question again.
const (
	confirmFor = 15 * time.Minute
	screenFor  = 24 * time.Hour
)

// stands reports whether a screen shown then has not stood too long by LINE's time of this event.
func (t *turn) stands(shown time.Time, long time.Duration) bool {
	return !shown.IsZero() && t.e.At.Sub(shown) <= long
}

// confirms reports whether a press is one of the newest question beside the forms, which still stands; what comes late is not.
func (t *turn) confirms(q *asked, p msg.Press) bool {
	return !t.late && q != nil && q.Do == p.Do && p.Of(q.At) && t.stands(q.At, confirmFor)
}

// outask ends a question whose press cannot be undone once anything else has been shown since.
func (t *turn) outask() {
	if q := t.st.Asked; q != nil && q.final() && t.answer != nil && !q.At.Equal(t.tx.Now) {
		t.st.Asked = nil
	}
}

// final reports whether a yes to the question cannot be undone, or not for ever.
func (q asked) final() bool {
	return q.Do == "withdraw.yes" || q.Do == "menu.propose" || q.Do == "menu.consult"
}

// formOver reports whether a button of a form belongs to a screen that is over. What cannot be undone counts only from the
// newest screen: to submit, to give up, and an answer by which the profile's rules turn somebody away.
func (t *turn) formOver(q *asked, p msg.Press, in form.Input) bool {
	if in.Do == form.DoSubmit || in.Do == form.DoConfirmCancel || t.turnsAway(in) {
		newest := !t.late && q == nil && p.Of(t.st.Shown)
		return !newest || !t.stands(t.st.Shown, confirmFor)
	}
	return !t.stands(p.ShownAt(), screenFor)
}

// turnsAway reports whether a rule of the profile ends the form by this answer.
func (t *turn) turnsAway(in form.Input) bool {
	for _, rule := range t.desk.Rules {
		if rule.Do == bot.Decline && in.Do == form.DoAnswer && rule.Field == in.Field && rule.Choice == in.Choice {
			return true
		}
	}
	return false
}

// over answers a press on a screen that is over, about a proposal: nothing was changed, and where it stands.
func (t *turn) over(p bot.Proposal) {
	say := t.Concierge.say
	words := t.words.SayAll([]text.Line{text.Say("concierge.over.nothing"), stands(p)})
	card := msg.Card{Title: words}
	if mayWithdraw(p) {
		card.Buttons = append(card.Buttons, msg.Button{Label: say("button.concierge.to_withdraw"), Press: msg.Do("withdraw", "p", id(p.ID))})
	}
	if p.State == proposal.Withdrawn {
		card.Buttons = t.undoButtons(p)
	}
	card.Buttons = append(card.Buttons, msg.Button{Label: say("button.concierge.status"), Press: msg.Do("menu.status")})
	t.prompt(msg.Message{Alt: words, Blocks: []msg.Block{card}})
}

// stands says in which state a proposal is.
func stands(p bot.Proposal) text.Line {
	return text.Say("concierge.over.stands", "number", p.Number, "title", p.Title, "state", text.Say(p.State.Key()))
}
