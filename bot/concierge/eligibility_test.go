package concierge_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/card"
	"tsunagi/bot/text"
)

// nameless calls staff by their ids.
type nameless struct{}

func (nameless) Name(_ context.Context, user string) string { return user }

// card is what the desk (department empty) or a department reads of a proposal.
func (k *talk) card(p bot.ProposalID, d bot.DepartmentID) string {
	k.t.Helper()
	words, err := text.Load("ja")
	if err != nil {
		k.t.Fatal(err)
	}
	v, err := card.Read(k.t.Context(), &k.db.Reader, p, d)
	if err != nil {
		k.t.Fatal(err)
	}
	return show(card.New(k.desk, words, nameless{}).Compose(k.t.Context(), v, k.now))
}

// answers types one answer after the other.
func (k *talk) answers(all ...string) {
	k.t.Helper()
	for _, a := range all {
		k.say(a)
	}
}

func TestEligibility(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers []string
		reads   string
		field   string
	}{
		"individuals": {[]string{"提案", "個人"}, "広聴窓口", "proposer"},
		"sales":       {[]string{"提案", "企業", "商品・サービスの営業"}, "御遠慮", "purpose"},
	} {
		t.Run("turns away "+name+", with another door and a record", func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.answers(c.answers...)
			k.reads(c.reads)
			k.reads("別のご提案やご相談は")
			if n := k.count(`SELECT count(*) FROM refusals WHERE field = $1`, c.field); n != 1 {
				t.Errorf("%d records are kept, want 1", n)
			}
			k.press("相談する")
			k.reads("団体名を教えてください")
			if len(k.mine()) != 0 {
				t.Error("there is a proposal")
			}
		})
	}
	t.Run("a button from before does nothing any more", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		question := k.last
		k.say("個人")
		k.last = question
		k.press("企業")
		k.reads("使えなくなりました")
	})
	t.Run("turned away from the summary", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("見守り")
		k.say("1")
		k.say("個人")
		k.reads("広聴窓口")
		k.say("送信")
		k.reads("ご用件")
		if len(k.mine()) != 0 {
			t.Error("there is a proposal")
		}
	})
	t.Run("turned away from the summary after another answer was changed", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("見守り")
		k.answers("団体名", "岸和田だんじり食品", "2", "商品・サービスの営業")
		k.reads("御遠慮")
		if len(k.mine()) != 0 || k.count(`SELECT count(*) FROM drafts WHERE state = 'declined'`) != 1 {
			t.Error("there is a proposal, or the draft is not declined")
		}
	})
	t.Run("turned away at submission by a rule that came after the answer", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("見守り")
		k.desk.Rules = append(k.desk.Rules, bot.Rule{
			Field: "proposer", Choice: "company", Do: bot.Decline, Say: "企業の方からの受付は終了しました。",
		})
		k.say("送信")
		k.reads("企業の方からの受付は終了しました。")
		k.reads("別のご提案やご相談は")
		if len(k.mine()) != 0 || k.count(`SELECT count(*) FROM refusals`) != 1 || k.count(`SELECT count(*) FROM answers`) != 0 {
			t.Error("there is a proposal, no record of the refusal, or an answer is left")
		}
		k.say("送信")
		k.reads("ただいまお答えいただく質問はありません")
	})
	t.Run("a remark is read at once and stands on the desk's card, and only there", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "寄附の申し出")
		k.reads("おつなぎできないことがあります")
		k.reads("団体名を教えてください")
		k.answers("岸和田だんじり食品", "寄附", "福祉・見守り", "次へ", "地域課題の解決", "次へ", "車いすを寄附します。", "あり")
		k.reads("契約の手続き")
		k.reads("金額の見込み")
		k.answers("30万円", "はい", "佐藤 花子", "hanako@danjiri-foods.example", "スキップ", "送信")
		k.reads("受付番号")
		p := k.mine()[0]
		k.refer(p.ID, "welfare")
		desk, welfare := k.card(p.ID, ""), k.card(p.ID, "welfare")
		for _, remark := range []string{"ご用件：寄附の申し出", "市の費用負担：あり"} {
			holds(t, desk, remark, true)
			holds(t, welfare, "{Label:要確認 Value:"+remark, false)
		}
		holds(t, welfare, "車いすを寄附します。", false)
		holds(t, welfare, "hanako", false)
	})
}

func TestConsultation_from_the_question_to_the_card(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.say("相談")
	k.reads("(1/4)")
	k.answers("岸和田だんじり食品", "佐藤 花子", "子ども食堂について")
	k.reads("この内容は保護され")
	k.say("どの課に相談すればよいでしょうか。")
	k.reads("内容の確認")
	k.press("送信")
	k.reads("ご相談を受け付けました")
	k.reads("K2026-0001")
	p := k.mine()[0]
	if p.Kind != bot.KindConsultation {
		t.Errorf("it is a %s", p.Kind)
	}
	holds(t, k.card(p.ID, ""), "{Label:種別 Value:相談", true)
	holds(t, k.card(p.ID, ""), "どの課に相談すればよいでしょうか。", true)
	k.say("追って資料をお送りします。")
	k.reads("お伝えしました")
	k.fetched("資料.pdf")
	k.say("状況")
	k.reads("子ども食堂について")
	k.say("取下げ")
	k.press("取り下げる")
	k.reads("取り下げました")
	k.say("提案")
	k.reads("ご提案者について")
}

// Outside office hours the person reads by when the desk answers; weekends and holidays do not count.
func TestHours(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.several(1)
	k.say("水曜日はいかがでしょうか。")
	if k.sees("受付時間外") {
		t.Error("on a Friday morning the desk is open")
	}
	k.now = time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC) // Sunday morning in Kishiwada
	k.say("木曜日でもかまいません。")
	k.reads("受付時間外")
	k.reads("2026年12月7日(月)までに")
}

func holds(t *testing.T, all, part string, want bool) {
	t.Helper()
	if got := strings.Contains(all, part); got != want {
		t.Errorf("%q: %v, want %v, in:\n%s", part, got, want, all)
	}
}
