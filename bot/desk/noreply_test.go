package desk_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/desk"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// A command names no message: it shows what waits, and the card's button settles that.
func TestNoReply(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	has(t, o.say(sato(), "返信不要 1"), "K2026-0001に未返信の連絡はありません。", "[開く]")
	o.hear(p, "ありがとうございます。")
	has(t, o.say(sato(), "一覧"), "未返信")
	for _, line := range []string{"返信不要 1", "返信不要　Ｋ２０２６－０００１", "noreply k2026-1"} {
		m := o.say(sato(), line)
		has(t, m, "K2026-0001「見守り」（岸和田だんじり食品）", "「返信不要」を押してください", "「ありがとうございます。」")
		if b := m.Choices[0]; b.Press.Do != "proposal.waive" || b.Press.Int("proposal") != int64(p.ID) || b.Press.Int("entry") != lastEntry(o, p).ID {
			t.Errorf("%s: got %+v", line, b)
		}
	}
	if last := lastEntry(o, p).Event; last != proposal.Written {
		t.Errorf("the command alone did %s", last)
	}
	settle(t, o, p, o.say(sato(), "返信不要 1").Choices[0].Press)
	hasNot(t, o.say(sato(), "一覧"), "未返信")
	hasNot(t, o.say(sato(), ""), "未返信")
	has(t, o.say(sato(), "返信不要 1"), "未返信の連絡はありません")
}

func settle(t *testing.T, o *office, p bot.Proposal, b msg.Press) {
	t.Helper()
	err := o.db.InTx(t.Context(), func(tx *store.Tx) error {
		_, _, err := o.ledger.Waive(t.Context(), tx, "e", p.ID, sato(), b.Int("entry"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever settles several messages reads how many, and how each begins, as far as there is room.
func TestNoReply_to_several(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	o.hear(p, "費用はいくらですか。")
	o.hear(p, "ありがとうございます。")
	m := o.say(sato(), "返信不要 1")
	has(t, m, "未返信の連絡2件です", "2件すべてが返信不要になります", "「費用はいくらですか。」", "「ありがとうございます。」")
	hasNot(t, m, "このほかに")
	if asked := m.Choices[0].Confirm; asked != "未返信の連絡2件を、すべて「返信不要」にします。" {
		t.Errorf("the button asks %q", asked)
	}
	has(t, o.say(sato(), "表示 1"), "「ありがとうございます。」\nほか1件（カードの下のやりとりに）")
	for range 5 {
		o.hear(p, "お待ちしています。")
	}
	m = o.say(sato(), "返信不要 1")
	has(t, m, "未返信の連絡7件です", "このほかに2件あります。カードの下のやりとりでご覧ください。")
	hasNot(t, m, "費用はいくらですか。")
	settle(t, o, p, m.Choices[0].Press)
	has(t, o.say(sato(), "返信不要 1"), "未返信の連絡はありません")
}

func TestNoReply_wrongly_typed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	o.hear(p, "ありがとうございます。")
	has(t, o.say(sato(), "返信不要"), "受付番号を付けてください", "書き方：/desk 返信不要 受付番号", "例：/desk 返信不要 K2026-0001")
	has(t, o.say(sato(), "返信不要 99"), "「99」という受付番号の案件は見つかりません")
	has(t, o.say(sato(), "返信不用 1"), "もしかして：/desk 返信不要 1")
	has(t, o.say(sato(), "norepl 1"), "もしかして：/desk 返信不要 1")
	for _, by := range []bot.Actor{welfare(), outsider()} {
		if _, err := o.d.Run(t.Context(), desk.Call{ID: "x" + by.ID, Actor: by, Line: "返信不要 1"}); bot.KindOf(err) != bot.Forbidden {
			t.Errorf("%s: got %v", by.ID, err)
		}
	}
	english := newOffice(t, "en")
	q := english.submit("bento")
	english.hear(q, "thank you")
	has(t, english.say(sato(), "noreply 1"), "press No reply needed", "thank you")
}

// A card is read in several steps. What comes between them is not settled unless it is shown.
func TestNoReply_settles_nothing_unseen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("見守り")
	o.hear(p, "ありがとうございます。")
	conn, err := pgx.Connect(t.Context(), o.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	execute := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	execute(`BEGIN`)
	execute(`LOCK TABLE history IN ACCESS EXCLUSIVE MODE`)
	answer := make(chan msg.Message, 1)
	go func() {
		m, err := o.d.Run(t.Context(), desk.Call{ID: "late", Actor: sato(), Line: "返信不要 1"})
		if err != nil {
			t.Error(err)
		}
		answer <- m
	}()
	for waits := false; !waits; {
		err := conn.QueryRow(t.Context(), `
			SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits)
		if err != nil {
			t.Fatal(err)
		}
	}
	execute(`WITH m AS (INSERT INTO messages (proposal, contact, direction, kind, body, author, created_at)
			VALUES ($1, $2, 'in', 'text', 'いつですか', 'U1', $3) RETURNING id)
		INSERT INTO history (proposal, event, from_state, to_state, actor, details, at)
		SELECT $1, 'written', 'received', 'received', 'U1', jsonb_build_object('message', id::text), $3 FROM m`, p.ID, p.Contact, o.now)
	execute(`COMMIT`)
	m := <-answer
	settle(t, o, p, m.Choices[0].Press)
	left, err := o.db.Waiting(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, waits := left[p.ID]; !waits && !strings.Contains(show(m), "いつですか") {
		t.Errorf("what nobody was shown is settled:\n%s", show(m))
	}
}
