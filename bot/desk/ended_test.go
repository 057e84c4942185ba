package desk_test

import (
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/store"
)

// withdraws takes a proposal back for its organization.
func (o *office) withdraws(p bot.Proposal) {
	o.t.Helper()
	o.tx(func(tx *store.Tx) error {
		c, err := tx.Contact(o.t.Context(), p.Contact)
		if err == nil {
			_, err = o.ledger.Withdraw(o.t.Context(), tx, "withdraw", c, p.ID)
		}
		return err
	})
}

func (o *office) tx(do func(*store.Tx) error) {
	o.t.Helper()
	if err := o.db.InTx(o.t.Context(), do); err != nil {
		o.t.Fatal(err)
	}
}

// What was written after the end stands with its date where the desk looks, also when nobody has taken the proposal.
func TestLists_of_what_was_written_after_the_end(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("だんじり弁当")
	o.withdraws(p)
	hasNot(t, o.say(sato(), ""), p.Number)
	o.hear(p, "やはりお願いできますか")
	has(t, o.say(sato(), ""), "担当未定の案件", p.Number, "未返信（", "次の期限 Value:2026年12月7日(月)")
	has(t, o.say(sato(), "一覧 終了後未返信"), "終了後の連絡にまだ返信していない案件", p.Number)
	hasNot(t, o.say(sato(), "一覧"), p.Number)
	o.now = o.now.Add(20 * 24 * time.Hour)
	has(t, o.say(sato(), "一覧 期限超過"), p.Number, "⚠ 2026年12月7日(月)", "alert")
	m := o.say(sato(), "返信不要 1")
	b, _ := button(m, "返信不要")
	o.tx(func(tx *store.Tx) error {
		_, _, err := o.ledger.Waive(t.Context(), tx, "waive", p.ID, sato(), b.Press.Int("entry"))
		return err
	})
	hasNot(t, o.say(sato(), "一覧 期限超過"), p.Number)
	hasNot(t, o.say(sato(), "一覧 終了後未返信"), p.Number)
}

// A department owes nothing any more once a proposal has ended, however long ago its date was.
func TestHome_of_a_department_whose_proposal_has_ended(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	p := o.submit("だんじり弁当")
	o.say(sato(), "照会 1 福祉政策課")
	o.withdraws(p)
	o.now = o.now.Add(60 * 24 * time.Hour)
	home := o.say(welfare(), "")
	has(t, home, p.Number, "自課の回答 Value:回答なし")
	hasNot(t, home, "⚠", "期限")
	card := o.say(welfare(), "表示 1")
	has(t, card, "自課の回答 Value:回答なし")
	hasNot(t, card, "回答期限")
}
