package watch_test

import (
	"context"
	"slices"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// Absent is what Slack says of somebody; "unknown" if it cannot be asked for them.
func (p *post) Absent(_ context.Context, user string) (bot.Absence, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = append(p.asks, user)
	if p.gone[user] == "unknown" {
		return bot.Present, bot.Refuse(bot.Later, "error.later")
	}
	return p.gone[user], nil
}

// owns lets somebody of the desk own a proposal of a new organization.
func (p *post) owns(owner, event string) bot.ProposalID {
	p.t.Helper()
	var id bot.ProposalID
	l := ledger.New(p.desk)
	p.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(p.t.Context(), "hear-"+event, "U"+event)
		if err != nil {
			return err
		}
		draft, err := tx.OpenDraft(p.t.Context(), talk.ID, p.desk.Proposal, tx.Now)
		if err != nil {
			return err
		}
		made, err := l.Submit(p.t.Context(), tx, ledger.Submission{Event: event, Kind: bot.KindProposal, Contact: talk.Contact, Draft: draft, Title: "見守り"})
		if err != nil {
			return err
		}
		id = made.ID
		_, err = l.Take(p.t.Context(), tx, event, id, bot.Actor{ID: owner, Desk: true})
		return err
	})
	return id
}

// asked are those for whom Slack was asked since the last time.
func (p *post) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.asks
	p.asks = nil
	return out
}

func (p *post) goes(user string, why bot.Absence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone[user] = why
}

func (p *post) unowned() int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM proposals WHERE owner = ''`)
}

func (p *post) told() int {
	p.t.Helper()
	return p.count(`SELECT count(*) FROM deliveries WHERE kind = 'vacated'`)
}

// What Slack told of an owner in vain is found within the hour: each is asked for once, however much they own.
func TestOwners(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.at("2026-11-20 10:00")
	p.owns("U0MORI", "a")
	p.owns("U0MORI", "b")
	p.owns("U0SATO", "c")
	p.goes("U0MORI", bot.Closed)
	p.at("2026-11-20 10:59")
	if got := p.asked(); len(got) > 0 {
		t.Errorf("asked for %v within the hour", got)
	}
	p.at("2026-11-20 11:00")
	if got := p.asked(); !slices.Equal(got, []string{"U0MORI", "U0SATO"}) {
		t.Errorf("asked for %v", got)
	}
	if p.unowned() != 2 || p.told() != 1 {
		t.Errorf("%d without an owner, told %d times", p.unowned(), p.told())
	}
	_, other := p.replica()
	other.Sweep(t.Context())
	p.at("2026-11-20 12:00")
	if got := p.asked(); !slices.Equal(got, []string{"U0SATO", "U0SATO"}) || p.told() != 1 {
		t.Errorf("then asked for %v, told %d times", got, p.told())
	}
}

// While Slack cannot be asked, nobody loses anything, and the next hour asks again.
func TestOwners_while_Slack_is_away(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owns("U0MORI", "a")
	p.owns("U0SATO", "b")
	p.goes("U0MORI", "unknown")
	p.goes("U0SATO", bot.Left)
	p.at("2026-11-20 10:00")
	if got := p.asked(); !slices.Equal(got, []string{"U0MORI"}) || p.unowned() != 0 {
		t.Errorf("asked for %v, %d without an owner", got, p.unowned())
	}
	p.goes("U0MORI", bot.Present)
	p.at("2026-11-20 11:00")
	if p.unowned() != 1 || p.told() != 1 {
		t.Errorf("%d without an owner, told %d times", p.unowned(), p.told())
	}
}
