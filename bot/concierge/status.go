package concierge

import (
	"context"
	"strconv"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
)

// status tells of each proposal where it stands, whose turn it is, and the next date, from the given one on; open ones
// come first. In the middle of a form the current question follows, so that the talk goes on.
func (t *turn) status(ctx context.Context, from int) error {
	mine, err := t.tx.StandingOf(ctx, t.talk.ID, max(from, 0), openMost+1)
	if err != nil {
		return err
	}
	if len(mine) == 0 {
		t.say("concierge.status.none")
		t.prompt(t.again())
		return nil
	}
	m := msg.Message{Alt: t.Concierge.say("concierge.status.title"), Choices: t.doors()}
	withdrawable := false
	for _, p := range mine[:min(len(mine), openMost)] {
		card, err := t.standing(ctx, p)
		if err != nil {
			return err
		}
		m.Blocks = append(m.Blocks, card)
		withdrawable = withdrawable || mayWithdraw(p)
	}
	if withdrawable {
		m.Choices = append(m.Choices, t.door("menu.withdraw", ""))
	}
	if t.asking() {
		question := t.again()
		m.Blocks, m.Choices = append(m.Blocks, question.Blocks...), question.Choices
	}
	if len(mine) > openMost {
		m.Choices = append([]msg.Button{t.further(max(from, 0) + openMost)}, m.Choices...)
	}
	t.prompt(m)
	return nil
}

// further shows the proposals that did not fit.
func (t *turn) further(from int) msg.Button {
	return msg.Button{Label: t.Concierge.say("button.concierge.further"), Press: msg.Do("menu.status", "from", strconv.Itoa(from))}
}

// standing is where one proposal stands, in plain words.
func (t *turn) standing(ctx context.Context, p bot.Proposal) (msg.Card, error) {
	card := msg.Card{
		Title: t.Concierge.say("concierge.status.card", "number", p.Number, "title", p.Title),
		State: t.words.Say(text.Say(p.State.Key())), Body: t.Concierge.say("concierge.state." + string(p.State)),
	}
	if !proposal.Open(p.State) {
		card.Tone = msg.Closed
		return card, nil
	}
	turn, err := t.whoseTurn(ctx, p)
	if err != nil {
		return card, err
	}
	card.Rows = []msg.Row{
		{Label: t.Concierge.say("concierge.status.turn"), Value: t.Concierge.say("concierge.turn." + string(turn))},
		{Label: t.Concierge.say("concierge.status.next"), Value: t.Concierge.say("card.day", "day", p.NextDate)},
	}
	return card, nil
}

func (t *turn) whoseTurn(ctx context.Context, p bot.Proposal) (proposal.Role, error) {
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
	thread, err := t.tx.Thread(ctx, p.ID, 1)
	if err != nil {
		return "", err
	}
	facts.AwaitingOrganization = len(thread) == 1 && thread[0].Out
	return proposal.WhoseTurn(p.State, facts), nil
}

// mayWithdraw asks the table whether the organization may still take a proposal back.
func mayWithdraw(p bot.Proposal) bool {
	for _, e := range proposal.Choices(ledger.Situation(p), proposal.Organization) {
		if e == proposal.Withdrawn {
			return true
		}
	}
	return false
}
