package concierge

import (
	"context"
	"strings"
	"time"
	"unicode"

	"tsunagi/bot"
	"tsunagi/bot/form"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// How long words may mean a proposal that has ended. Whoever reads a no, or a question of the city after it, mostly answers
// within a month; later a receipt number says what is meant. Once answered, a day covers the messages in which people go on;
// after that words about another proposal are no longer held up by a question.
const (
	endedHeard    = 30 * 24 * time.Hour
	endedAnswered = 24 * time.Hour
)

// addresses are the proposals that words may mean: the open ones, and those that ended but where the city has spoken last.
func (t *turn) addresses(ctx context.Context) ([]bot.Proposal, error) {
	return t.addressesOf(ctx, &t.tx.Reader, t.talk.ID, t.tx.Now)
}

func (c *Concierge) addressesOf(ctx context.Context, r *store.Reader, contact bot.ContactID, now time.Time) ([]bot.Proposal, error) {
	return r.AddressesOf(ctx, contact, store.Hearing{
		Since: now.Add(-endedHeard), Answered: now.Add(-endedAnswered),
		City:         []proposal.Event{proposal.Replied, proposal.Declined, proposal.RuledOut, proposal.HandedOff},
		Organization: []proposal.Event{proposal.Written, proposal.Withdrawn},
	}, openMost+1)
}

// meant are the proposals that this message may mean: the one that was named just before, or any of the addresses.
func (t *turn) meant(ctx context.Context, q *asked) ([]bot.Proposal, error) {
	if q == nil || q.Do != "about" || t.late {
		return t.addresses(ctx)
	}
	p, err := t.own(ctx, q.Proposal)
	return []bot.Proposal{p}, err
}

// typedNumber takes a receipt number that was typed alone: the next words are about that proposal, also long after its end.
// In the middle of a form it is an answer, and mere digits short of a whole number may be a message.
func (t *turn) typedNumber(ctx context.Context, word string) (bool, error) {
	if t.asking() || !t.wholeNumber() {
		return false, nil
	}
	number, _ := t.receiptNumber(word)
	p, ok, err := t.numbered(ctx, number)
	if err != nil || !ok {
		return false, err
	}
	t.ask(asked{Do: "about", Proposal: p.ID})
	t.prompt(t.aboutIt(p))
	return true, nil
}

// wholeNumber reports whether what was typed is a receipt number and nothing else, whosever it is.
func (t *turn) wholeNumber() bool {
	word := form.Fold(t.e.Text)
	number, ok := t.receiptNumber(word)
	return ok && whole(word, form.Fold(number))
}

func (c *Concierge) aboutIt(p bot.Proposal) msg.Message {
	return c.plain(text.Say("concierge.about", "number", p.Number, "title", p.Title))
}

// whole reports whether a receipt number was typed with its letters, or with all its digits where it has none.
func whole(word, number string) bool {
	letters := strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r) })
	return letters || digits(word) == digits(number)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
