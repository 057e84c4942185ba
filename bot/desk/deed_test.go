package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// The table of presses has a row for each command that a button may stand for.
func TestDeeds_are_all_commands(t *testing.T) {
	t.Parallel()
	var there, listed []string
	for _, c := range newOffice(t, "ja").d.Commands() {
		there = append(there, c.Name)
	}
	for _, d := range msg.Deeds() {
		if d.Do == "desk.run" {
			listed = append(listed, d.Part)
		}
	}
	slices.Sort(there)
	slices.Sort(listed)
	if diff := cmp.Diff(there, listed); diff != "" {
		t.Errorf("commands (-there +listed):\n%s", diff)
	}
}

// presses presses a button as Slack does.
func (o *office) presses(by bot.Actor, p msg.Press) msg.Message {
	o.t.Helper()
	o.n++
	return o.call(desk.Call{
		ID: fmt.Sprintf("call-%d", o.n), Actor: by, Line: p.Args.Get("line"), After: p.Args.Get("after"), Sure: p.Args.Get("sure") != "",
		Pressed: true, Shown: p.ShownAt(), Revision: p.Int("r"),
	})
}

// A button of a command that cannot be undone does nothing once its answer is a day old or the proposal has moved on; it says
// what holds now and asks again, and the fresh button counts.
func TestDeeds_on_screens_that_are_over(t *testing.T) {
	t.Parallel()
	later := func(o *office, _ bot.Proposal) { o.now = o.now.Add(25 * time.Hour) }
	moved := func(o *office, p bot.Proposal) {
		err := o.db.InTx(o.t.Context(), func(tx *store.Tx) error {
			_, err := o.ledger.Assign(o.t.Context(), tx, "moved", p.ID, mori(), mori().ID)
			return err
		})
		if err != nil {
			o.t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, line, label string
		over              func(*office, bot.Proposal)
	}{
		{"a notice, a day later", "状態 1 対話中", "対話中にする", later},
		{"a notice, moved on", "状態 1 対話中", "対話中にする", moved},
		{"a department, a day later", "照会 1", "福祉政策課", later},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "ja")
			p := o.submit("見守り", "welfare")
			m := o.say(sato(), tt.line)
			b, ok := button(m, tt.label)
			if !ok {
				t.Fatalf("no button %q:\n%s", tt.label, show(m))
			}
			tt.over(o, p)
			before := o.proposal(p)
			again := o.presses(sato(), b.Press)
			has(t, again, "何も変えていません", p.Number)
			if got := o.proposal(p); got.Revision != before.Revision {
				t.Errorf("it has changed to %s", got.State)
			}
			fresh, ok := button(again, tt.label)
			if !ok {
				t.Fatalf("it is not asked again:\n%s", show(again))
			}
			o.presses(sato(), fresh.Press)
			if got := o.proposal(p); got.State == before.State {
				t.Errorf("the fresh button does nothing: %s", got.State)
			}
		})
	}
	t.Run("a step that tells nobody", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, "ja")
		p := o.submit("見守り", "welfare")
		o.say(sato(), "担当 1 自分")
		if err := o.db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := o.ledger.Move(t.Context(), tx, ledger.Change{Event: "e1", Proposal: p.ID, On: proposal.DialogueOpened, By: sato()})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		press := msg.Do("desk.run", "line", "状態 1 庁内照会中").Shown(o.now)
		o.now = o.now.Add(25 * time.Hour)
		again := o.presses(sato(), press)
		has(t, again, "何も変えていません", "対話中")
		if got := o.proposal(p); got.State != proposal.InDialogue {
			t.Errorf("it is %s", got.State)
		}
		b, _ := button(again, "/desk")
		o.presses(sato(), b.Press)
		if got := o.proposal(p); got.State != proposal.Coordinating {
			t.Errorf("it is %s", got.State)
		}
	})
}
