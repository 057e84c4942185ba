package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/store"
)

func TestList_pages_show_each_proposal_once(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	for i := range 23 {
		o.submit(fmt.Sprintf("見守りの提案%02d", i), "welfare")
		o.now = o.now.Add(7 * time.Hour) // so that several share a date
	}
	for n := 1; n <= 23; n++ {
		o.say(sato(), fmt.Sprintf("assign %d me", n))
		o.say(sato(), fmt.Sprintf("forward %d 福祉政策課", n))
	}
	o.now = o.now.AddDate(0, 2, 0)
	for _, line := range []string{"list", "list mine", "list 自分", "list 期限超過", "list overdue", "list 庁内照会中", "list coordinating", "list 福祉・見守り", "list 福祉政策", "search 見守り"} {
		checkPages(t, o, sato(), line)
	}
	checkPages(t, o, welfare(), "list")
}

func checkPages(t *testing.T, o *office, by bot.Actor, line string) {
	t.Helper()
	var sizes []int
	seen := map[string]bool{}
	for m := o.say(by, line); ; m = o.press(by, m, "次のページ") {
		sizes = append(sizes, len(titles(m)))
		for _, title := range titles(m) {
			if seen[title] {
				t.Errorf("%s: %s is there twice", line, title)
			}
			seen[title] = true
		}
		if _, more := button(m, "次のページ"); !more {
			break
		}
	}
	if len(seen) != 23 || !slices.Equal(sizes, []int{10, 10, 3}) {
		t.Errorf("%s: got %d on pages of %v", line, len(seen), sizes)
	}
}

func TestList_goes_on_where_the_page_ended_although_others_came(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	for range 12 {
		o.submit("見守り", "welfare")
	}
	first := o.say(sato(), "list 受付")
	o.submit("新しい提案", "welfare")
	second := o.press(sato(), first, "次のページ")
	if got := titles(second); len(got) != 2 || !strings.Contains(got[0], "K2026-0002") {
		t.Errorf("got %v, want 0002 and 0001", got)
	}
}

func TestList_refuses_a_cursor_that_is_none(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り")
	for _, after := range []string{"x", "2026-13-01/1", "2026-12-01", "1/2/3", "9999999999999999999999"} {
		c := o.say(sato(), "list")
		has(t, c, "K2026-0001")
		o.n++
		m := o.call(deskCall(o, "list", after))
		has(t, m, "初めから表示")
		has(t, o.press(sato(), m, "/desk 一覧"), "K2026-0001")
	}
}

func TestItems_say_what_one_needs_to_know(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り", "welfare")
	has(t, o.say(sato(), "list"), "K2026-0001 見守り", "岸和田だんじり食品", "未定", "2026年11月25日(水)", "受付", "開く")
	o.say(sato(), "assign 1 me")
	o.now = o.now.AddDate(0, 0, 7)
	m := o.say(mori(), "list overdue")
	has(t, m, "佐藤", "期限を過ぎています", string(msg.Alert))
	has(t, o.press(mori(), m, "開く"), "配食のときに声をかけます。")
	has(t, o.say(sato(), "list 対象外"), "状態「対象外」の案件：ありません")
}

func TestHome(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	has(t, o.say(sato(), ""), "自分が担当している案件：ありません", "期限を過ぎた案件：ありません", "担当未定の案件：ありません", "受付中の一覧", "ヘルプ")
	for range 14 {
		o.submit("見守り", "welfare")
	}
	for n := 1; n <= 7; n++ {
		o.say(sato(), fmt.Sprintf("assign %d me", n))
	}
	o.now = o.now.AddDate(0, 1, 0)
	m := o.say(sato(), "home")
	want := []string{"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012"}
	if got := titles(m); !slices.EqualFunc(got, want, func(title, n string) bool { return strings.HasPrefix(title, "K2026-"+n+" ") }) {
		t.Errorf("got %v, want %v", got, want)
	}
	has(t, m, "[自分が担当している案件：すべて]", "[期限を過ぎた案件：すべて]", "[担当未定の案件：すべて]")
	if got := titles(o.press(sato(), m, "担当未定")); len(got) != 7 || !strings.HasPrefix(got[0], "K2026-0008") {
		t.Errorf("unowned: got %v", got)
	}
	if got := titles(o.press(sato(), m, "自分が担当")); len(got) != 7 {
		t.Errorf("mine: got %v", got)
	}
	many := of("U0MANY", "welfare", "health", "children")
	has(t, o.say(many, ""), "福祉政策課に照会した案件：ありません", "健康推進課に照会した案件：ありません", "[子育て支援課に照会した案件：すべて]")
}

func TestHome_shows_what_nobody_has_taken_before_it_is_overdue(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("だんじり弁当")
	has(t, o.say(sato(), ""), "期限を過ぎた案件：ありません", "担当未定の案件}", "K2026-0001 だんじり弁当")
	o.now = o.now.AddDate(0, 1, 0)
	has(t, o.say(sato(), ""), "期限を過ぎた案件}", "K2026-0001 だんじり弁当", "担当未定の案件：上に表示したもののほかにはありません")
	o.say(mori(), "assign 1 me")
	has(t, o.say(sato(), ""), "担当未定の案件：ありません")
}

func TestList_unowned(t *testing.T) {
	t.Parallel()
	for lang, line := range map[string]string{"ja": "一覧 未担当", "en": "list unowned"} {
		o := newOffice(t, lang)
		for range 3 {
			o.submit("見守り")
		}
		o.say(sato(), "assign 2 me")
		if got := titles(o.say(sato(), line)); len(got) != 2 || !strings.HasPrefix(got[0], "K2026-0001") || !strings.HasPrefix(got[1], "K2026-0003") {
			t.Errorf("%s: got %v", line, got)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("だんじり弁当で見守り")
	o.submit("体育館の命名権")
	for words, want := range map[string]int{
		"弁当": 1, "だんじり": 2, "ダンジリ": 0, "K2026-0002": 1, "命名 岸和田": 1, "ｋ２０２６ー２": 1, "Ｋ2026 2": 1, "命名権 弁当": 0, "当で弁": 0, "%' OR 1=1": 0,
	} {
		m := o.say(sato(), "search "+words)
		if got := len(titles(m)); got != want {
			t.Errorf("%s: got %d, want %d\n%s", words, got, want, show(m))
		}
	}
	has(t, o.say(sato(), "検索 ない言葉"), "「ない言葉」の検索結果：ありません", "別の言葉で")
	has(t, o.say(sato(), "search "+strings.Repeat("あ", 101)), "100文字まで")
}

// A search of forty million proposals ends before the oldest, says so, and goes on by its button.
func TestSearch_goes_on(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("だんじり弁当で見守り")
	conn, err := pgx.Connect(t.Context(), o.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), `ALTER TABLE proposals ALTER id RESTART WITH 40000000`); err != nil {
		t.Fatal(err)
	}
	o.submit("配食で見守り")
	m := o.say(sato(), "search 見守り")
	has(t, m, "配食で見守り", "ここまで新しい順に調べました")
	m = o.press(sato(), m, "続きを調べる")
	if got := titles(m); len(got) != 1 || !strings.Contains(got[0], "だんじり弁当") {
		t.Errorf("the oldest: got %v", got)
	}
	m = o.say(sato(), "search 弁当")
	has(t, m, "「弁当」の検索結果", "ここまで新しい順に調べました")
	hasNot(t, m, "ありません")
	has(t, o.press(sato(), m, "続きを調べる"), "だんじり弁当")
	has(t, o.press(sato(), o.say(sato(), "search 配食"), "続きを調べる"), "これより古い案件には見つかりませんでした")
}

// A list says of what the organization waits for, and no longer once it has its answer.
func TestList_of_who_waits_for_an_answer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	o.submit("配食")
	o.say(sato(), "assign 1 me")
	o.hear(p, "いつになりますか")
	for _, line := range []string{"", "list"} {
		has(t, o.say(sato(), line), "{Label:団体から連絡 Value:未返信（11月20日(金) 10:00から）")
	}
	o.now = o.now.Add(time.Minute)
	err := o.db.InTx(t.Context(), func(tx *store.Tx) error {
		m, err := o.ledger.Write(t.Context(), tx, ledger.Reply{Proposal: p.ID, By: sato(), Body: "来週です"})
		if err == nil {
			_, err = o.ledger.Send(t.Context(), tx, "send", sato(), m.ID, 0)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	hasNot(t, o.say(sato(), "list"), "未返信")
}

// hear lets the organization write about a proposal.
func (o *office) hear(p bot.Proposal, words string) {
	o.t.Helper()
	o.n++
	err := o.db.InTx(o.t.Context(), func(tx *store.Tx) error {
		m, err := tx.AddMessage(o.t.Context(), store.Message{Proposal: p.ID, Contact: p.Contact, Kind: store.MessageText, Body: words, Author: "U1", LineMessage: fmt.Sprint(o.n)})
		if err == nil {
			_, err = o.ledger.Written(o.t.Context(), tx, "hear", bot.Actor{ID: "U1", Contact: p.Contact}, p.ID, m)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// What the morning digest counts as out of sight can be listed; a card that is on its way is not.
func TestList_adrift(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り")
	for _, line := range []string{"list 要点検", "一覧 adrift"} {
		has(t, o.say(sato(), line), "カードか期限が見当たらない案件：ありません")
	}
}
