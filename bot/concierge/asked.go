package concierge

import (
	"context"
	"slices"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// asked is a question beside the forms that was asked last, so that it can be answered by typing as well as by a button:
// which proposal a message means, which one to withdraw, whether that is sure, whether to begin a form anew.
type asked struct {
	Do       string         `json:"do"`          // of the buttons that answer it
	Message  bot.MessageID  `json:"m,omitempty"` // which: the first message that waits
	Proposal bot.ProposalID `json:"p,omitempty"` // withdraw.yes
}

// labels are the words of buttons beside the forms, as people type them, and those of a form, which mean nothing outside.
type labels struct{ anew, resume, withdraw, keep, form map[string]bool }

func labelsOf(words *text.Catalogue) labels {
	set := func(lists ...[]string) map[string]bool {
		out := map[string]bool{}
		for _, w := range slices.Concat(lists...) {
			out[form.Fold(w)] = true
		}
		return out
	}
	say := func(key string) []string { return []string{words.Say(text.Say(key))} }
	yes, no := words.Words("form.word.yes"), words.Words("form.word.no")
	return labels{
		form:     set(say(form.DoDone.Key()), say(form.DoSkip.Key()), say(form.DoClear.Key()), say(form.DoBack.Key()), say(form.DoSubmit.Key())),
		anew:     set(say("button.concierge.new")),
		resume:   set(yes, say("button.form.resume"), words.Words("form.word.resume"), words.Words("form.word.keep")),
		withdraw: set(yes, say("button.concierge.withdraw")), keep: set(no, say("button.concierge.keep")),
	}
}

// ask remembers a question beside the forms.
func (t *turn) ask(q asked) { t.st.Asked = &q }

// typedAnswer takes typed words for the answer to a question beside the forms, if they are one.
func (t *turn) typedAnswer(ctx context.Context, q *asked) (done bool, err error) {
	if q == nil || t.late {
		return false, nil
	}
	word := form.Fold(t.e.Text)
	switch q.Do {
	case "which", "withdraw":
		p, ok, err := t.named(ctx, word)
		if err != nil || !ok {
			return false, err
		}
		if q.Do == "which" {
			return true, t.which(ctx, msg.Do("which", "m", id(q.Message), "p", id(p.ID)))
		}
		return true, t.withdraw(ctx, msg.Do("withdraw", "p", id(p.ID)))
	case "withdraw.yes":
		return t.typedSure(ctx, q, word)
	}
	return t.typedAnew(ctx, q, word)
}

func (t *turn) typedSure(ctx context.Context, q *asked, word string) (bool, error) {
	switch {
	case t.labels.withdraw[word]:
		return true, t.withdraw(ctx, msg.Do("withdraw.yes", "p", id(q.Proposal)))
	case t.labels.keep[word]:
		return true, t.status(ctx, 0)
	}
	return false, nil
}

func (t *turn) typedAnew(ctx context.Context, q *asked, word string) (bool, error) {
	switch {
	case t.st.Form == nil:
		return false, nil
	case t.labels.anew[word]:
		return true, t.start(ctx, msg.Do(q.Do, "new", id(t.talk.Draft)))
	case t.labels.resume[word]:
		return true, t.step(ctx, form.Input{Do: form.DoResume})
	}
	return false, nil
}

// named finds one of this contact's open proposals by what was typed: its number, its title, or the words of its button.
func (t *turn) named(ctx context.Context, word string) (bot.Proposal, bool, error) {
	year := t.desk.Calendar.FiscalYear(t.desk.Calendar.Today(t.tx.Now))
	if number, ok := t.desk.Receipt.Parse(word, year); ok {
		p, err := t.tx.ProposalByNumber(ctx, number)
		if err == nil && p.Contact == t.talk.ID {
			return p, true, nil
		}
		if err != nil && bot.KindOf(err) != bot.NotFound {
			return p, false, err
		}
	}
	open, err := t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost)
	if err != nil {
		return bot.Proposal{}, false, err
	}
	for _, p := range open {
		if word == form.Fold(p.Title) || word == form.Fold(t.label(p)) {
			return p, true, nil
		}
	}
	return bot.Proposal{}, false, nil
}
