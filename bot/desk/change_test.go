package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

func deskCall(o *office, line, after string) desk.Call {
	return desk.Call{ID: fmt.Sprintf("call-%d", o.n), Actor: sato(), Line: line, After: after}
}

func TestForward(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り", "welfare")
	call := desk.Call{ID: "once", Actor: sato(), Line: "照会 1 福祉政策課、<#C0HEALTH|kenko> 福祉"}
	has(t, o.call(call), "K2026-0001を福祉政策課、健康推進課に照会しました。", "開く")
	has(t, o.call(call), "受け付け済み")
	if got := departments(o, p); !cmp.Equal(got, []bot.DepartmentID{"welfare", "health"}) {
		t.Errorf("got %v", got)
	}
	if now := o.proposal(p); now.State != proposal.Coordinating || now.Owner != "U0SATO" {
		t.Errorf("got %s owned by %q", now.State, now.Owner)
	}
	has(t, o.say(sato(), "forward 1 福祉政策課 産業政策課"), "産業政策課に照会しました。ほかの課にはすでに")
	if _, err := o.d.Run(t.Context(), desk.Call{ID: "again", Actor: sato(), Line: "forward 1 福祉政策課"}); bot.KindOf(err) != bot.Conflict {
		t.Errorf("got %v, want a conflict", err)
	}
	has(t, o.say(sato(), "forward 1 観光課 なんとか課"), "「なんとか課」という課はありません")
	if got := departments(o, p); len(got) != 3 {
		t.Errorf("half a command was done: %v", got)
	}
}

func departments(o *office, p bot.Proposal) (out []bot.DepartmentID) {
	o.t.Helper()
	all, err := o.db.Referrals(o.t.Context(), p.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, f := range all {
		out = append(out, f.Department)
	}
	return out
}

func TestAssign(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	for _, row := range []struct{ line, owner, name string }{
		{"assign 1 <@U0MORI|mori>", "U0MORI", "森"},
		{"担当 1 <@U0CHIEF>", "U0CHIEF", "課長"},
		{"担当　１　自分", "U0SATO", "佐藤"},
		{"assign k2026-1 ME", "U0SATO", "佐藤"},
	} {
		has(t, o.say(sato(), row.line), "K2026-0001の担当を"+row.name+"さんにしました")
		if got := o.proposal(p).Owner; got != row.owner {
			t.Errorf("%s: got %q", row.line, got)
		}
	}
	has(t, o.say(sato(), "assign 1 <@U0GUEST|guest>"), "デスクの職員ではない")
	if history := events(o, p); !cmp.Equal(history, []proposal.Event{proposal.Submitted, proposal.Assigned, proposal.Assigned, proposal.Assigned}) {
		t.Errorf("got %v", history)
	}
}

func events(o *office, p bot.Proposal) (out []proposal.Event) {
	o.t.Helper()
	all, err := o.db.History(o.t.Context(), p.ID, 50)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range all {
		out = append(out, e.Event)
	}
	return out
}

func TestState(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り", "welfare")
	state := func(want proposal.State) {
		t.Helper()
		if got := o.proposal(p).State; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	has(t, o.say(sato(), "state 1 実施中"), "「受付」から「実施中」へ直接", "[/desk 状態 K2026-0001 対話中]")
	has(t, o.say(sato(), "state 1 取下げ"), "直接変えることはできません")
	has(t, o.say(sato(), "state 1 庁内照会中"), "照会先の課を選ぶと", "照会する")
	for word, on := range map[string]proposal.Event{"見送り": proposal.Declined, "対象外": proposal.RuledOut, "他機関へ引継ぎ": proposal.HandedOff} {
		m := o.say(sato(), "state 1 "+word+" 単なる営業のため")
		has(t, m, "K2026-0001「見守り」（岸和田だんじり食品）", "企業に伝える言葉", "単なる営業のため")
		if b := m.Choices[0]; b.Press.Do != "proposal.decline" || b.Press.Args.Get("on") != string(on) {
			t.Errorf("%s: got %+v", word, b)
		}
	}
	state(proposal.Received)
	has(t, o.say(sato(), "状態 １ 確認中"), "「確認中」にしました")
	state(proposal.Screening)
	if now := o.proposal(p); now.Owner != "U0SATO" {
		t.Errorf("owner is %q", now.Owner)
	}
	has(t, o.say(sato(), "state 1 screening"), "すでに「確認中」です")

	has(t, o.say(sato(), "state 1 on_hold"), "明日以降の日付と、理由を入力してください", "例：/desk 状態 K2026-0001 保留 2026-12-25 理由")
	has(t, o.say(sato(), "state 1 保留 2026-12-25"), "理由を入力してください")
	has(t, o.say(sato(), "state 1 保留 予算待ち"), "明日以降の日付")
	has(t, o.say(sato(), "state 1 保留 2026-11-01 予算待ち"), "明日以降の日付を選んで")
	has(t, o.say(sato(), "state 1 保留 2026-11-01"), "明日以降の日付と、理由を")
	state(proposal.Screening)
	asked := o.say(sato(), "state 1 保留 １２月２５日 予算編成を 待つため")
	has(t, asked, "K2026-0001「見守り」（岸和田だんじり食品）", "「見守り」（K2026-0001）が「保留」になりました", "次の期日：2026年12月25日(金)")
	hasNot(t, msg.Message{Blocks: asked.Blocks}, "予算編成")
	state(proposal.Screening)
	has(t, o.press(sato(), asked, "K2026-0001を保留にする（岸和田だんじり食品 見守り）"), "「保留」にしました")
	state(proposal.OnHold)
	if now := o.proposal(p); now.NextDate.Format("2006-01-02") != "2026-12-25" {
		t.Errorf("held until %s", now.NextDate)
	}
	if why := lastEntry(o, p).Why; why != "予算編成を 待つため" {
		t.Errorf("why is %q", why)
	}
	has(t, o.press(sato(), o.say(sato(), "state 1 保留 2027/1/8 もう少し待つ"), "を保留にする"), "「保留」にしました")
	sure := desk.Call{ID: "sure", Actor: chief(), Line: "state 1 確認中", Sure: true}
	has(t, o.call(sure), "「確認中」にしました")
	has(t, o.call(sure), "すでに「確認中」です")
	has(t, o.say(sato(), "state 1 保留 2027-01-08 "+strings.Repeat("長い理由", 80)), "理由が長いため", "状態を変える")
	state(proposal.Screening)
	if got := events(o, p); !cmp.Equal(got, []proposal.Event{
		proposal.Submitted, proposal.Taken, proposal.Held, proposal.Held, proposal.Resumed,
	}) {
		t.Errorf("got %v", got)
	}
}

func lastEntry(o *office, p bot.Proposal) store.Entry {
	o.t.Helper()
	all, err := o.db.History(o.t.Context(), p.ID, 1)
	if err != nil || len(all) != 1 {
		o.t.Fatal(all, err)
	}
	return all[0]
}

func TestDead_letters(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	has(t, o.say(sato(), "dead"), "未配信のメッセージはありません")
	for range 12 {
		o.submit("見守り")
	}
	err := o.db.InTx(t.Context(), func(tx *store.Tx) error {
		p := o.desk.Channel
		if err := tx.Put(
			store.Delivery{Lane: store.LineLane("U1"), Kind: "reply", Proposal: 1}, store.Delivery{Lane: store.LineLane("U2"), Kind: "notice"},
			store.Delivery{Lane: store.SlackLane("C0WELFARE", 1), Kind: "card", Proposal: 1}, store.Delivery{Lane: store.SlackLane(p, 0), Kind: "alarm"},
		); err != nil {
			return err
		}
		_, err := tx.HoldDeliveries(t.Context(), o.now.AddDate(0, 0, 1), "delivery.held")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first := o.say(sato(), "未配信")
	has(t, first, "岸和田だんじり食品（LINE）", "LINE の利用者", "福祉政策課のチャンネル", "デスクのチャンネル", "古い配信のため", "もう一度送る")
	second := o.press(sato(), first, "次のページ")
	if n := len(titles(first)) + len(titles(second)); n != 16 {
		t.Errorf("got %d letters, want 16", n)
	}
	b, _ := button(first, "もう一度送る")
	if b.Press.Do != "delivery.release" || b.Press.Args.Get("delivery") == "" {
		t.Errorf("got %+v", b.Press)
	}
	has(t, o.say(sato(), ""), "未配信を見る")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	m := o.say(sato(), "ヘルプ")
	for _, c := range o.d.Commands() {
		has(t, m, c.Usage, c.Help)
		has(t, o.say(sato(), "help "+c.Name), c.Usage, c.Aliases[1])
	}
	has(t, o.say(sato(), "help 一覧"), "/desk 一覧 期限超過")
	has(t, o.say(welfare(), "help 照会"), "デスクの職員だけが使えるコマンドです")
	has(t, o.say(sato(), "版"), "というコマンドはありません")
	has(t, o.say(sato(), "バージョン"), "つなぎ 1.2.3")
}

// The organization that has blocked the account is told nothing now, and whoever changes the state reads so.
func TestState_of_an_organization_that_has_blocked_us(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	has(t, o.say(sato(), "状態 1 対話中"), "企業には次のお知らせが届きます")
	o.tx(func(tx *store.Tx) error {
		c, err := tx.Contact(t.Context(), p.Contact)
		if err != nil {
			return err
		}
		talk, err := tx.TalkOf(t.Context(), c.LineUser)
		talk.Blocked = true
		tx.SaveTalk(talk)
		return err
	})
	m := o.say(sato(), "状態 1 対話中")
	has(t, m, "ブロックしているため、次のお知らせは今は届きません")
	hasNot(t, m, "次のお知らせが届きます")
	has(t, o.say(sato(), "状態 1 見送り"), "ブロックしているため")
	has(t, o.press(sato(), m, "対話中にする"), "「対話中」にしました")
}

// What waits longer than usual to reach an organization is told of with what was set aside; what has just been put is not.
func TestDead_tells_of_what_waits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	put := func(n int) {
		for range n {
			o.tx(func(tx *store.Tx) error {
				return tx.Put(store.Delivery{Lane: "line/U1", Kind: "reply", Matters: true, Proposal: p.ID, Args: map[string]string{"message": "1"}})
			})
		}
	}
	put(1)
	has(t, o.say(sato(), "未配信"), "未配信のメッセージはありません")
	hasNot(t, o.say(sato(), ""), "[未配信を見る]")
	o.now = o.now.Add(2 * time.Minute)
	m := o.say(sato(), "未配信")
	has(t, m, "企業への送信を待っているメッセージです", p.Number, "11月20日(金) 10:00", "まだ企業に届いていません")
	hasNot(t, m, "もう一度送る", "届けられなかった", "ほかにも")
	has(t, o.say(sato(), ""), "[未配信を見る]")
	put(6)
	o.now = o.now.Add(2 * time.Minute)
	has(t, o.say(sato(), "未配信"), "ほかにも送信を待っているメッセージがあります")
}
