package concierge

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// status tells of each proposal where it stands, whose turn it is, and the date it was promised, from the given one on; open
// ones come first. In the middle of a form the current question follows, so that the talk goes on.
func (t *turn) status(ctx context.Context, from int) error {
	m, any, err := t.statusFrom(ctx, from)
	switch {
	case err != nil:
		return err
	case !any:
		t.say("concierge.status.none")
		m = t.again()
	}
	t.sayDraft()
	t.prompt(m)
	if any {
		t.answer.args = withStatus(t.answer.args, from)
	}
	return nil
}

// withStatus notes in the args of a prompt that it shows the status, for whoever has to compose it anew.
func withStatus(args map[string]string, from int) map[string]string {
	all := map[string]string{"status": strconv.Itoa(from)}
	maps.Copy(all, args)
	return all
}

// statusFrom is what status shows below what is said; any is false if there is no proposal to tell of.
func (t *turn) statusFrom(ctx context.Context, from int) (m msg.Message, any bool, err error) {
	mine, err := t.tx.StandingOf(ctx, t.talk.ID, max(from, 0), openMost+1)
	if err != nil || len(mine) == 0 {
		return m, false, err
	}
	if m, err = t.standings(ctx, mine[:min(len(mine), openMost)]); err != nil {
		return m, false, err
	}
	if t.st.Form != nil {
		question := t.again()
		m.Blocks = append(m.Blocks, question.Blocks...)
		if t.asking() {
			m.Choices = question.Choices
		}
	}
	if len(mine) > openMost {
		m.Choices = append([]msg.Button{t.further(max(from, 0) + openMost)}, m.Choices...)
	}
	return m, true, nil
}

// sayDraft says that a form is under way, which has no number yet; what follows leads back into it.
func (t *turn) sayDraft() {
	if t.st.Form != nil {
		t.say("concierge.status.draft." + t.st.Form.Form)
	}
}

// standings is one card for each proposal, and the way to withdraw if any of them may be.
func (t *turn) standings(ctx context.Context, list []bot.Proposal) (msg.Message, error) {
	m := msg.Message{Alt: t.Concierge.say("concierge.status.title"), Choices: t.doors()}
	for _, p := range list {
		card, err := t.standingOf(ctx, p)
		if err != nil {
			return m, err
		}
		m.Blocks = append(m.Blocks, card)
	}
	if slices.ContainsFunc(list, mayWithdraw) {
		m.Choices = append(m.Choices, t.door("menu.withdraw", ""))
	}
	return m, nil
}

// further shows the proposals that did not fit.
func (t *turn) further(from int) msg.Button {
	return msg.Button{Label: t.Concierge.say("button.concierge.further"), Press: msg.Do("menu.status", "from", strconv.Itoa(from))}
}

// standingOf is where one proposal stands, in plain words.
func (t *turn) standingOf(ctx context.Context, p bot.Proposal) (msg.Card, error) {
	card := msg.Card{
		Title: t.Concierge.say("concierge.status.card", "number", p.Number, "title", p.Title),
		State: t.words.Say(text.Say(p.State.Key())), Body: t.Concierge.say("concierge.state." + string(p.State)),
	}
	if !proposal.Open(p.State) {
		card.Tone, card.Buttons = msg.Closed, t.undoButtons(p)
		return card, t.lastSaid(ctx, p, &card)
	}
	last, err := t.lastWords(ctx, p)
	if err != nil {
		return card, err
	}
	turn, err := t.whoseTurn(ctx, p, last)
	if err != nil {
		return card, err
	}
	card.Rows = []msg.Row{{Label: t.Concierge.say("concierge.status.turn"), Value: turn}}
	what, day, err := t.promised(ctx, p, last)
	if what != "" {
		card.Rows = append(card.Rows, msg.Row{Label: t.Concierge.say(what), Value: t.Concierge.say("card.day", "day", day)})
	}
	return card, err
}

// lastSaid gives with a no, or a handing off, the words in which the city told of it, and the other doors: whoever had blocked
// the account has never read them.
func (t *turn) lastSaid(ctx context.Context, p bot.Proposal, card *msg.Card) error {
	switch p.State {
	case proposal.Declined, proposal.OutOfScope, proposal.HandedOff:
	default:
		return nil
	}
	card.Notes = []string{t.Concierge.say("concierge.other_doors", "phone", t.desk.Phone)}
	m, err := t.tx.LastWords(ctx, p.ID)
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return nil
	case err != nil:
		return err
	}
	card.Body += "\n\n" + t.Concierge.say("concierge.status.words", "words", m.Body)
	return nil
}

// whoseTurn says who owes the next step, and that the city's last words await an answer wherever somebody else does.
func (t *turn) whoseTurn(ctx context.Context, p bot.Proposal, last store.Message) (string, error) {
	referrals, err := t.tx.Referrals(ctx, p.ID)
	if err != nil {
		return "", err
	}
	facts := proposal.Facts{}
	for _, f := range referrals {
		if _, current := t.desk.Department(f.Department); f.Verdict == "" && current { // else it is for the desk to ask another
			facts.AwaitingVerdicts++
		}
	}
	facts.AwaitingOrganization = last.Out
	role := proposal.WhoseTurn(p.State, facts)
	whose := t.Concierge.say("concierge.turn." + string(role))
	if last.Out && role != proposal.Organization {
		whose = t.Concierge.say("concierge.turn_and_answer", "turn", whose)
	}
	return whose, nil
}

// lastWords are the newest message of either side about a proposal; none has ID 0.
func (t *turn) lastWords(ctx context.Context, p bot.Proposal) (store.Message, error) {
	thread, err := t.tx.Thread(ctx, p.ID, 1)
	if err != nil || len(thread) == 0 {
		return store.Message{}, err
	}
	return thread[0], nil
}

// promised is the date that the organization has been told, and the catalogue key of what it is: until when a hold lasts, or by
// when it is answered. Those by which somebody at the city has to act are no promise to anybody.
func (t *turn) promised(ctx context.Context, p bot.Proposal, last store.Message) (what string, day time.Time, err error) {
	if p.State == proposal.OnHold {
		return "concierge.status.next", p.NextDate, nil
	}
	due, err := t.receiptStands(ctx, p)
	if err != nil || due {
		return "concierge.status.answer", t.desk.AnswerBy(p.AskedAt()).In(t.desk.Location), err
	}
	if last.ID == 0 || last.Out || last.Waived || t.desk.Calendar.Open(last.CreatedAt) {
		return "", time.Time{}, nil
	}
	return "concierge.status.answer", t.desk.AnswerBy(last.CreatedAt).In(t.desk.Location), nil
}

// receiptStands reports whether the promise of the receipt, or of the reopening, is still to be kept: up to its day, and
// beyond if nothing has been answered. From the dialogue on it is kept.
func (t *turn) receiptStands(ctx context.Context, p bot.Proposal) (bool, error) {
	if !ledger.AwaitsAnswer(p.State) {
		return false, nil
	}
	if !t.desk.AnswerBy(p.AskedAt()).Before(t.desk.Calendar.Today(t.tx.Now)) {
		return true, nil
	}
	replied, err := t.tx.Replied(ctx, p)
	return err == nil && !replied, err
}

// mayWithdraw asks the table whether the organization may still take a proposal back.
func mayWithdraw(p bot.Proposal) bool {
	return slices.Contains(proposal.Choices(ledger.Situation(p), proposal.Organization), proposal.Withdrawn)
}
