package concierge

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
)

// asked is a question beside the forms that was asked last, so that it can be answered by typing as well as by a button:
// which proposal a message means, which one to withdraw, whether that is sure or is to be undone, whether to begin a form
// anew; or what the next words are about.
type asked struct {
	Do       string         `json:"do"`              // of the buttons that answer it
	Message  bot.MessageID  `json:"m,omitempty"`     // which: the first message that waits
	Proposal bot.ProposalID `json:"p,omitempty"`     // withdraw.yes, withdraw.undo, about
	Revision int64          `json:"r,omitempty"`     // of what is asked about: the proposal of withdraw.yes, the form to begin anew
	Doubt    bool           `json:"doubt,omitempty"` // withdraw.yes: the answer before was neither yes nor no
	At       time.Time      `json:"at,omitzero"`     // when it was shown, which its buttons carry
	// Shown are the proposals to choose from, in the order in which they are on the person's screen: which, withdraw.
	Shown []bot.ProposalID `json:"shown,omitempty"`
}

// labels are the words of buttons beside the forms, as people type them, and those of a form, which mean nothing outside.
type labels struct{ anew, resume, withdraw, undo, leave, form map[string]bool }

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
		withdraw: set(yes, say("button.concierge.withdraw"), words.Words("concierge.word.withdraw_it")),
		undo:     set(yes, say("button.concierge.undo"), say("button.concierge.undo_it"), words.Words("concierge.word.undo_it")),
		leave:    set(no, say("button.concierge.keep"), say("button.concierge.leave_withdrawn"), words.Words("form.word.cancel"), words.Words("form.word.back")),
	}
}

// ask remembers a question beside the forms, and when it was shown.
func (t *turn) ask(q asked) asked {
	q.At = t.tx.Now
	t.st.Asked = &q
	return q
}

// typedAnswer takes typed words for the answer to a question beside the forms, if they are one.
func (t *turn) typedAnswer(ctx context.Context, q *asked) (done bool, err error) {
	word := form.Fold(t.e.Text)
	switch {
	case t.late:
		return false, nil
	case q == nil || q.Do == "about":
		return t.typedNumber(ctx, word)
	}
	switch q.Do {
	case "which", "withdraw":
		return t.typedChoice(ctx, q, word)
	case "withdraw.yes":
		return t.typedSure(ctx, q, word)
	case "withdraw.undo":
		return t.typedUndoSure(ctx, q, word)
	}
	return t.typedAnew(ctx, q, word)
}

// typedChoice takes the proposal that was typed, or the wish to choose none. One or two figures are a place in the list,
// as in the forms, and never part of a receipt number: a message must not slip into another proposal. A receipt number that
// is none of theirs is said to be, and the question asked again; so is what to withdraw when the answer is unclear. What a
// message is about is not: what is written while that is open is more of the message.
func (t *turn) typedChoice(ctx context.Context, q *asked, word string) (bool, error) {
	if t.labels.leave[word] {
		t.leave(q)
		return true, nil
	}
	if n := form.Place(word); n > 0 && len(digits(word)) <= placeDigits {
		return true, t.typedPlace(ctx, q, n)
	}
	p, ok, err := t.named(ctx, q, word)
	switch {
	case err != nil:
		return false, err
	case ok:
		return true, t.choose(ctx, q, p)
	}
	if done, err := t.typedNobodys(ctx, q, word); done || err != nil || q.Do == "which" || !t.unclear(word) {
		return done, err
	}
	t.say("concierge.withdraw.unclear")
	t.say("concierge.withdraw.or_leave")
	return true, t.askAgain(ctx, q)
}

// placeDigits is how many digits a place in a list has at most; openMost has as many.
const placeDigits = 2

// choose does as the button of that proposal would.
func (t *turn) choose(ctx context.Context, q *asked, p bot.Proposal) error {
	if q.Do == "which" {
		return t.which(ctx, q.press(p))
	}
	return t.askWithdraw(ctx, q.press(p), q)
}

// typedPlace takes a place in the list as it was shown. Should the list be another by now, or have no such place, it is
// shown again.
func (t *turn) typedPlace(ctx context.Context, q *asked, n int) error {
	list, err := t.offered(ctx, q)
	if err != nil {
		return err
	}
	switch most := min(len(list), openMost); {
	case !slices.Equal(idsOf(list), q.Shown):
		t.say("concierge.list_changed")
	case n > most:
		t.say("concierge.no_such_place", "number", n, "count", most)
	default:
		return t.choose(ctx, q, list[n-1])
	}
	return t.askAgain(ctx, q)
}

// offered is what the list would show now.
func (t *turn) offered(ctx context.Context, q *asked) ([]bot.Proposal, error) {
	if q.Do == "which" {
		return t.addresses(ctx)
	}
	return t.withdrawable(ctx)
}

// askAgain shows the list again; with nothing left to choose from the question is over.
func (t *turn) askAgain(ctx context.Context, q *asked) error {
	if q.Do == "withdraw" {
		return t.offerWithdraw(ctx)
	}
	may, err := t.addresses(ctx)
	if err != nil {
		return err
	}
	if len(may) == 0 {
		t.leave(q)
		return nil
	}
	t.askWhich(q.Message, may)
	return nil
}

// leave ends a question without a choice.
func (t *turn) leave(q *asked) {
	if q.Do == "which" {
		t.say("concierge.which.left")
	} else {
		t.say("concierge.withdraw.left")
	}
	t.prompt(t.again())
}

// typedNobodys answers a receipt number that is none of theirs, or not whole.
func (t *turn) typedNobodys(ctx context.Context, q *asked, word string) (bool, error) {
	number, ok := t.receiptNumber(word)
	switch {
	case !ok:
		return false, nil
	case whole(word, form.Fold(number)):
		t.say("concierge.no_such_number", "number", number)
	default:
		t.say("concierge.number_whole", "number", number)
	}
	return true, t.askAgain(ctx, q)
}

// receiptNumber reads a receipt number; one without a year is of this one.
func (t *turn) receiptNumber(typed string) (string, bool) {
	return t.desk.Receipt.Parse(typed, t.desk.Calendar.FiscalYear(t.desk.Calendar.Today(t.tx.Now)))
}

// typedSure takes yes or no to "withdraw it?". All else is doubt: nothing is withdrawn, and a person is offered; a sentence goes
// to the city.
func (t *turn) typedSure(ctx context.Context, q *asked, word string) (bool, error) {
	press := msg.Do("withdraw.yes", "p", id(q.Proposal)).Shown(q.At)
	switch {
	case t.labels.leave[word], t.phrases.leaves(t.e.Text):
		return true, t.keepIt(ctx, press, q)
	case t.labels.withdraw[word]:
		return true, t.withdraw(ctx, press, q)
	case !t.unclear(word):
		return false, nil
	}
	p, ok, err := t.toWithdraw(ctx, press)
	if ok && err == nil {
		t.say("concierge.withdraw.not_passed")
		t.askSure(p, true)
	}
	return true, err
}

// unclear reports whether words that are no answer to a question about withdrawing were meant as one all the same, as in a
// form: short ones that are no word of the menu, nor of a form under way.
func (t *turn) unclear(word string) bool {
	return t.wish(word) == "" && utf8.RuneCountInString(t.e.Text) <= answerMost && !t.meansForm()
}

// answerMost is how many characters such an answer has at most: 「もう少し考えさせてください」 is one, a sentence with a matter of
// its own is longer.
const answerMost = 15

// meansForm reports whether the words are those of a button of the form under way, so that they lead back into it. A yes or a
// number is an answer to the question asked last.
func (t *turn) meansForm() bool {
	if t.st.Form == nil {
		return false
	}
	switch t.verbs.Read(t.formOf(t.st.Form.Form), *t.st.Form, t.e.Text).Do {
	case form.DoAnswer, form.DoEdit, form.DoConfirmCancel:
		return false
	}
	return true
}

func (t *turn) typedAnew(ctx context.Context, q *asked, word string) (bool, error) {
	switch {
	case t.st.Form == nil:
		return false, nil
	case t.labels.anew[word]:
		return true, t.start(ctx, msg.Do(q.Do, "new", id(t.talk.Draft)).Shown(q.At), q)
	case t.labels.resume[word]:
		return true, t.step(ctx, form.Input{Do: form.DoResume})
	}
	return false, nil
}

// named finds one of the proposals a question is about by what was typed: its number, its title, or the words of its
// button. A whole number counts for any of the contact's own.
func (t *turn) named(ctx context.Context, q *asked, word string) (bot.Proposal, bool, error) {
	if number, ok := t.receiptNumber(word); ok && whole(word, form.Fold(number)) {
		if p, ok, err := t.numbered(ctx, number); ok || err != nil {
			return p, ok, err
		}
	}
	list, err := t.choices(ctx, q)
	if err != nil {
		return bot.Proposal{}, false, err
	}
	for _, p := range list {
		if word == form.Fold(p.Title) || word == form.Fold(t.label(p)) {
			return p, true, nil
		}
	}
	return bot.Proposal{}, false, nil
}

// choices are the proposals a question lets choose from.
func (t *turn) choices(ctx context.Context, q *asked) ([]bot.Proposal, error) {
	if q.Do == "which" {
		return t.addresses(ctx)
	}
	return t.tx.ProposalsOf(ctx, t.talk.ID, true, openMost+1)
}

// numbered finds one of this contact's proposals by its number, whatever has become of it.
func (t *turn) numbered(ctx context.Context, number string) (bot.Proposal, bool, error) {
	p, err := t.tx.ProposalByNumber(ctx, number)
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return p, false, nil
	case err != nil:
		return p, false, err
	}
	return p, p.Contact == t.talk.ID, nil
}
