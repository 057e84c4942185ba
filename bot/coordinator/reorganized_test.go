package coordinator_test

import (
	"slices"
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// restart starts the desk again with a profile that was changed; nil: with the same.
func (h *hall) restart(change func(*bot.Desk)) {
	h.t.Helper()
	h.desk.Departments = slices.Clone(h.desk.Departments)
	if change != nil {
		change(h.desk)
	}
	former, err := h.c.Reorganized(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.desk.Former = former
	h.deliver()
}

func without(id bot.DepartmentID) func(*bot.Desk) {
	return func(d *bot.Desk) {
		d.Departments = slices.DeleteFunc(d.Departments, func(one bot.Department) bool { return one.ID == id })
	}
}

func with(d bot.Department) func(*bot.Desk) {
	return func(desk *bot.Desk) {
		without(d.ID)(desk)
		desk.Departments = append(desk.Departments, d)
	}
}

func (h *hall) unsends(m store.Message) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		taken, err := tx.Unsend(h.t.Context(), m.LineMessage)
		if err != nil {
			return err
		}
		return h.ledger.Unsent(h.t.Context(), tx, h.id(), taken[0])
	})
}

// deskCard is the desk's card of the only proposal.
func (h *hall) deskCard() msg.Message { return h.posts[0].message }

const gone = "回答できる課がありません"

// A department that is gone from the profile is called by the name it had, the desk is told once of what it cannot answer,
// nothing more goes to its channel, and what is taken back disappears there too.
func TestReorganized_department_gone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare,health")
	m := h.hear(p, "取り消される言葉")
	h.restart(nil)
	if len(h.news(gone)) > 0 {
		t.Fatal("told though nothing has changed")
	}
	for range 3 { // every start of every replica
		h.restart(without("welfare"))
	}
	news := h.news(gone)
	if len(news) != 1 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[0]), "「福祉政策課」は現在の設定にないため、照会中の1件に", "/desk forward", "K2026-0001「だんじり弁当」（だんじり食品）回答期限：2026年11月30日(月)")
	has(t, show(h.deskCard()), "Label:福祉政策課（現在の設定にない課） Value:回答を得られません", "健康推進課", "回答待ち")

	h.hear(p, "あとの言葉")
	h.unsends(m)
	hasNot(t, h.thread("C0WELFARE"), "あとの言葉", "取り消される言葉")
	has(t, h.thread("C0WELFARE"), "取り消しました")
	has(t, h.thread("C0HEALTH"), "あとの言葉")
	if n := strings.Count(h.thread("C0DESK"), "あとの言葉"); n != 1 {
		t.Errorf("the desk reads it %d times", n)
	}
	if _, err := h.do(bot.Actor{ID: "U0FUKUSHI"}, msg.Do("verdict", "proposal", "1", "department", "welfare", "verdict", "join")); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("somebody of it presses: %v", err)
	}

	ask, ok := button(news[0], "K2026-0001を他課へ照会")
	if !ok {
		t.Fatalf("no way to ask another in %s", show(news[0]))
	}
	r, err := h.do(sato(), ask.Press)
	if err != nil || r.Open == nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	hasNot(t, screen(&msg.Screen{Inputs: r.Open.Inputs}), "福祉政策課") // it stands among those asked, and is no choice
	h.closes(sato(), r.Open, "departments", "children")
	has(t, show(h.card("C0CHILDREN")), "だんじり弁当")
	pressDesk(t, h)
}

// pressDesk presses every button of the desk's card.
func pressDesk(t *testing.T, h *hall) {
	t.Helper()
	for _, b := range buttons(h.deskCard()) {
		if b.Press.Do == "proposal.waive" {
			continue // it does, and opens nothing
		}
		if r, err := h.do(sato(), b.Press); err != nil || r.Open == nil {
			t.Errorf("%s: got %+v, %v", b.Label, r, err)
		}
	}
}

// A department that another has named and that is gone since is not offered.
func TestReorganized_other_gone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare")
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "他課が適当"), "other", "health")
	h.restart(without("health"))
	h.hear(p, "いかがですか")
	if b, ok := button(h.deskCard(), "健康推進課"); ok {
		t.Errorf("offered: %+v", b)
	}
	has(t, show(h.deskCard()), "他課が適当：健康推進課（現在の設定にない課）")
	if len(h.news(gone)) > 0 {
		t.Error("told of a department that was asked nothing")
	}
}

// What is on hold cannot be asked of another now: it is listed without a button. What was asked before anything was kept is
// called by its id. What has ended is not told of.
func TestReorganized_lists_what_is_open(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	held := h.submit()
	h.refers("welfare")
	h.move(held, proposal.Held)
	ended := h.submit()
	h.refers("welfare")
	h.ends(ended, proposal.RuledOut)
	for range 10 {
		h.submit()
		h.refers("welfare")
	}
	h.restart(without("welfare"))
	news := h.news(gone)
	if len(news) != 1 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[0]), "「welfare」は", "11件", "このほかに1件あります")
	hasNot(t, show(news[0]), ended.Number)
	if _, ok := button(news[0], held.Number); ok {
		t.Error("what is on hold has a button that can do nothing")
	}
	if b, ok := button(news[0], "照会した案件の一覧"); !ok || b.Press.Args.Get("line") != "list department:welfare" {
		t.Errorf("got %+v", b)
	}
}

// One that comes back is called as always; gone again, the desk is told of what was asked meanwhile, and of nothing twice.
func TestReorganized_back_and_gone_again(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	all := h.desk.Departments
	h.submit()
	h.refers("welfare")
	h.restart(without("welfare"))
	h.restart(func(d *bot.Desk) { d.Departments = all })
	if len(h.desk.Former) > 0 {
		t.Errorf("former are %+v", h.desk.Former)
	}
	second := h.submit()
	h.refers("welfare")
	h.restart(without("welfare"))
	news := h.news(gone)
	if len(news) != 2 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[1]), second.Number, "1件")
	hasNot(t, show(news[1]), "K2026-0001")
}

// The same department under another name, in another channel: its card stands there, with the new name, and is the one that
// changes. What is taken back disappears in the old channel too.
func TestReorganized_renamed_and_moved(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.restart(nil)
	p := h.submit()
	h.refers("welfare,health")
	h.closes(health(), h.opens(health(), "C0HEALTH", "対応できない"), "reason", "所管外")
	m := h.hear(p, "取り消される言葉")
	for range 2 {
		h.restart(with(bot.Department{ID: "welfare", Name: "地域福祉課", Channel: "C0CHIIKI"}))
	}
	has(t, show(h.card("C0CHIIKI")), "だんじり弁当")
	if n := h.cardsIn("C0CHIIKI"); n != 1 {
		t.Errorf("%d cards", n)
	}
	h.closes(welfare(), h.opens(welfare(), "C0CHIIKI", "連携したい"))
	has(t, show(h.card("C0CHIIKI")), "自課の回答")
	has(t, show(h.deskCard()), "地域福祉課", "連携したい")
	hasNot(t, show(h.deskCard()), "福祉政策課", "現在の設定にない")
	h.unsends(m)
	hasNot(t, h.thread("C0WELFARE"), "取り消される言葉")
	hasNot(t, h.thread("C0CHIIKI"), "取り消される言葉")
	if len(h.news(gone)) > 0 {
		t.Error("told of a department that is there")
	}
	t.Run("one that has said no needs no new card", func(t *testing.T) {
		h.restart(with(bot.Department{ID: "health", Name: "健康課", Channel: "C0KENKO"}))
		if n := h.cardsIn("C0KENKO"); n != 0 {
			t.Errorf("%d cards", n)
		}
	})
	t.Run("the desk itself", func(t *testing.T) {
		h.restart(func(d *bot.Desk) { d.Channel = "C0NEWDESK" })
		has(t, show(h.card("C0NEWDESK")), "だんじり弁当", "地域福祉課")
		h.hear(p, "あとの言葉")
		has(t, h.thread("C0NEWDESK"), "あとの言葉")
		hasNot(t, h.thread("C0DESK"), "あとの言葉")
	})
}

// cardsIn counts the cards in a channel.
func (h *hall) cardsIn(channel string) (n int) {
	for _, p := range h.posts {
		if p.channel == channel && p.thread == "" {
			n++
		}
	}
	return n
}
