package coordinator_test

import (
	"testing"
	"time"

	"tsunagi/bot/calendar"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

const morning = "朝のまとめ"

// digest makes the digest of a day at nine in the morning, which the desk then reads.
func (h *hall) digest(day string) []msg.Message {
	h.t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, day, h.desk.Location)
	if err != nil {
		h.t.Fatal(err)
	}
	h.now = at.Add(9 * time.Hour)
	h.tx(func(tx *store.Tx) error {
		_, _, err := h.ledger.Digest(h.t.Context(), tx)
		return err
	})
	return h.news(morning)
}

func TestDigest(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	if len(h.digest("2026-11-19")) > 0 {
		t.Error("the desk reads that nothing is open")
	}
	h.now = h.now.AddDate(0, 0, 1)
	h.submit()
	h.submit()
	if _, err := h.press(mori(), "C0DESK", "担当する"); err != nil {
		t.Fatal(err)
	}
	news := h.digest("2026-11-24")
	if len(news) != 1 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[0]), "朝のまとめ 2026年11月24日(火)", "受付中 Value:2件", "期限超過 Value:0件", "担当未定 Value:1件", "漏れはありません。受付中のすべての案件に")
	hasNot(t, show(news[0]), "保留を解除", "未配信", "期限を過ぎた", "⚠")

	news = h.digest("2026-11-26")
	if len(news) != 2 {
		t.Fatalf("the desk reads it %d times", len(news))
	}
	has(t, show(news[1]), "期限超過 Value:2件", "期限を過ぎた案件（期限の古い順）", "K2026-0001 だんじり弁当", "だんじり食品", "森", "⚠ 2026年11月25日(水)（1日超過）",
		string(msg.Alert))
	open, ok := button(news[1], "開く")
	if !ok || open.Press.Do != "desk.run" || open.Press.Args.Get("line") != "show K2026-0001" {
		t.Errorf("got %+v", open)
	}
	take, ok := button(news[1], "担当する")
	if !ok {
		t.Fatal("what nobody owns cannot be taken")
	}
	if _, err := h.do(sato(), take.Press); err != nil {
		t.Error(err)
	}
	if all, ok := button(news[1], "期限を過ぎた案件の一覧"); !ok || all.Press.Args.Get("line") != "list overdue" {
		t.Errorf("got %+v", all)
	}
	if h.digest("2026-11-26"); len(h.news(morning)) != 2 {
		t.Error("the desk reads it twice on one day")
	}
}

// What was written after the end counts, and is listed, until it is answered; also when nobody has taken the proposal.
func TestDigest_tells_of_what_was_written_after_the_end(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.withdraws(p)
	h.hear(p, "やはりお願いできますか")
	has(t, show(h.card("C0DESK")), "未返信 Value:「やはりお願いできますか」", "企業への回答期限 Value:2026年12月7日(月)")
	news := h.digest("2026-11-24")
	has(t, show(news[0]), "受付中 Value:0件", "終了後の連絡に未返信 Value:1件（/desk 一覧 終了後未返信 で表示できます）", "担当未定 Value:1件")
	news = h.digest("2026-12-08")
	has(t, show(news[1]), "期限超過 Value:1件", p.Number, "⚠ 2026年12月7日(月)（1日超過）")
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.ShowLate(t.Context(), tx, h.id(), p.ID)
		return err
	})
	hasNot(t, show(news[1]), "「担当する」を押してください")
	has(t, show(h.deskCard()), "企業への回答期限 Value:⚠ 2026年12月7日(月)", string(msg.Alert))

	reply, _ := button(h.deskCard(), "企業に返信")
	dialog, err := h.do(sato(), reply.Press)
	if err != nil {
		t.Fatal(err)
	}
	h.closes(sato(), h.leadsOn(sato(), dialog.Open, "body", "承知しました。"))
	hasNot(t, show(h.deskCard()), "未返信", "企業への回答期限", string(msg.Alert))
	if news := h.digest("2026-12-09"); len(news) > 2 {
		t.Errorf("the desk reads of what is answered: %s", show(news[2]))
	}
}

// What does not fit is counted, with the command that lists it.
func TestDigest_says_where_the_rest_is(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for range 7 {
		h.submit()
	}
	news := h.digest("2027-01-04")
	has(t, show(news[0]), "期限超過 Value:7件", "K2026-0005", "このほかに2件あります。/desk list 期限超過 で表示できます。")
	hasNot(t, show(news[0]), "K2026-0006")
}

func TestDigest_names_holds_that_have_ended(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Move(t.Context(), tx, ledger.Change{
			Event: h.id(), Proposal: p.ID, On: proposal.Held, By: mori(), Why: "予算", Until: calendar.Date{Year: 2026, Month: 12, Day: 1}})
		return err
	})
	h.now = time.Date(2026, 12, 1, 9, 0, 0, 0, h.desk.Location)
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Move(t.Context(), tx, ledger.Change{Event: h.id(), Proposal: p.ID, On: proposal.Resumed})
		return err
	})
	news := h.digest("2026-12-01")
	has(t, show(news[0]), "本日保留を解除 Value:1件", "K2026-0001「だんじり弁当」（だんじり食品）受付 次の期限：2026年12月3日(木)")
	has(t, h.thread("C0DESK"), "システム：保留解除（受付）")
}

// One that has dropped out of sight is counted, with the command that lists it.
func TestDigest_says_what_has_dropped_out_of_sight(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	stood, err := h.db.Card(t.Context(), p.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	h.tx(func(tx *store.Tx) error { tx.DropCard(stood); return nil })
	news := h.digest("2026-11-24")
	has(t, show(news[0]), "案件が1件あります。/desk list 要点検 で確認してください。", string(msg.Alert))
	hasNot(t, show(news[0]), "すべての案件に")
	if all, ok := button(news[0], "要点検の一覧"); !ok || all.Press.Args.Get("line") != "list adrift" {
		t.Errorf("got %+v", all)
	}
}

// What could not go on its day does not go on another.
func TestDigest_that_is_late(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	h.now = time.Date(2026, 11, 24, 9, 0, 0, 0, h.desk.Location)
	err := h.db.InTx(t.Context(), func(tx *store.Tx) error {
		_, _, err := h.ledger.Digest(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 0, 1)
	h.deliver()
	if len(h.news(morning)) > 0 {
		t.Error("the desk reads yesterday's")
	}
}
