package coordinator_test

import (
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

func TestMessages_reach_the_threads_and_can_be_taken_back(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare,health")
	h.closes(health(), h.opens(health(), "C0HEALTH", "対応できない"), "reason", "所管外")
	m := h.hear(p, "水曜はいかがですか")
	has(t, h.thread("C0DESK"), "だんじり食品 佐藤 花子さん", "水曜はいかがですか")
	has(t, h.thread("C0WELFARE"), "水曜はいかがですか")
	hasNot(t, h.thread("C0HEALTH"), "水曜はいかがですか")
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "対応できない"), "reason", "やはり無理")
	posts := len(h.posts)
	h.tx(func(tx *store.Tx) error {
		taken, err := tx.Unsend(t.Context(), m.LineMessage)
		if err != nil {
			return err
		}
		return h.ledger.Unsent(t.Context(), tx, "unsent", taken[0])
	})
	for _, channel := range []string{"C0DESK", "C0WELFARE", "C0HEALTH"} {
		hasNot(t, h.thread(channel), "水曜はいかがですか")
	}
	has(t, h.thread("C0WELFARE"), "取り消しました")
	if len(h.posts) != posts {
		t.Errorf("%d new posts, want those changed that stood there", len(h.posts)-posts)
	}
}

func TestDead_letters_are_told_and_can_be_released(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.fail = &bot.Error{Kind: bot.Invalid, Say: bot.Refuse(bot.Invalid, "delivery.channel_gone").Say, Sure: true}
	h.submit()
	var alarm msg.Message
	for _, p := range h.posts {
		if b, ok := button(p.message, "もう一度送る"); ok && b.Press.Do == "delivery.release" {
			alarm = p.message
		}
	}
	has(t, show(alarm), "配信できなかったものがあります（K2026-0001）", "チャンネルに投稿できません")
	b, _ := button(alarm, "もう一度送る")
	if r, err := h.do(sato(), b.Press); err != nil || r.Say.Key != "coordinator.released" {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := h.do(sato(), b.Press); bot.KindOf(err) != bot.NotFound {
		t.Errorf("released twice: %v", err)
	}
	if _, err := h.do(sato(), msg.Do("delivery.release", "delivery", "x")); bot.KindOf(err) != bot.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestDetails_hold_all_answers_and_the_thread(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.hear(p, "追加の資料です")
	h.closes(sato(), h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "拝見します"))
	h.shows(sato(), h.opens(sato(), "C0DESK", "企業に返信"), "body", "まだ送っていない")
	s := screen(h.opens(sato(), "C0DESK", "すべての回答"))
	has(t, s, "提案の内容", "ひみつの弁当", "追加の資料です", "佐藤 → 提案者", "拝見します")
	hasNot(t, s, "まだ送っていない")
}
