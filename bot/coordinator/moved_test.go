package coordinator_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

func moves(d bot.DepartmentID, to string) func(*bot.Desk) {
	return func(desk *bot.Desk) {
		if d == "" {
			desk.Channel = to
			return
		}
		i := slices.IndexFunc(desk.Departments, func(one bot.Department) bool { return one.ID == d })
		desk.Departments[i].Channel = to
	}
}

// pressable is what stands in a channel that can be pressed.
func (h *hall) pressable(channel string) (out []msg.Button) {
	for _, p := range h.posts {
		if p.channel == channel {
			out = append(out, buttons(p.message)...)
		}
	}
	return out
}

// in is all that stands in a channel, and where.
func (h *hall) in(channel string) (out []post) {
	for _, p := range h.posts {
		if p.channel == channel {
			out = append(out, *p)
		}
	}
	return out
}

// What has ended moves as soon as something happens about it, with all that is said then under its new card; a start does not
// touch it.
func TestCards_of_what_has_ended_follow(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare")
	h.ends(p, proposal.RuledOut)
	h.restart(moves("", "C0NEWDESK"))
	h.restart(moves("welfare", "C0CHIIKI"))
	if n := len(h.in("C0NEWDESK")) + len(h.in("C0CHIIKI")); n != 0 {
		t.Fatalf("a start has posted %d messages about what has ended", n)
	}
	old := map[string]int{"C0DESK": len(h.in("C0DESK")), "C0WELFARE": len(h.in("C0WELFARE"))}
	h.hear(p, "やはり相談したいことがあります")
	for now, before := range map[string]string{"C0NEWDESK": "C0DESK", "C0CHIIKI": "C0WELFARE"} {
		got := h.in(now)
		if len(got) != 2 || got[0].thread != "" || got[1].thread != got[0].ts {
			t.Fatalf("in %s: %+v, want a card and what was written under it", now, got)
		}
		has(t, show(got[0].message), p.Number, "だんじり弁当")
		has(t, show(got[1].message), "やはり相談したいことがあります")
		if left := h.pressable(before); len(left) > 0 {
			t.Errorf("in %s there are buttons left: %+v", before, left)
		}
		if n := len(h.in(before)); n != old[before] {
			t.Errorf("%d new messages in %s", n-old[before], before)
		}
		has(t, show(h.in(before)[0].message), p.Number+"のカードは", "移りました")
		hasNot(t, show(h.in(before)[0].message), "だんじり", "ひみつ")
	}
	h.hear(p, "もう一つあります")
	if n := len(h.in("C0CHIIKI")); n != 3 {
		t.Errorf("%d messages in the department's new room, want one card and two lines", n)
	}
}

// A file, an outcome and a line of history are each enough to bring the card, and a department that has said no reads no more.
func TestCards_follow_whatever_is_posted(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(*hall, bot.Proposal){
		"a file":    func(h *hall, p bot.Proposal) { h.sends(p, "図面.pdf", store.FileStored) },
		"an answer": func(h *hall, p bot.Proposal) { h.tells(p) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			h.restart(nil)
			p := h.submit()
			h.refers("welfare,health")
			h.closes(health(), h.opens(health(), "C0HEALTH", "対応できない"), "reason", "所管外")
			h.hear(p, "はじめの言葉")
			h.later()
			h.ends(p, proposal.RuledOut)
			h.restart(moves("welfare", "C0CHIIKI"))
			h.restart(moves("health", "C0KENKO"))
			happens(h, p)
			if got := h.in("C0CHIIKI"); len(got) != 2 || got[1].thread != got[0].ts {
				t.Errorf("got %+v, want a card with one thing under it", got)
			}
			if got := h.in("C0KENKO"); len(got) != 0 {
				t.Errorf("a department that has said no reads %+v", got)
			}
		})
	}
}

// tells is the news that the newest reply has arrived.
func (h *hall) tells(p bot.Proposal) {
	h.t.Helper()
	var reply store.Message
	h.tx(func(tx *store.Tx) (err error) {
		reply = store.Message{Proposal: p.ID, Contact: p.Contact, Out: true, Kind: store.MessageReply, Body: "お返事", Author: sato().ID}
		if reply.ID, err = tx.AddMessage(h.t.Context(), reply); err != nil {
			return err
		}
		return h.ledger.Sent(h.t.Context(), tx, h.id(), p.ID, num(int64(reply.ID)), "")
	})
}

// pressedAt presses a button where it stands.
func (h *hall) pressedAt(by bot.Actor, at post, label string) (coordinator.Reaction, error) {
	h.t.Helper()
	b, ok := button(at.message, label)
	if !ok {
		h.t.Fatalf("no button %q in %s", label, show(at.message))
	}
	r, err := h.c.Press(h.t.Context(), coordinator.Press{ID: h.id(), Actor: by, Press: b.Press, Channel: at.channel, TS: at.ts})
	h.deliver()
	return r, err
}

// Whoever presses what has stayed behind reads where it is now, and finds it there; nothing else happens, whether the room is of no
// use any more or another department's by now.
func TestPresses_on_what_stayed_behind(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare")
	h.move(p, proposal.Held)
	h.ends(p, proposal.RuledOut)
	desk, department := h.in("C0DESK")[0], h.in("C0WELFARE")[0]
	h.restart(func(d *bot.Desk) {
		moves("", "C0NEWDESK")(d)
		moves("welfare", "C0HEALTH")(d)
		moves("health", "C0WELFARE")(d)
	})
	before := len(h.line)
	for _, c := range []struct {
		by          bot.Actor
		at          post
		label, says string
		now         string
	}{
		{sato(), desk, "状態を変える", h.desk.Name, "C0NEWDESK"},
		{welfare(), department, "すべての回答", "福祉政策課", "C0HEALTH"},
	} {
		if n := len(h.in(c.now)); n != 0 {
			t.Fatalf("%d messages in %s before anybody has pressed", n, c.now)
		}
		r, err := h.pressedAt(c.by, c.at, c.label)
		if say := bot.SayOf(err); bot.KindOf(err) != bot.Conflict || say.Key != "coordinator.moved" || r.Open != nil {
			t.Errorf("%s: got %+v, %v", c.label, r, err)
		}
		if got := h.in(c.now); len(got) != 1 || len(buttons(got[0].message)) == 0 {
			t.Errorf("in %s: %+v, want the card", c.now, got)
		}
		if left := h.pressable(c.at.channel); len(left) > 0 {
			t.Errorf("in %s there are buttons left: %+v", c.at.channel, left)
		}
		if _, err := h.pressedAt(c.by, c.at, c.label); bot.SayOf(err).Key != "coordinator.moved" { // whose screen is older
			t.Errorf("pressed again: %v", err)
		}
		if n := len(h.in(c.now)); n != 1 {
			t.Errorf("%d messages in %s after a second press", n, c.now)
		}
	}
	if _, err := h.pressedAt(health(), department, "すべての回答"); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("whoever has the room now: %v", err)
	}
	if len(h.line) != before {
		t.Error("the organization was told something")
	}
	r, err := h.c.Press(t.Context(), coordinator.Press{ID: h.id(), Actor: sato(), Press: msg.Do("proposal.details", "proposal", "1"), Channel: "C0LOBBY", TS: "1.1", Alone: true})
	if err != nil || r.Open == nil {
		t.Errorf("on what a command has answered: %+v, %v", r, err)
	}
}

// What nothing happens about loses its buttons bit by bit, and has a card again when something does.
func TestCards_left_behind_lose_their_buttons(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	var all []bot.Proposal
	for range 3 {
		p := h.submit()
		h.refers("welfare")
		h.ends(p, proposal.RuledOut)
		all = append(all, p)
	}
	h.restart(moves("welfare", "C0CHIIKI"))
	h.leaves(2)
	if n := h.cardsIn("C0CHIIKI"); n != 0 {
		t.Errorf("%d cards were posted", n)
	}
	if len(h.pressable("C0WELFARE")) == 0 {
		t.Error("three were changed where two may be")
	}
	h.leaves(5)
	if left := h.pressable("C0WELFARE"); len(left) > 0 {
		t.Errorf("there are buttons left: %+v", left)
	}
	if behind, err := h.db.CardsBehind(t.Context(), 9); err != nil || len(behind) > 0 {
		t.Errorf("still behind: %+v, %v", behind, err)
	}
	if len(h.pressable("C0DESK")) == 0 {
		t.Error("the desk, which has not moved, has lost its buttons")
	}
	h.hear(all[1], "その後のことで")
	got := h.in("C0CHIIKI")
	if len(got) != 2 || got[1].thread != got[0].ts {
		t.Errorf("got %+v, want a card with what was written under it", got)
	}
}

// A card that was posted in the new room while its old one was being let go of is not forgotten.
func TestCards_left_behind_and_posted_at_once(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	stood, err := h.db.Card(t.Context(), p.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	now := store.Card{Proposal: p.ID, Channel: "C0NEWDESK", TS: "7.7"}
	h.tx(func(tx *store.Tx) error { tx.SaveCard(now); return nil })
	h.tx(func(tx *store.Tx) error { tx.DropCard(stood); return nil })
	if got, err := h.db.Card(t.Context(), p.ID, ""); err != nil || got.TS != now.TS {
		t.Errorf("got %+v, %v, want the new one", got, err)
	}
}

// A process that still has the former profile posts where the reader is now, also what has no card: two processes have one order.
func TestCards_by_an_older_process(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare")
	h.restart(moves("welfare", "C0CHIIKI"))
	stands, err := h.db.Card(t.Context(), p.ID, "welfare")
	if err != nil {
		t.Fatal(err)
	}
	h.tx(func(tx *store.Tx) error { tx.DropCard(stands); return nil })
	moves("welfare", "C0WELFARE")(h.desk)
	before := len(h.in("C0WELFARE"))
	h.hear(p, "どちらに届きますか")
	if n := len(h.in("C0WELFARE")) - before; n != 0 {
		t.Errorf("%d messages in the room that the department has left", n)
	}
	got := h.in("C0CHIIKI")
	has(t, show(got[len(got)-1].message), "どちらに届きますか")
}

// leaves takes the buttons from so many cards that have stayed behind.
func (h *hall) leaves(n int) {
	h.t.Helper()
	found, err := h.db.CardsBehind(h.t.Context(), n)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range found {
		h.tx(func(tx *store.Tx) error { return h.ledger.LeaveBehind(h.t.Context(), tx, "left", c) })
	}
}

// While a process with the profile of before runs beside one with the new, cards stay where the newest start has them.
func TestCards_do_not_go_to_and_fro(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare")
	h.restart(moves("welfare", "C0CHIIKI"))
	moves("welfare", "C0WELFARE")(h.desk) // the older process handles what comes next
	h.hear(p, "どちらに届きますか")
	if got := h.in("C0CHIIKI"); len(got) != 2 || got[1].thread != got[0].ts {
		t.Errorf("got %+v, want a card with what was written under it", got)
	}
}

// A message whose card somebody has deleted brings a new card; when that is deleted each time, it is set aside in the end.
func TestCards_that_were_deleted_come_back(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	m := h.hear(p, "はじめまして")
	d := store.Delivery{ID: uuid.New(), Lane: store.SlackLane("C0DESK", p.ID), Event: "e", Kind: "message", Proposal: p.ID,
		Args: map[string]string{"proposal": num(int64(p.ID)), "department": "", "message": num(int64(m.ID))}}
	for range 3 {
		stands, err := h.db.Card(t.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		cards := h.cardsIn("C0DESK")
		h.first(d, store.Posted{Channel: stands.Channel, TS: stands.TS})
		now, err := h.db.Card(t.Context(), p.ID, "")
		if err != nil || now.TS == stands.TS || h.cardsIn("C0DESK") != cards+1 {
			t.Fatalf("the card stands at %+v, %v, want a new one", now, err)
		}
	}
	err := h.db.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := h.c.Handlings()[d.Kind].First(context.Background(), tx, d, store.Posted{Channel: "C0DESK", TS: "1"})
		return err
	})
	if bot.KindOf(err) != bot.Conflict {
		t.Errorf("a fourth time: %v", err)
	}
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// What waits for the desk to say what it is about follows the desk; filed there, nothing of it is left to press anywhere.
func TestUnfiled_follows_the_desk(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	first, second := h.submit(), h.submit()
	h.writes("水曜日はいかがでしょうか。", second)
	h.ends(first, proposal.RuledOut)
	h.ends(second, proposal.RuledOut)
	h.restart(moves("", "C0NEWDESK"))
	asks := h.in("C0NEWDESK")
	if len(asks) != 1 {
		t.Fatalf("got %+v, want the message alone", asks)
	}
	has(t, show(asks[0].message), "水曜日はいかがでしょうか。")
	b, ok := button(asks[0].message, second.Number)
	if !ok {
		t.Fatalf("no button in %s", show(asks[0].message))
	}
	for _, old := range h.in("C0DESK") {
		hasNot(t, show(old.message), "水曜日")
	}
	if r, err := h.do(sato(), b.Press); err != nil || r.Say.Key != "unfiled.done" {
		t.Fatalf("filing: %+v, %v", r, err)
	}
	has(t, show(h.in("C0NEWDESK")[0].message), second.Number+"のやりとりに入りました")
	has(t, h.thread("C0NEWDESK"), "水曜日はいかがでしょうか。")
}

// The news of a failed delivery under an old card cannot be pressed there any more.
func TestAlarms_left_behind(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.fail = &bot.Error{Kind: bot.Invalid, Say: bot.Refuse(bot.Invalid, "delivery.failed").Say, Sure: true}
	h.hear(p, "届かない言葉")
	h.ends(p, proposal.RuledOut)
	if _, ok := button(msg.Message{Choices: h.pressable("C0DESK")}, "もう一度送る"); !ok {
		t.Fatal("no alarm to begin with")
	}
	h.restart(moves("", "C0NEWDESK"))
	h.hear(p, "その後のことで")
	if left := h.pressable("C0DESK"); len(left) > 0 {
		t.Errorf("there are buttons left: %+v", left)
	}
}
