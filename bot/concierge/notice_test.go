package concierge_test

import (
	"strings"
	"testing"

	"tsunagi/bot/calendar"
	"tsunagi/bot/card"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

// What staff read before they take a step is what the organization then reads, line by line.
func TestNotice_is_what_the_organization_reads(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	words, err := text.Load("ja")
	if err != nil {
		t.Fatal(err)
	}
	cards := card.New(k.desk, words, nil)
	k.move(p.ID, proposal.RuledOut, "営業")
	for i, on := range []proposal.Event{proposal.Reopened, proposal.DialogueOpened, proposal.Prepared, proposal.Held, proposal.Resumed, proposal.Started, proposal.Completed} {
		now, err := k.db.Proposal(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		change := ledger.Change{Event: k.event(), Proposal: p.ID, On: on, By: staff(), Why: "庁内の都合", Until: calendar.Date{Year: 2027, Month: 1, Day: 15}}
		step, told, err := ledger.New(k.desk).Would(now, change, k.db.Now())
		if err != nil || !told {
			t.Fatalf("%s: told %v, %v", on, told, err)
		}
		k.change(func(tx *store.Tx, l *ledger.Ledger) error {
			_, err := l.Move(t.Context(), tx, change)
			return err
		})
		k.compose(k.put(ledger.KindState, "")[i])
		for _, line := range strings.Split(cards.Notice(now, step, k.db.Now()), "\n") {
			if _, value, row := strings.Cut(line, "："); row {
				line = value
			}
			k.reads(line)
		}
	}
}
