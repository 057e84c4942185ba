package coordinator_test

import (
	"slices"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// Every button that stands on any card, in any state, for whoever may press it, does something that can be read.
func TestButtons_all_lead_somewhere(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	steps := []proposal.Event{
		proposal.Returned, proposal.DialogueOpened, proposal.Prepared, proposal.Started, proposal.Completed, proposal.Reported, proposal.Reopened,
		proposal.Held, proposal.Resumed, proposal.Returned, proposal.Returned,
	}
	p := h.submit()
	pressAll(t, h)
	h.refers("welfare")
	pressAll(t, h)
	for _, on := range steps {
		h.move(p, on)
		pressAll(t, h)
	}
	r, err := h.do(sato(), msg.Do("proposal.decline", "proposal", "1", "on", "ruled_out"))
	if err != nil {
		t.Fatal(err)
	}
	h.closes(sato(), h.shows(sato(), r.Open, "reason", "営業", "body", "お受けできません。"))
	pressAll(t, h)
}

func pressAll(t *testing.T, h *hall) {
	t.Helper()
	for channel, by := range map[string]bot.Actor{"C0DESK": sato(), "C0WELFARE": welfare()} {
		if !slices.ContainsFunc(h.posts, func(p *post) bool { return p.channel == channel }) {
			continue
		}
		card := h.card(channel)
		for _, b := range buttons(card) {
			if len(b.Press.Encode()) > 150 {
				t.Errorf("%s is too long for a menu: %s", b.Label, b.Press.Encode())
			}
			if b.Press.Do == "proposal.take" {
				continue // it does, and would change the card
			}
			if r, err := h.do(by, b.Press); err != nil || r.Open == nil {
				t.Errorf("%s on\n%s: got %+v, %v", b.Label, show(card), r, err)
			}
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	h.refers("welfare")
	type row struct {
		press                     msg.Press
		submits                   bool
		desk, asked, other, guest bool
	}
	do := func(name string, more ...string) msg.Press {
		return msg.Do(name, append([]string{"proposal", "1", "department", "welfare", "verdict", "join", "to", "town"}, more...)...)
	}
	for _, r := range []row{
		{do("proposal.take"), false, true, false, false, false},
		{do("proposal.assign"), true, true, false, false, false},
		{do("proposal.refer"), true, true, false, false, false},
		{do("proposal.forward"), false, true, false, false, false},
		{do("proposal.reply"), true, true, true, false, false},
		{do("proposal.waive"), false, true, false, false, false},
		{do("message.file"), false, true, false, false, false},
		{do("message.choose"), true, true, false, false, false},
		{do("proposal.decline"), true, true, false, false, false},
		{do("proposal.move"), true, true, false, false, false},
		{do("proposal.details"), false, true, true, false, false},
		{do("verdict"), true, true, true, false, false},
		{do("delivery.release"), false, true, false, false, false},
	} {
		for _, who := range []struct {
			a   bot.Actor
			may bool
		}{{sato(), r.desk}, {chief(), r.desk}, {welfare(), r.asked}, {health(), r.other}, {outsider(), r.guest}} {
			_, err := h.do(who.a, r.press)
			if got := bot.KindOf(err) != bot.Forbidden; got != who.may {
				t.Errorf("%s presses %s: got %v", who.a.ID, r.press.Do, err)
			}
			if !r.submits {
				continue
			}
			_, err = h.fills(who.a, &msg.Screen{Then: r.press})
			if got := bot.KindOf(err) != bot.Forbidden; got != who.may {
				t.Errorf("%s submits %s: got %v", who.a.ID, r.press.Do, err)
			}
		}
	}
	other := of("U0KENKO", "健康の山田", "health", "welfare")
	h.refers("health")
	if _, err := h.do(health(), do("verdict")); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("a department opened the verdict of another: %v", err)
	}
	if _, err := h.do(other, do("verdict")); err != nil {
		t.Errorf("somebody of both: %v", err)
	}
	for _, press := range []msg.Press{msg.Do("nonsense"), msg.Do("proposal.send", "proposal", "1"), msg.Do("")} {
		if _, err := h.do(sato(), press); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%+v: got %v", press, err)
		}
	}
	for _, press := range []msg.Press{msg.Do("proposal.move", "proposal", "99"), msg.Do("proposal.details", "proposal", "x"), msg.Do("proposal.take")} {
		if _, err := h.do(sato(), press); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%+v: got %v", press, err)
		}
	}
}

func TestRepeated_interactions_have_no_second_effect(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "照会する")
	twice := coordinator.Submission{ID: "twice", Actor: sato(), Press: s.Then, Values: msg.Values{"departments": {"welfare"}, "due": {"2026-12-01"}}}
	for range 2 {
		if r, err := h.c.Submit(t.Context(), twice); err != nil || len(r.Faults) > 0 {
			t.Fatalf("got %+v, %v", r, err)
		}
	}
	h.deliver()
	history, err := h.db.History(t.Context(), p.ID, 10)
	if err != nil || len(history) != 2 {
		t.Errorf("got %d lines of history, %v", len(history), err)
	}
	if n := strings.Count(h.thread("C0WELFARE"), "福祉政策課に照会"); n != 1 {
		t.Errorf("told %d times", n)
	}
}
