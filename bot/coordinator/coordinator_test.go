package coordinator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/bot/text"
	"tsunagi/store"
)

func TestCard_can_be_read_at_once(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	card := h.card("C0DESK")
	has(t, show(card), "K2026-0001 だんじり弁当", "だんじり食品", "佐藤 花子", "福祉・見守り", "ひみつの弁当", "未定", "2026年11月25日(水)", "受付",
		"要確認", "ご用件：寄附の申し出")
	if diff := cmp.Diff([]string{"担当する", "照会する", "企業に返信", "見送る", "すべての回答を見る", "状態を変える", "担当を変える"}, labels(card)); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	has(t, h.thread("C0DESK"), "企画書.pdf")
}

func TestTake(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	before := h.card("C0DESK")
	card, _ := button(before, "担当する")
	press := coordinator.Press{ID: h.id(), Actor: sato(), Channel: "C0DESK", TS: h.posts[0].ts, Press: card.Press}
	if r, err := h.c.Press(t.Context(), press); err != nil || r.Open != nil || !r.Say.Empty() {
		t.Errorf("got %+v, %v", r, err)
	}
	h.deliver()
	has(t, show(h.card("C0DESK")), "Value:佐藤", "確認中", "佐藤：担当を佐藤に決定（確認中）")
	has(t, h.thread("C0DESK"), "担当を佐藤に決定")
	hasNot(t, strings.Join(labels(h.card("C0DESK")), " "), "担当する")

	elsewhere := coordinator.Press{ID: h.id(), Actor: sato(), Channel: "C0DESK", TS: "1.2", Press: msg.Do("proposal.take", "proposal", "1")}
	if r, err := h.c.Press(t.Context(), elsewhere); err != nil || r.Say.Key != "coordinator.done" {
		t.Errorf("on a copy of the card: got %+v, %v", r, err)
	}
	b, _ := button(before, "担当する") // on a card that a colleague still has on the screen
	if r, err := h.do(mori(), b.Press); err != nil || r.Say.Key != "coordinator.taken" {
		t.Errorf("got %+v, %v", r, err)
	}
	posts := len(h.posts)
	if _, err := h.do(sato(), b.Press); err != nil || len(h.posts) != posts {
		t.Errorf("taking one's own again: %v, %d new posts", err, len(h.posts)-posts)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "担当を変える")
	for _, who := range []string{"", "U0GUEST", "U0KENKO", "U0NOBODY"} {
		if r, err := h.fills(sato(), s, "owner", who); err != nil || r.Faults["owner"].Empty() {
			t.Errorf("owner %q: got %+v, %v", who, r, err)
		}
	}
	h.closes(sato(), s, "owner", "U0MORI")
	has(t, show(h.card("C0DESK")), "Value:森")
	if got := h.opens(sato(), "C0DESK", "担当を変える").Inputs[0].Value; !slices.Equal(got, []string{"U0MORI"}) {
		t.Errorf("preset is %v", got)
	}
	if now := h.proposal(p); now.Owner != "U0MORI" || now.State != proposal.Screening {
		t.Errorf("got %q, %s", now.Owner, now.State)
	}
}

// refers asks departments, with these fields cleared.
func (h *hall) refers(departments string, cleared ...string) {
	h.t.Helper()
	values := []string{"departments", departments, "note", "よろしくお願いします"}
	if len(cleared) > 0 {
		values = append(values, "cleared", strings.Join(cleared, ","))
	}
	h.closes(sato(), h.opens(sato(), "C0DESK", "照会する"), values...)
}

func TestRefer(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	s := h.opens(sato(), "C0DESK", "照会する")
	has(t, screen(s), "K2026-0001", "福祉政策課", "2026-11-30")
	if first := s.Inputs[0].Options[0].ID; first != "welfare" {
		t.Errorf("the department that fits is not first: %s", first)
	}
	if got := s.Inputs[3].Options; len(got) != 3 { // the name is always there
		t.Errorf("to be cleared: %+v", got)
	}
	for _, row := range []struct{ input, value string }{{"departments", ""}, {"due", "2026-11-19"}, {"due", "x"}} {
		values := []string{"departments", "welfare", row.input, row.value}
		if row.value == "" {
			s.Inputs[0].Value, values = nil, nil
		}
		if r, err := h.fills(sato(), s, values...); err != nil || r.Faults[row.input].Empty() {
			t.Errorf("%s %q: got %+v, %v", row.input, row.value, r, err)
		}
	}
	h.refers("welfare,health", "documents")
	has(t, show(h.card("C0DESK")), "庁内照会中", "{Label:福祉政策課 Value:回答待ち（2026年11月30日(月)まで）", "健康推進課", "照会")
	card := show(h.card("C0WELFARE"))
	has(t, card, "だんじり弁当", "よろしくお願いします", "2026年11月30日(月)", "保護されています", "佐藤 花子")
	hasNot(t, card, "ひみつの弁当", "hanako@example.jp", "健康推進課", "デスク担当")
	if diff := cmp.Diff([]string{"連携したい", "検討中", "確認したい", "対応できない", "他課が適当", "企業に返信", "すべての回答を見る"}, labels(h.card("C0WELFARE"))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	has(t, h.thread("C0WELFARE"), "福祉政策課に照会", "企画書.pdf")
	hasNot(t, h.thread("C0WELFARE"), "健康推進課")
	files := 0
	for _, p := range h.posts {
		if p.channel == "C0WELFARE" && p.file != "" {
			files++
		}
	}
	if files != 1 {
		t.Errorf("the file was handed over %d times", files)
	}
}

// Nothing that the desk has typed for a department is lost when it asks again.
func TestRefer_again_keeps_the_note(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	hasNot(t, screen(h.opens(sato(), "C0DESK", "照会する")), "照会済みの課", "前のメモ")
	h.refers("welfare", "idea")
	has(t, h.thread("C0WELFARE"), "福祉政策課に照会（庁内照会中）：よろしくお願いします")
	s := h.opens(mori(), "C0DESK", "照会する")
	has(t, screen(s), "照会済みの課", "{Label:福祉政策課 Value:回答待ち（2026年11月30日(月)まで）", "前のメモが残ります")
	hasNot(t, screen(s), "回答済みの課")
	h.closes(mori(), s, "departments", "welfare", "due", "2026-12-04")
	has(t, show(h.card("C0WELFARE")), "よろしくお願いします", "2026年12月4日", "ひみつの弁当")
	has(t, h.thread("C0WELFARE"), "森：福祉政策課にもう一度照会")
	h.closes(mori(), h.opens(mori(), "C0DESK", "照会する"), "departments", "welfare,health", "note", "4日の会議に出します")
	has(t, show(h.card("C0WELFARE")), "4日の会議に出します")
	hasNot(t, show(h.card("C0WELFARE")), "よろしくお願いします")
	has(t, h.thread("C0WELFARE"), "：よろしくお願いします", "福祉政策課にもう一度照会：4日の会議に出します")
	has(t, h.thread("C0HEALTH"), "健康推進課に照会：4日の会議に出します")
	hasNot(t, h.thread("C0HEALTH"), "よろしくお願いします", "福祉政策課")
	has(t, h.thread("C0DESK"), "福祉政策課、健康推進課に照会：4日の会議に出します")
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "他課が適当"), "other", "town")
	if _, err := h.press(sato(), "C0DESK", "都市計画課へ照会"); err != nil {
		t.Fatal(err)
	}
	has(t, show(h.card("C0TOWN")), "4日の会議に出します")
	has(t, h.thread("C0TOWN"), "都市計画課に照会：4日の会議に出します")
}

// A verdict is cleared only by whoever has seen it and chooses to ask again.
func TestRefer_again_clears_no_verdict_by_the_way(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	before := h.opens(sato(), "C0DESK", "照会する")
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "確認したい"), "reason", "人数は")
	now := h.shows(sato(), before, "departments", "welfare", "note", "いかがでしょうか")
	has(t, screen(now), "何も変えていません", "福祉政策課の回答「確認したい」", "回答済みの課にもう一度照会", "Value:[いかがでしょうか]")
	s := h.opens(sato(), "C0DESK", "照会する")
	has(t, screen(s), "確認したい「人数は」（福祉の田中", "もう一度照会", "回答が取り消され")
	for _, o := range s.Inputs[0].Options {
		if o.ID == "welfare" {
			t.Error("one that has answered is asked again as if it had not")
		}
	}
	if again := s.Inputs[1]; again.ID != "again" || len(again.Options) != 1 || again.Options[0].Hint != "確認したい「人数は」" {
		t.Errorf("got %+v", again)
	}
	if r, err := h.fills(sato(), s); err != nil || r.Faults["departments"].Empty() {
		t.Errorf("with nobody chosen: got %+v, %v", r, err)
	}
	has(t, show(h.card("C0DESK")), "確認したい「人数は」")
	h.closes(sato(), s, "again", "welfare", "note", "20人です")
	has(t, show(h.card("C0DESK")), "{Label:福祉政策課 Value:回答待ち")
	has(t, show(h.card("C0WELFARE")), "20人です")
	has(t, h.thread("C0WELFARE"), "福祉政策課の回答「確認したい」：人数は", "福祉政策課にもう一度照会：20人です")
	if f, err := h.db.Referral(t.Context(), p.ID, "welfare"); err != nil || f.Verdict != "" {
		t.Errorf("got %+v, %v", f, err)
	}
}

// When all departments have answered, only asking again is left.
func TestRefer_when_all_have_answered(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.desk.Departments = h.desk.Departments[:1]
	h.submit()
	d := h.desk.Departments[0]
	h.refers(string(d.ID))
	h.closes(sato(), h.opens(sato(), d.Channel, "連携したい"))
	s := h.opens(sato(), "C0DESK", "照会する")
	if s.Inputs[0].ID != "again" || s.Inputs[0].Optional {
		t.Errorf("got %+v", s.Inputs[0])
	}
	h.closes(sato(), s, "again", string(d.ID))
}

func TestProtected_fields_are_hidden_until_cleared(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	h.refers("welfare")
	h.refers("health", "idea", "contact_mail")
	hasNot(t, h.thread("C0WELFARE"), "企画書.pdf")
	hasNot(t, h.thread("C0HEALTH"), "企画書.pdf")
	has(t, show(h.card("C0HEALTH")), "ひみつの弁当")
	details := screen(h.opens(welfare(), "C0WELFARE", "すべての回答"))
	has(t, details, "提案の内容", "市の費用負担", "佐藤 花子", "保護されています")
	hasNot(t, details, "ひみつの弁当", "hanako@example.jp", "企画書.pdf")
	has(t, screen(h.opens(health(), "C0HEALTH", "すべての回答")), "ひみつの弁当", "hanako@example.jp")
	has(t, screen(h.opens(sato(), "C0DESK", "すべての回答")), "ひみつの弁当", "hanako@example.jp", "企画書.pdf")
	has(t, screen(h.opens(sato(), "C0WELFARE", "すべての回答")), "ひみつの弁当")

	// A department cannot read as another by pressing that one's button.
	b, _ := button(h.card("C0HEALTH"), "すべての回答")
	r, err := h.do(welfare(), b.Press)
	if err != nil {
		t.Fatal(err)
	}
	hasNot(t, screen(r.Open), "ひみつの弁当", "hanako@example.jp")
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		label  string
		faults []string // values and the input with a fault
		values []string
		board  []string
		more   string // in the thread
	}{
		{label: "連携したい", board: []string{"連携したい（福祉の田中"}},
		{label: "検討中", faults: []string{"until", "2026-11-01", "until"}, values: []string{"until", "2026-12-10"}, board: []string{"検討中：2026年12月10日(木)まで"}, more: "：2026年12月10日(木)まで」"},
		{label: "確認したい", faults: []string{"reason", " ", "reason"}, values: []string{"reason", "人数は"}, board: []string{"確認したい「人数は」"}},
		{label: "対応できない", faults: []string{"reason", "", "reason"}, values: []string{"reason", "予算がない"}, board: []string{"対応できない「予算がない」"}},
		{label: "他課が適当", faults: []string{"reason", " ", "other"}, values: []string{"other", "town"}, board: []string{"他課が適当：都市計画課", "都市計画課へ照会"}},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			h.submit()
			h.refers("welfare,health")
			s := h.opens(welfare(), "C0WELFARE", row.label)
			if row.faults != nil {
				if r, err := h.fills(welfare(), s, row.faults[:2]...); err != nil || r.Faults[row.faults[2]].Empty() {
					t.Errorf("got %+v, %v", r, err)
				}
			}
			h.closes(welfare(), s, row.values...)
			has(t, show(h.card("C0DESK")), row.board...)
			hasNot(t, show(h.card("C0DESK"))+show(h.card("C0WELFARE")), "福祉政策課の回答「") // the board says it
			has(t, show(h.card("C0WELFARE")), "自課の回答", row.label)
			has(t, h.thread("C0DESK"), "福祉政策課の回答「"+row.label+row.more)
			hasNot(t, h.thread("C0HEALTH")+show(h.card("C0HEALTH")), "福祉政策課の回答", "福祉の田中")
		})
	}
}

func TestForward_with_one_press(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare", "idea")
	h.closes(welfare(), h.opens(welfare(), "C0WELFARE", "他課が適当"), "other", "town", "reason", "公園のことなので")
	has(t, h.thread("C0DESK"), "福祉政策課の回答「他課が適当：都市計画課」：公園のことなので")
	before := h.card("C0DESK")
	if first := buttons(before)[0]; first.Label != "都市計画課へ照会" || first.Style != msg.Primary {
		t.Errorf("the next step is not the first button: %+v", first)
	}
	if _, err := h.press(sato(), "C0DESK", "都市計画課へ照会"); err != nil {
		t.Fatal(err)
	}
	has(t, show(h.card("C0TOWN")), "ひみつの弁当", "よろしくお願いします")
	hasNot(t, strings.Join(labels(h.card("C0DESK")), " "), "へ照会")
	history, err := h.db.History(t.Context(), p.ID, 1)
	if err != nil || history[0].Event != proposal.Forwarded {
		t.Errorf("got %+v, %v", history, err)
	}

	town := of("U0MACHI", "町の人", "town")
	h.closes(town, h.opens(town, "C0TOWN", "連携したい"))
	stale, _ := button(before, "都市計画課へ照会")
	if r, err := h.do(mori(), stale.Press); err != nil || r.Open == nil {
		t.Errorf("got %+v, %v, want the question", r, err)
	}
	if f, err := h.db.Referral(t.Context(), p.ID, "town"); err != nil || f.Verdict != bot.VerdictJoin {
		t.Errorf("an old card wiped the verdict: %+v, %v", f, err)
	}
}

// move takes a step without a modal.
func (h *hall) move(p bot.Proposal, on proposal.Event) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Move(h.t.Context(), tx, ledger.Change{
			Event: h.id(), Proposal: p.ID, On: on, By: sato(), Why: "理由", Until: calendar.Date{Year: 2026, Month: 12, Day: 25},
		})
		return err
	})
}

// ends tells the organization a no.
func (h *hall) ends(p bot.Proposal, on proposal.Event) {
	h.t.Helper()
	h.tx(func(tx *store.Tx) error {
		m, err := h.ledger.Write(h.t.Context(), tx, ledger.Reply{Proposal: p.ID, By: sato(), Body: "お受けできません。", Reason: "理由", Ends: on})
		if err != nil {
			return err
		}
		_, err = h.ledger.Send(h.t.Context(), tx, h.id(), sato(), m.ID, m.ID)
		return err
	})
}

func TestMove(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "状態を変える")
	hasNot(t, screen(s), "見送り", "照会", "返信")
	for _, row := range []struct{ input, event, why, until string }{
		{"why", "held", "", "2026-12-25"}, {"until", "held", "予算待ち", ""}, {"until", "held", "予算待ち", "2026-11-20"}, {"until", "held", "予算待ち", "x"},
	} {
		r, err := h.fills(sato(), s, "event", row.event, "why", row.why, "until", row.until)
		if err != nil || r.Faults[row.input].Empty() {
			t.Errorf("%+v: got %+v, %v", row, r, err)
		}
	}
	sure := h.leadsOn(sato(), s, "event", "held", "why", "予算待ち", "until", "2026-12-25")
	has(t, screen(sure), "宛先：だんじり食品 佐藤 花子 様", "「だんじり弁当」（K2026-0001）が「保留」になりました", "次の期日：2026年12月25日(金)", "Value:[予算待ち]")
	if now := h.proposal(p); now.State != proposal.Received || len(h.line) != 0 {
		t.Errorf("done before it was confirmed: %s, %v", now.State, h.line)
	}
	if r, err := h.fills(sato(), sure, "why", ""); err != nil || r.Faults["why"].Empty() {
		t.Errorf("without a reason: got %+v, %v", r, err)
	}
	h.closes(sato(), sure)
	has(t, show(h.card("C0DESK")), "保留", "2026年12月25日(金)", "佐藤：保留：予算待ち")
	h.closes(sato(), h.leadsOn(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "resumed"))
	if now := h.proposal(p); now.State != proposal.Received || !slices.Equal(h.line, []string{ledger.KindState, ledger.KindState}) {
		t.Errorf("got %s, %v", now.State, h.line)
	}
	h.refers("welfare")
	h.closes(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "returned") // nobody outside is told
}

// leadsOn is a submission that leads to a next view from which one can come back.
func (h *hall) leadsOn(by bot.Actor, s *msg.Screen, values ...string) *msg.Screen {
	h.t.Helper()
	r, err := h.fills(by, s, values...)
	if err != nil || r.Show == nil || !r.Back {
		h.t.Fatalf("got %+v, %v, want a next view on top", r, err)
	}
	return r.Show
}

// A no, or that somebody else goes on with it, reaches the organization only in words that were previewed.
func TestEnds(t *testing.T) {
	t.Parallel()
	for on, want := range map[proposal.Event]proposal.State{proposal.RuledOut: proposal.OutOfScope, proposal.HandedOff: proposal.HandedOff} {
		t.Run(string(on), func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			p := h.submit()
			form := h.leadsOn(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", string(on), "why", "単なる営業のため")
			has(t, screen(form), "K2026-0001「だんじり弁当」（だんじり食品）", "Value:[単なる営業のため]")
			for _, input := range []string{"reason", "body"} {
				values := []string{"reason", "理由", "body", "申し訳ありません。", input, " "}
				if r, err := h.fills(sato(), form, values...); err != nil || r.Faults[input].Empty() {
					t.Errorf("without %s: got %+v, %v", input, r, err)
				}
			}
			preview := h.leadsOn(sato(), form, "body", "県の窓口をご案内します。")
			has(t, screen(preview), "宛先：だんじり食品 佐藤 花子 様", "県の窓口をご案内します。", "送信すると、K2026-0001は「"+h.word(want)+"」になります")
			if now := h.proposal(p); now.State != proposal.Received || len(h.line) != 0 {
				t.Errorf("done before it was confirmed: %s, %v", now.State, h.line)
			}
			h.closes(sato(), preview)
			if now := h.proposal(p); now.State != want || !slices.Equal(h.line, []string{ledger.KindReply}) {
				t.Errorf("got %s, %v", now.State, h.line)
			}
			has(t, show(h.card("C0DESK")), "佐藤："+h.word(want)+"：単なる営業のため")
		})
	}
}

func (h *hall) word(s proposal.State) string {
	h.t.Helper()
	words, err := text.Load("ja")
	if err != nil {
		h.t.Fatal(err)
	}
	return words.Say(text.Say(s.Key()))
}

func TestEnds_have_no_other_way(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	for _, on := range []proposal.Event{proposal.Declined, proposal.RuledOut, proposal.HandedOff} {
		err := h.db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := h.ledger.Move(t.Context(), tx, ledger.Change{Event: h.id(), Proposal: p.ID, On: on, By: sato(), Why: "理由"})
			return err
		})
		if bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: got %v", on, err)
		}
		if r, err := h.do(sato(), msg.Do("proposal.decline", "proposal", "1", "on", string(on))); err != nil || r.Open == nil {
			t.Errorf("%s from a command: got %+v, %v", on, r, err)
		}
	}
	if now := h.proposal(p); now.State != proposal.Received {
		t.Errorf("got %s", now.State)
	}
}

// A card that is over asks nobody for anything; one whose departments were asked leads on.
func TestCard_leads_on_and_ends(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.refers("welfare")
	if first := buttons(h.card("C0DESK"))[0]; first.Label != "企業に返信" || first.Style != msg.Primary {
		t.Errorf("the first button is %+v", first)
	}
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Withdraw(t.Context(), tx, h.id(), bot.Contact{ID: p.Contact, LineUser: contact}, p.ID)
		return err
	})
	h.now = h.now.AddDate(0, 1, 0)
	h.tx(func(tx *store.Tx) error { return h.ledger.UnsentAnswer(t.Context(), tx, h.id(), p.ID, "cost") })
	has(t, show(h.card("C0DESK")), "{Label:福祉政策課 Value:回答なし")
	hasNot(t, show(h.card("C0DESK"))+show(h.card("C0WELFARE")), "回答待ち", "期限を過ぎています")
}

func TestCard_that_ended_before_anybody_took_it(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	h.tx(func(tx *store.Tx) error {
		_, err := h.ledger.Withdraw(t.Context(), tx, h.id(), bot.Contact{ID: p.Contact, LineUser: contact}, p.ID)
		return err
	})
	hasNot(t, show(h.card("C0DESK")), "未定", "担当する")
}

// Whoever fills in a dialog that a colleague has overtaken reads how to go on.
func TestDialog_that_was_overtaken(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	mine := h.shows(sato(), h.opens(sato(), "C0DESK", "見送る"), "reason", "cost", "body", "見送ります。")
	h.withdraws(p)
	_, err := h.fills(sato(), mine)
	if said := bot.SayOf(err); said.Key != "coordinator.overtaken" || bot.KindOf(err) != bot.Conflict {
		t.Errorf("got %v", err)
	}
}
