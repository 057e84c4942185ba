package coordinator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/coordinator"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
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
	if got := s.Inputs[3].Options; len(got) != 4 {
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
	}{
		{label: "連携したい", board: []string{"連携したい（福祉の田中"}},
		{label: "検討中", faults: []string{"until", "2026-11-01", "until"}, values: []string{"until", "2026-12-10"}, board: []string{"検討中：2026年12月10日(木)まで"}},
		{label: "確認したい", faults: []string{"reason", " ", "reason"}, values: []string{"reason", "人数は"}, board: []string{"確認したい「人数は」"}},
		{label: "対応できない", faults: []string{"reason", "", "reason"}, values: []string{"reason", "予算がない"}, board: []string{"対応できない「予算がない」"}},
		{label: "他課が適当", values: []string{"other", "town"}, board: []string{"他課が適当：都市計画課", "都市計画課へ照会"}},
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
			has(t, show(h.card("C0DESK")), "福祉の田中：福祉政策課の回答「"+row.label+"」")
			has(t, show(h.card("C0WELFARE")), "自課の回答", row.label)
			has(t, h.thread("C0DESK"), "福祉政策課の回答")
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
	if _, err := h.do(mori(), stale.Press); bot.KindOf(err) != bot.Conflict {
		t.Errorf("got %v", err)
	}
	if f, err := h.db.Referral(t.Context(), p.ID, "town"); err != nil || f.Verdict != bot.VerdictJoin {
		t.Errorf("an old card wiped the verdict: %+v, %v", f, err)
	}
}

func TestReply_is_previewed_and_goes_once(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	s := h.opens(sato(), "C0DESK", "企業に返信")
	if r, err := h.fills(sato(), s, "body", " \n"); err != nil || r.Faults["body"].Empty() {
		t.Errorf("got %+v, %v", r, err)
	}
	preview := h.shows(sato(), s, "body", "水曜に伺います。")
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
		return h.ledger.Sent(t.Context(), tx, "sent", p.ID, preview.Then.Args["message"], "")
	})
	for _, channel := range []string{"C0DESK", "C0WELFARE", "C0HEALTH"} {
		has(t, h.thread(channel), "✅ 送信済み 11月20日(金) 10:00（福祉の田中）", "詳しくお聞かせください。")
	}
	h.tx(func(tx *store.Tx) error {
		return h.ledger.Sent(t.Context(), tx, "sent", p.ID, preview.Then.Args["message"], "delivery.blocked")
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

func TestMove(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "状態を変える")
	hasNot(t, screen(s), "見送り", "照会", "返信")
	for _, row := range []struct{ input, event, why, until string }{
		{"why", "held", "", "2026-12-25"}, {"until", "held", "予算待ち", ""}, {"until", "held", "予算待ち", "2026-11-20"}, {"until", "held", "予算待ち", "x"},
		{"why", "ruled_out", "", ""},
	} {
		r, err := h.fills(sato(), s, "event", row.event, "why", row.why, "until", row.until)
		if err != nil || r.Faults[row.input].Empty() {
			t.Errorf("%+v: got %+v, %v", row, r, err)
		}
	}
	h.closes(sato(), s, "event", "held", "why", "予算待ち", "until", "2026-12-25")
	has(t, show(h.card("C0DESK")), "保留", "2026年12月25日(金)", "佐藤：保留：予算待ち")
	h.closes(sato(), h.opens(sato(), "C0DESK", "状態を変える"), "event", "resumed")
	if now := h.proposal(p); now.State != proposal.Received {
		t.Errorf("got %s", now.State)
	}
	if _, err := h.fills(sato(), s, "event", "declined", "why", "理由"); err == nil {
		if now := h.proposal(p); now.State == proposal.Declined {
			t.Error("declined without a word to the organization")
		}
	}
}

// Every button that stands on any card, in any state, for whoever may press it, does something that can be read.
func TestButtons_all_lead_somewhere(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	steps := []proposal.Event{
		proposal.Returned, proposal.DialogueOpened, proposal.Prepared, proposal.Started, proposal.Completed, proposal.Reported, proposal.Reopened,
		proposal.Held, proposal.Resumed, proposal.Returned, proposal.Returned, proposal.RuledOut,
	}
	p := h.submit()
	pressAll(t, h)
	h.refers("welfare")
	pressAll(t, h)
	for _, on := range steps {
		h.move(p, on)
		pressAll(t, h)
	}
}

func pressAll(t *testing.T, h *hall) {
	t.Helper()
	for channel, by := range map[string]bot.Actor{"C0DESK": sato(), "C0WELFARE": welfare()} {
		if !slices.ContainsFunc(h.posts, func(p *post) bool { return p.channel == channel }) {
			continue
		}
		card := h.card(channel)
		for _, b := range buttons(card) {
			if len(b.Press.Encode()) > 150 {
				t.Errorf("%s is too long for a menu: %s", b.Label, b.Press.Encode())
			}
			if b.Press.Do == "proposal.take" {
				continue // it does, and would change the card
			}
			if r, err := h.do(by, b.Press); err != nil || r.Open == nil {
				t.Errorf("%s on\n%s: got %+v, %v", b.Label, show(card), r, err)
			}
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.submit()
	h.refers("welfare")
	type row struct {
		press                     msg.Press
		submits                   bool
		desk, asked, other, guest bool
	}
	do := func(name string, more ...string) msg.Press {
		return msg.Do(name, append([]string{"proposal", "1", "department", "welfare", "verdict", "join", "to", "town"}, more...)...)
	}
	for _, r := range []row{
		{do("proposal.take"), false, true, false, false, false},
		{do("proposal.assign"), true, true, false, false, false},
		{do("proposal.refer"), true, true, false, false, false},
		{do("proposal.forward"), false, true, false, false, false},
		{do("proposal.reply"), true, true, true, false, false},
		{do("proposal.decline"), true, true, false, false, false},
		{do("proposal.move"), true, true, false, false, false},
		{do("proposal.details"), false, true, true, false, false},
		{do("verdict"), true, true, true, false, false},
		{do("delivery.release"), false, true, false, false, false},
	} {
		for _, who := range []struct {
			a   bot.Actor
			may bool
		}{{sato(), r.desk}, {chief(), r.desk}, {welfare(), r.asked}, {health(), r.other}, {outsider(), r.guest}} {
			_, err := h.do(who.a, r.press)
			if got := bot.KindOf(err) != bot.Forbidden; got != who.may {
				t.Errorf("%s presses %s: got %v", who.a.ID, r.press.Do, err)
			}
			if !r.submits {
				continue
			}
			_, err = h.fills(who.a, &msg.Screen{Then: r.press})
			if got := bot.KindOf(err) != bot.Forbidden; got != who.may {
				t.Errorf("%s submits %s: got %v", who.a.ID, r.press.Do, err)
			}
		}
	}
	other := of("U0KENKO", "健康の山田", "health", "welfare")
	h.refers("health")
	if _, err := h.do(health(), do("verdict")); bot.KindOf(err) != bot.Forbidden {
		t.Errorf("a department opened the verdict of another: %v", err)
	}
	if _, err := h.do(other, do("verdict")); err != nil {
		t.Errorf("somebody of both: %v", err)
	}
	for _, press := range []msg.Press{msg.Do("nonsense"), msg.Do("proposal.send", "proposal", "1"), msg.Do("")} {
		if _, err := h.do(sato(), press); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%+v: got %v", press, err)
		}
	}
	for _, press := range []msg.Press{msg.Do("proposal.move", "proposal", "99"), msg.Do("proposal.details", "proposal", "x"), msg.Do("proposal.take")} {
		if _, err := h.do(sato(), press); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%+v: got %v", press, err)
		}
	}
}

func TestRepeated_interactions_have_no_second_effect(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.submit()
	s := h.opens(sato(), "C0DESK", "照会する")
	twice := coordinator.Submission{ID: "twice", Actor: sato(), Press: s.Then, Values: msg.Values{"departments": {"welfare"}, "due": {"2026-12-01"}}}
	for range 2 {
		if r, err := h.c.Submit(t.Context(), twice); err != nil || len(r.Faults) > 0 {
			t.Fatalf("got %+v, %v", r, err)
		}
	}
	h.deliver()
	history, err := h.db.History(t.Context(), p.ID, 10)
	if err != nil || len(history) != 2 {
		t.Errorf("got %d lines of history, %v", len(history), err)
	}
	if n := strings.Count(h.thread("C0WELFARE"), "福祉政策課に照会"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

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
