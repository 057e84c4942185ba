package coordinator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

func TestReply_is_previewed_and_goes_once(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	s := h.opens(sato(), "C0DESK", "企業に返信")
	if r, err := h.fills(sato(), s, "body", " \n"); err != nil || r.Faults["body"].Empty() {
		t.Errorf("got %+v, %v", r, err)
	}
	preview := h.leadsOn(sato(), s, "body", "水曜に伺います。")
	has(t, screen(preview), "宛先：だんじり食品 佐藤 花子 様", "水曜に伺います。", "K2026-0001「だんじり弁当」")
	if len(h.line) != 0 {
		t.Fatalf("it went before it was confirmed: %v", h.line)
	}
	if _, err := h.fills(mori(), preview); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("a colleague sent it: %v", err)
	}
	h.closes(sato(), preview)
	h.closes(sato(), preview)
	if !slices.Equal(h.line, []string{ledger.KindReply}) {
		t.Errorf("went to LINE: %v", h.line)
	}
	has(t, show(h.card("C0DESK")), "団体へ返信", "確認中", "Value:佐藤")
}

func TestReply_shows_that_a_colleague_was_first(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	mine := h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "一つ目")
	theirs := h.shows(mori(), h.opens(mori(), "C0DESK", "企業に返信"), "body", "二つ目")
	h.closes(mori(), theirs)
	h.now = h.now.Add(time.Minute)
	warned := h.shows(sato(), mine)
	has(t, screen(warned), "森さんが先に返信しました", "一つ目")
	h.closes(sato(), warned)
	if len(h.line) != 2 {
		t.Errorf("went to LINE: %v", h.line)
	}
}

func TestReply_by_a_department(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare,health")
	preview := h.shows(welfare(), h.opens(welfare(), "C0WELFARE", "企業に返信"), "body", "詳しくお聞かせください。")
	h.closes(welfare(), preview)
	h.tx(func(tx *store.Tx) error {
		return h.ledger.Sent(t.Context(), tx, "sent", p.ID, preview.Then.Args.Get("message"), "")
	})
	for _, channel := range []string{"C0DESK", "C0WELFARE", "C0HEALTH"} {
		has(t, h.thread(channel), "✅ 送信済み 11月20日(金) 10:00（福祉の田中）", "詳しくお聞かせください。")
	}
	h.tx(func(tx *store.Tx) error {
		return h.ledger.Sent(t.Context(), tx, "sent", p.ID, preview.Then.Args.Get("message"), "delivery.blocked")
	})
	has(t, h.thread("C0DESK"), "⚠ 送信できませんでした", "ブロック中")
}

func TestReply_is_refused_before_a_word_is_typed(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	reply := msg.Do("proposal.reply", "proposal", "1")
	h.move(p, proposal.Returned)
	if _, err := h.do(welfare(), reply); bot.KindOf(err) != bot.Conflict {
		t.Errorf("a department in screening: %v", err)
	}
	h.tx(func(tx *store.Tx) error {
		talk, _, err := tx.Hear(t.Context(), h.id(), contact)
		talk.Blocked = true
		tx.SaveTalk(talk)
		return err
	})
	if _, err := h.do(sato(), reply); bot.SayOf(err).Key != "delivery.blocked" {
		t.Errorf("a blocked account: %v", err)
	}
}

func TestDecline(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	s := h.opens(sato(), "C0DESK", "見送る")
	for _, row := range []struct{ input, reason, body string }{{"reason", "", "申し訳ありません"}, {"body", "cost", ""}} {
		values := []string{"body", row.body}
		if row.reason != "" {
			values = append(values, "reason", row.reason)
		}
		if r, err := h.fills(sato(), s, values...); err != nil || r.Faults[row.input].Empty() {
			t.Errorf("without %s: got %+v, %v", row.input, r, err)
		}
	}
	preview := h.shows(sato(), s, "reason", "cost", "body", "申し訳ありません。")
	if now := h.proposal(p); now.State != proposal.Coordinating {
		t.Errorf("declined before it was confirmed")
	}
	h.closes(sato(), preview)
	has(t, show(h.card("C0DESK")), "見送り", "Tone:closed", "費用負担が生じる")
	has(t, show(h.card("C0WELFARE")), "見送り", "Tone:closed")
	hasNot(t, h.thread("C0WELFARE"), "費用負担")
	hasNot(t, strings.Join(labels(h.card("C0WELFARE")), " "), "連携したい")
	if diff := cmp.Diff([]string{"企業に返信", "状態を変える", "すべての回答を見る"}, labels(h.card("C0DESK"))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	h.hear(p, "わかりました")
	has(t, h.thread("C0DESK"), "わかりました")
	h.closes(sato(), h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "ありがとうございました。"))
}

// What only this Slack shows as an emoji is named before it goes.
func TestReply_names_emoji_of_this_slack(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	s := h.opens(sato(), "C0DESK", "企業に返信")
	has(t, screen(h.leadsOn(sato(), s, "body", "よろしく :danjiri:、:danjiri::kishiwada:")), ":danjiri: :kishiwada:は、このSlackだけの絵文字です")
	for _, plain := range []string{"よろしく 🙇", "10:30:00 に伺います。", "https://city.example:8080/a:b:c です", "a:b:c"} {
		if got := screen(h.leadsOn(sato(), s, "body", plain)); strings.Contains(got, "絵文字") {
			t.Errorf("of %q it says\n%s", plain, got)
		}
	}
}
