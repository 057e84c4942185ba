package coordinator_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// deeds are the rows of the table that cards and modals in Slack do.
func deeds(part string) (all []msg.Deed) {
	for _, d := range msg.Deeds() {
		if d.On == "slack" && d.Do != "desk.run" && d.Part == part {
			all = append(all, d)
		}
	}
	return all
}

// The table of presses has all that the coordinator answers.
func TestDeeds_are_all_answered(t *testing.T) {
	t.Parallel()
	pressed, submitted := newHall(t).c.Acts()
	for part, answered := range map[string][]string{"": pressed, "submit": submitted} {
		var listed []string
		for _, d := range deeds(part) {
			listed = append(listed, d.Do)
		}
		slices.Sort(listed)
		slices.Sort(answered)
		if diff := cmp.Diff(answered, listed); diff != "" {
			t.Errorf("%q (-answered +listed):\n%s", part, diff)
		}
	}
}

// deed is one on its screen: a press, or a modal with what is typed.
type deed struct {
	press  msg.Press
	screen *msg.Screen
	values []string
}

// screenOf leads the hall to where a screen does the deed.
func screenOf(h *hall, p bot.Proposal, d msg.Deed) deed {
	h.t.Helper()
	switch d.Do + "/" + d.Part {
	case "proposal.forward/":
		h.refers("welfare")
		h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "他課が適当"), "other", "town")
		return h.buttonOf("都市計画課へ照会")
	case "proposal.waive/":
		h.hear(p, "ありがとうございます。")
		return h.buttonOf("返信不要")
	case "message.file/", "message.choose/submit":
		h.writes("水曜日はいかがでしょうか。", p)
		if d.Part == "" {
			return h.buttonOf(p.Number)
		}
		r, err := h.do(sato(), msg.Do("message.choose", "message", "1"))
		if err != nil || r.Open == nil {
			h.t.Fatalf("got %+v, %v", r, err)
		}
		return deed{screen: r.Open, values: []string{"proposal", fmt.Sprint(p.ID)}}
	case "delivery.release/", "delivery.drop/", "delivery.release/submit", "delivery.drop/submit":
		return letterOf(h, p, d)
	case "proposal.assign/submit":
		return deed{screen: h.opens(sato(), "C0DESK", "担当を変える"), values: []string{"owner", "U0MORI"}}
	case "proposal.refer/submit":
		return deed{screen: h.opens(sato(), "C0DESK", "照会する"), values: []string{"departments", "welfare"}}
	case "proposal.reply/submit":
		return deed{screen: h.opens(sato(), "C0DESK", "企業に返信"), values: []string{"body", "ありがとうございます。"}}
	case "proposal.decline/submit":
		return deed{screen: h.opens(sato(), "C0DESK", "見送る"), values: []string{"reason", "cost", "body", "見送ります。"}}
	case "proposal.send/submit":
		return deed{screen: h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "ありがとうございます。")}
	case "proposal.move/submit":
		return deed{screen: h.leadsOn(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "dialogue_opened")}
	case "verdict/submit":
		h.refers("welfare")
		return deed{screen: h.opens(welfare(), "C0WELFARE", "連携したい")}
	case "verdict/":
		h.refers("welfare")
		return deed{press: msg.Do("verdict", "proposal", "1", "department", "welfare", "verdict", "join")}
	}
	return deed{press: msg.Do(d.Do, "proposal", "1", "message", "1")}
}

func (h *hall) buttonOf(label string) deed {
	h.t.Helper()
	b, ok := button(h.card("C0DESK"), label)
	if !ok {
		h.t.Fatalf("no button %q:\n%s", label, show(h.card("C0DESK")))
	}
	return deed{press: b.Press}
}

// letterOf sets a reply aside, and gives what sends it once more or gives it up.
func letterOf(h *hall, p bot.Proposal, d msg.Deed) deed {
	h.t.Helper()
	one := store.Delivery{ID: uuid.New(), Lane: store.LineLane(contact), Kind: ledger.KindReply, Proposal: p.ID, Args: map[string]string{}}
	h.tx(func(tx *store.Tx) error { return tx.Put(one) })
	h.tx(func(tx *store.Tx) error {
		tx.RecordOutcome(store.Outcome{ID: one.ID, State: store.Dead, Fault: "delivery.failed"})
		return nil
	})
	now := h.proposal(p)
	press := msg.Do(d.Do, "delivery", one.ID.String(), "proposal", fmt.Sprint(p.ID), "r", fmt.Sprint(now.Revision)).Shown(h.now)
	if d.Part == "" {
		return deed{press: press}
	}
	r, err := h.do(sato(), press.Shown(h.now.Add(-25*time.Hour)))
	if err != nil || r.Open == nil {
		h.t.Fatalf("got %+v, %v, want it to be asked", r, err)
	}
	return deed{screen: r.Open}
}

// does does the deed and tells whether anybody has answered.
func (h *hall) does(d deed) (answered bool) {
	h.t.Helper()
	if d.screen == nil {
		r, err := h.do(sato(), d.press)
		return err != nil || r.Open != nil || !r.Say.Empty()
	}
	r, err := h.fills(sato(), d.screen, d.values...)
	if err == nil && r.Show != nil && slices.Contains([]string{"proposal.refer", "proposal.move"}, d.screen.Then.Do) {
		has(h.t, screen(r.Show), "何も変えていません", "最後の動き")
	}
	return err != nil || r.Show != nil || !r.Say.Empty() || len(r.Faults) > 0
}

// facts are all that a press must not change.
func (h *hall) facts(p bot.Proposal) string {
	h.t.Helper()
	now := h.proposal(p)
	asked, err := h.db.Referrals(h.t.Context(), p.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	dead, err := h.db.DeadDeliveries(h.t.Context(), 0, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	waiting, err := h.db.Waiting(h.t.Context(), p.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := h.db.Message(h.t.Context(), 1)
	if err != nil && bot.KindOf(err) != bot.NotFound {
		h.t.Fatal(err)
	}
	return fmt.Sprint(now.State, now.Owner, now.Revision, asked, len(dead), waiting, m.Proposal, m.Confirmed, h.line)
}

// A press or a modal on a screen that is over changes nothing that cannot be undone, and is answered.
func TestDeeds_on_screens_that_are_over(t *testing.T) {
	t.Parallel()
	later := func(h *hall, _ bot.Proposal) { h.now = h.now.Add(25 * time.Hour) }
	moved := func(h *hall, p bot.Proposal) { h.hear(p, "追加の資料です。") }
	replied := func(h *hall, p bot.Proposal) {
		h.tx(func(tx *store.Tx) error {
			m, err := h.ledger.Write(h.t.Context(), tx, ledger.Reply{Proposal: p.ID, By: mori(), Body: "承知しました。"})
			if err != nil {
				return err
			}
			_, err = h.ledger.Send(h.t.Context(), tx, h.id(), mori(), m.ID, 0)
			return err
		})
	}
	for _, d := range append(deeds(""), deeds("submit")...) {
		ways := map[string]func(*hall, bot.Proposal){"25 hours later": later, "the proposal has moved on": moved, "somebody has replied": replied}
		switch {
		case d.Do == "message.choose":
			ways = map[string]func(*hall, bot.Proposal){"25 hours later": later}
		case d.Do == "proposal.waive":
			ways = map[string]func(*hall, bot.Proposal){"somebody has replied": replied}
		case d.Do == "proposal.forward", d.Do == "message.file": // cards, which are changed in place
			delete(ways, "25 hours later")
		}
		for name, over := range ways {
			t.Run(d.Do+" "+d.Part+" "+name, func(t *testing.T) {
				t.Parallel()
				h := newHall(t)
				p := h.submit()
				on := screenOf(h, p, d)
				over(h, p)
				before := h.facts(p)
				answered := h.does(on)
				if after := h.facts(p); d.Fresh && after != before {
					t.Errorf("it was\n%s\nand is\n%s", before, after)
				}
				if d.Fresh && !answered {
					t.Error("nobody answers")
				}
			})
		}
	}
}

// The same count while their screens stand.
func TestDeeds_on_screens_that_stand(t *testing.T) {
	t.Parallel()
	for _, d := range append(deeds(""), deeds("submit")...) {
		if !d.Fresh {
			continue
		}
		t.Run(d.Do+" "+d.Part, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			p := h.submit()
			on := screenOf(h, p, d)
			before := h.facts(p)
			h.now = h.now.Add(23 * time.Hour)
			h.does(on)
			if h.facts(p) == before {
				t.Error("it has changed nothing")
			}
		})
	}
}

// Whoever reads what holds now goes on from there: nothing typed is lost, and the next press counts.
func TestOver_and_on_from_there(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "状態を変える")
	sure := h.leadsOn(sato(), s, "event", "held", "why", "予算編成を待つ", "until", "2026-12-25")
	confirm := h.leadsOn(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "水曜日にお越しください。")
	h.hear(p, "木曜日のほうがよいです。")
	again := h.shows(sato(), confirm)
	has(t, screen(again), "何も変えていません", "今「受付」です", "団体から連絡", "水曜日にお越しください。")
	h.closes(sato(), again)
	if want := []string{"reply"}; !slices.Equal(h.line, want) {
		t.Errorf("to LINE went %v", h.line)
	}
	sure = h.shows(sato(), sure)
	has(t, screen(sure), "何も変えていません", "今「確認中」です", "予算編成を待つ")
	h.closes(sato(), sure)
	if got := h.proposal(p); got.State != proposal.OnHold {
		t.Errorf("it is %s", got.State)
	}
}

// A step that is no longer possible is refused as ever.
func TestOver_and_no_longer_possible(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	confirm := h.leadsOn(sato(), h.opens(sato(), "C0DESK", "見送る"), "reason", "cost", "body", "見送ります。")
	h.withdraws(p)
	r, err := h.fills(sato(), confirm)
	if bot.KindOf(err) != bot.Conflict || bot.SayOf(err).Key != "coordinator.overtaken" {
		t.Errorf("got %+v, %v", r, err)
	}
	if got := h.proposal(p); got.State != proposal.Withdrawn || len(h.line) != 0 {
		t.Errorf("it is %s, and to LINE went %v", got.State, h.line)
	}
}

// The desk's card and the asked department's say of a withdrawal until when it can be undone, and live again afterwards.
func TestUndo_on_the_cards(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	h.withdraws(p)
	for _, channel := range []string{"C0DESK", "C0WELFARE"} {
		has(t, show(h.card(channel)), "{Label:取下げ Value:11月20日(金) 10:00（11月21日(土) 10:00まで提案者が元に戻せます）")
	}
	hasNot(t, show(h.card("C0WELFARE")), "連携したい")
	h.now = h.now.Add(2 * time.Hour)
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Undo(t.Context(), tx, h.id(), bot.Contact{ID: p.Contact, LineUser: contact}, p.ID, tx.Now)
		return err
	})
	has(t, show(h.card("C0WELFARE")), "連携したい")
	for _, channel := range []string{"C0DESK", "C0WELFARE"} {
		has(t, h.thread(channel), "取下げを元に戻しました（庁内照会中）")
		hasNot(t, show(h.card(channel)), "元に戻せます")
	}
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "連携したい"))
}
