package desk_test

import (
	"strings"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// A reply is written from the card, which the command shows; what was typed goes nowhere, and least of all is it 返信不要.
func TestReply(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り", "welfare")
	o.hear(p, "いつになりますか")
	for _, line := range []string{"返信 1", "reply K2026-0001", "返信　１"} {
		m := o.say(sato(), line)
		has(t, m, "K2026-0001への返信は、下のカードの「企業に返信」を押して書いてください", "いつになりますか")
		if b, ok := button(m, "企業に返信"); !ok || b.Press.Do != "proposal.reply" {
			t.Errorf("%s: got %+v", line, b)
		}
		hasNot(t, m, "もしかして", "送信していません")
	}
	has(t, o.say(sato(), "返信 1 来週 お答えします"), "入力された言葉（送信していません）", "来週 お答えします")
	has(t, o.say(sato(), "返信"), "受付番号を付けてください", "例：/desk 返信 K2026-0001、/desk 返信 1")
	has(t, o.say(health(), "返信 1"), "見つかりません")
	o.say(sato(), "照会 1 福祉政策課")
	has(t, o.say(welfare(), "返信 1"), "Label:企業に返信")
	o.withdraws(p)
	o.n++
	_, err := o.d.Run(t.Context(), desk.Call{ID: "after", Actor: welfare(), Line: "返信 1"})
	if bot.SayOf(err).Key != "ledger.not_now" {
		t.Errorf("after the end a department reads %v", err)
	}
}

// Words of a state or a list lead to the command, in a few lines instead of the whole help.
func TestPointing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り", "welfare")
	for line, want := range map[string]string{
		"見送り 1":         "状態 K2026-0001 見送り",
		"見送る 1":         "状態 K2026-0001 見送り",
		"1 見送り":         "状態 K2026-0001 見送り",
		"in_dialogue 1": "状態 K2026-0001 対話中",
		"保留 1 2026-12-25 予算を待つため": "状態 K2026-0001 保留 2026-12-25 予算を待つため",
		"期限超過": "一覧 期限超過",
		"受付":   "一覧 受付",
	} {
		m := o.say(sato(), line)
		has(t, m, "というコマンドはありません", "もしかして：/desk "+want, "[/desk "+want+"]", "[ヘルプ]")
		if n := len(m.Blocks); n > 2 {
			t.Errorf("%s: the answer has %d parts:\n%s", line, n, show(m))
		}
	}
	has(t, o.press(sato(), o.say(sato(), "対話中 1"), "/desk 状態"), "「対話中」にすると")
	if now := o.proposal(p); now.State != proposal.Received {
		t.Errorf("a suggestion alone led to %s", now.State)
	}
	has(t, o.say(sato(), "zzzz 1"), "Title:コマンド", "/desk 一覧") // nothing is near: the whole help
}

// What a department may do, what its help says and what it is answered are the same.
func TestDepartment_reads_of_what_it_may(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	first, second, third := o.submit("見守り", "welfare"), o.submit("配食", "welfare"), o.submit("体操", "welfare")
	for _, n := range []string{"1", "2", "3"} {
		o.say(sato(), "照会 "+n+" 福祉政策課")
	}
	o.withdraws(second)
	o.tx(func(tx *store.Tx) error {
		_, err := o.ledger.Answer(t.Context(), tx, verdict(third, welfare()))
		return err
	})
	for _, line := range []string{"一覧 回答待ち", "list waiting", "一覧 自分", "list mine"} {
		m := o.say(welfare(), line)
		has(t, m, "福祉政策課の回答待ちの案件", first.Number)
		hasNot(t, m, second.Number, third.Number)
	}
	has(t, o.say(welfare(), "一覧 期限超過"), "福祉政策課の回答期限を過ぎた案件：ありません", "[照会を受けた案件の一覧]")
	o.now = o.now.AddDate(0, 1, 0)
	for _, line := range []string{"一覧 期限超過", "list overdue"} {
		m := o.say(welfare(), line)
		has(t, m, first.Number, "⚠")
		hasNot(t, m, second.Number, third.Number)
	}
	has(t, o.say(welfare(), "期限超過"), "もしかして：/desk 一覧 期限超過")
	for _, line := range []string{"一覧 受付", "一覧 未担当"} {
		m := o.say(welfare(), line)
		has(t, m, "という一覧はありません", "[/desk 一覧 回答待ち]", "[/desk 一覧 期限超過]", "例：/desk 一覧 回答待ち")
		hasNot(t, m, "確認中", "状態")
	}
	hasNot(t, o.say(welfare(), "ヘルプ"), "未担当", "担当未定", "/desk 照会", "/desk 状態")
	has(t, o.say(welfare(), "ヘルプ 一覧"), "/desk 一覧 [回答待ち・期限超過]", "自課が照会を受けた案件")
	said := "「照会」は、デスクの職員だけが使えるコマンドです"
	has(t, o.say(welfare(), "ヘルプ 照会"), said)
	_, err := o.d.Run(t.Context(), desk.Call{ID: "refer", Actor: welfare(), Line: "照会 2 環境課"})
	if bot.KindOf(err) != bot.Forbidden || bot.SayOf(err).Key != "desk.only_desk" {
		t.Errorf("got %v", err)
	}
	both := of("U0BOTH", "welfare", "health")
	m := o.say(both, "一覧 期限超過")
	has(t, m, "複数あります", "[/desk 一覧 期限超過 福祉政策課]")
	has(t, o.press(both, m, "福祉政策課"), first.Number)
	has(t, o.say(both, "一覧 期限超過 福祉政策課"), first.Number)
}

func TestHelp_as_in_a_shell(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り")
	for _, line := range []string{"--help", "-h", "—help"} {
		has(t, o.say(sato(), line), "/desk で使えるコマンドです")
	}
	has(t, o.say(sato(), "一覧 --help"), "呼び方", "リスト")
	has(t, o.say(sato(), "照会 1 -h"), "所管課に照会します")
}

func TestForward_names_the_departments_there_are(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り")
	m := o.say(sato(), "照会 1 港湾課")
	for _, dep := range o.desk.Departments {
		has(t, m, dep.Name)
	}
	has(t, m, "「港湾課」という課はありません。照会できる課：")
	if !strings.Contains(show(o.say(sato(), "list received 2")), "「received 2」") {
		t.Error("what was typed is said back without its space")
	}
}
