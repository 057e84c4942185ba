package coordinator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// writes lets the organization write without saying which of its proposals it means.
func (h *hall) writes(words string, open bot.Proposal) store.Message {
	h.t.Helper()
	m := store.Message{Kind: store.MessageText, Body: words, Author: contact, LineMessage: h.id()}
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(h.t.Context(), h.id(), contact)
		if err != nil {
			return err
		}
		m.Contact = talk.ID
		if m.ID, err = tx.AddMessage(h.t.Context(), m); err != nil {
			return err
		}
		return h.ledger.Unfiled(tx, h.id(), m, open)
	})
	return m
}

func TestUnfiled(t *testing.T) {
	t.Parallel()
	t.Run("the desk files it, once, and everybody concerned reads it", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		first := h.submit()
		h.refers("welfare")
		second := h.submit()
		h.writes("水曜日はいかがでしょうか。", second)
		asks := h.card("C0DESK")
		has(t, show(asks), "水曜日はいかがでしょうか。", "まだ分かりません")
		b, ok := button(asks, first.Number)
		if _, also := button(asks, second.Number); !ok || !also {
			t.Fatalf("no button for each open proposal:\n%s", show(asks))
		}
		if _, err := h.do(welfare(), b.Press); bot.KindOf(err) != bot.Forbidden {
			t.Errorf("a department files it: %v", err)
		}
		if r, err := h.do(sato(), b.Press); err != nil || r.Say.Key != "unfiled.done" {
			t.Fatalf("filing: %+v, %v", r, err)
		}
		has(t, show(h.card("C0DESK")), first.Number+"のやりとりに入りました")
		if strings.Contains(show(h.card("C0DESK")), "水曜日") {
			t.Error("the words still stand outside of the thread")
		}
		has(t, h.thread("C0DESK"), "水曜日はいかがでしょうか。")
		has(t, h.thread("C0WELFARE"), "水曜日はいかがでしょうか。")
		if _, err := h.do(sato(), b.Press); bot.SayOf(err).Key != "ledger.filed_before" {
			t.Errorf("filed twice: %v", err)
		}
	})
	t.Run("one that has ended can be chosen, and stays ended", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		ended := h.submit()
		h.ends(ended, proposal.RuledOut)
		second := h.submit()
		h.now = h.now.Add(time.Hour)
		h.writes("ご検討ありがとうございました。", second)
		asks := h.card("C0DESK")
		if all := labels(asks); !slices.Equal(all, []string{second.Number + " だんじり弁当", ended.Number + "（対象外）だんじり弁当"}) {
			t.Fatalf("the buttons are %q", all)
		}
		b, _ := button(asks, ended.Number)
		if _, err := h.do(welfare(), b.Press); bot.KindOf(err) != bot.Forbidden {
			t.Errorf("a department files it: %v", err)
		}
		for _, said := range []string{"unfiled.done", ""} { // Slack may say it twice
			r, err := h.c.Press(t.Context(), coordinator.Press{ID: "once", Actor: sato(), Press: b.Press})
			if h.deliver(); err != nil || r.Say.Key != said {
				t.Fatalf("filing: %+v, %v", r, err)
			}
		}
		has(t, show(h.card("C0DESK")), ended.Number+"のやりとりに入りました")
		has(t, h.thread("C0DESK"), "ご検討ありがとうございました。")
		has(t, show(h.deskCard()), ended.Number, "未返信 Value:「ご検討ありがとうございました。」")
		if now := h.proposal(ended); now.State != proposal.OutOfScope {
			t.Errorf("it is %s", now.State)
		}
		if waiting, err := h.db.Waiting(t.Context(), second.ID); err != nil || len(waiting) != 0 {
			t.Errorf("the other one waits: %v, %v", waiting, err)
		}
	})
	t.Run("of many, all can be chosen from a list", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		first := h.submit()
		for range 9 {
			h.submit()
		}
		h.writes("水曜日はいかがでしょうか。", first)
		if _, ok := button(h.card("C0DESK"), "ほかの案件から選ぶ"); ok {
			t.Error("a list of what has buttons")
		}
		h.ends(first, proposal.RuledOut)
		h.submit()
		m := h.writes("木曜日はいかがでしょうか。", first)
		asks := h.card("C0DESK")
		if all := labels(asks); len(all) != 11 || strings.Contains(strings.Join(all, ""), first.Number) {
			t.Fatalf("the buttons are %q", all)
		}
		b, _ := button(asks, "ほかの案件から選ぶ")
		r, err := h.do(sato(), b.Press)
		if err != nil || r.Open == nil || len(r.Open.Inputs[0].Options) != 11 || r.Open.Inputs[0].Options[10].Label != first.Number+"（対象外）だんじり弁当" {
			t.Fatalf("got %+v, %v", r, err)
		}
		if r, err := h.fills(sato(), r.Open); err != nil || r.Faults["proposal"].Key != "modal.choose.missing" {
			t.Errorf("nothing chosen: %+v, %v", r, err)
		}
		done, err := h.fills(sato(), r.Open, "proposal", r.Open.Inputs[0].Options[10].ID)
		if err != nil || done.Say.Key != "unfiled.done" {
			t.Errorf("filing: %+v, %v", done, err)
		}
		if now, err := h.db.Message(t.Context(), m.ID); err != nil || now.Proposal != first.ID {
			t.Errorf("it is about %d, %v", now.Proposal, err)
		}
		if now := h.proposal(first); now.State != proposal.OutOfScope {
			t.Errorf("it is %s", now.State)
		}
		if _, err := h.fills(sato(), r.Open, "proposal", "2"); bot.SayOf(err).Key != "ledger.filed_before" {
			t.Errorf("filed twice: %v", err)
		}
	})
	t.Run("taken back, it is hidden", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		p := h.submit()
		m := h.writes("まちがえました", p)
		h.tx(func(tx *store.Tx) error {
			taken, err := tx.Unsend(t.Context(), m.LineMessage)
			if err != nil {
				return err
			}
			return h.ledger.Unsent(t.Context(), tx, h.id(), taken[0])
		})
		if got := show(h.card("C0DESK")); strings.Contains(got, "まちがえました") || !strings.Contains(got, "取り消しました") {
			t.Errorf("the desk reads %s", got)
		}
	})
	t.Run("somebody else's message goes into no thread of theirs", func(t *testing.T) {
		t.Parallel()
		h := newHall(t)
		p := h.submit()
		h.tx(func(tx *store.Tx) error {
			talk, _, err := tx.Hear(t.Context(), h.id(), "Uffffffffffffffffffffffffffffffff")
			if err != nil {
				return err
			}
			_, err = tx.AddMessage(t.Context(), store.Message{
				Contact: talk.ID, Kind: store.MessageText, Body: "他人の連絡", Author: "U", LineMessage: h.id(),
			})
			return err
		})
		_, err := h.do(sato(), msg.Do("message.file", "message", "1", "proposal", "1", "r", "1"))
		if bot.KindOf(err) != bot.NotFound {
			t.Errorf("filing: %v", err)
		}
		if strings.Contains(h.thread("C0DESK"), "他人の連絡") {
			t.Errorf("it stands in the thread of %s", p.Number)
		}
	})
}
