package concierge_test

import (
	"slices"
	"testing"
	"time"

	"tsunagi/bot"
	"tsunagi/bot/calendar"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// What 状況 says agrees with what the organization was told: the receipt's day, and whose answer is awaited.
func TestStatus(t *testing.T) {
	t.Parallel()
	status := func(k *talk, promised bool, wants ...string) {
		k.t.Helper()
		k.say("状況")
		for _, want := range wants {
			k.reads(want)
		}
		if k.sees("12月7日") != promised {
			k.t.Errorf("the promised day shows: %t, want %t, in\n%s", !promised, promised, show(k.last))
		}
		if k.sees("11月25日") || k.sees("11月30日") || k.sees("次の期日") {
			k.t.Errorf("an internal date shows in\n%s", show(k.last))
		}
	}
	t.Run("the receipt's day, from the first to the departments", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.submitted("見守り")
		status(k, true, "回答予定日", "デスク")
		k.refer(p.ID, "welfare")
		status(k, true, "回答予定日", "所管課")
	})
	t.Run("a question of the desk awaits an answer, though a verdict is missing", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.refer(p.ID, "welfare")
		k.city(p, "ご住所を教えてください。", "")
		status(k, true, "所管課", "お返事もお待ちしています")
		k.say("岸城町7番1号です。")
		status(k, true, "所管課")
		if k.sees("お待ちしています") {
			t.Error("an answer is awaited that was given")
		}
	})
	t.Run("a question before anybody was asked", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.city(p, "ご住所を教えてください。", "")
		status(k, true, "貴団体（お返事をお待ちしています）")
	})
	t.Run("once answered, a day that is over is no date any more; unanswered it stands", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.now = k.now.Add(30 * 24 * time.Hour)
		status(k, true)
		k.city(p, "関係課と調整しています。", "")
		status(k, false)
	})
	t.Run("a talk under way has the day promised for words out of hours", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.move(p.ID, proposal.DialogueOpened, "")
		status(k, false, "デスク")
		k.now = time.Date(2026, 11, 28, 10, 0, 0, 0, k.now.Location()) // Saturday
		k.say("水曜日はいかがでしょうか。")
		k.reads("受付時間外")
		k.reads("12月11日")
		status(k, false, "回答予定日", "12月11日")
		k.now = k.now.Add(time.Minute)
		k.change(func(tx *store.Tx, l *ledger.Ledger) error {
			seen, err := tx.History(t.Context(), p.ID, 1)
			if err == nil {
				_, _, err = l.Waive(t.Context(), tx, k.event(), p.ID, staff(), seen[0].ID)
			}
			return err
		})
		status(k, false, "デスク")
		if k.sees("回答予定日") {
			t.Error("an answer is promised to what needs none")
		}
	})
	t.Run("on hold: the day until when", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.hold(p.ID)
		k.say("状況")
		k.reads("次の期日")
		k.reads("1月15日")
	})
}

func (k *talk) hold(p bot.ProposalID) {
	k.t.Helper()
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		_, err := l.Move(k.t.Context(), tx, ledger.Change{
			Event: k.event(), Proposal: p, On: proposal.Held, By: staff(), Why: "予算の時期まで",
			Until: calendar.Date{Year: 2027, Month: 1, Day: 15},
		})
		return err
	})
}

// Of a department that the profile no longer has, nobody waits for an answer: it is the desk's turn to ask another.
func TestStatus_department_gone(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り弁当")
	k.refer(p.ID, "welfare")
	k.say("状況")
	k.reads("Value:所管課")
	k.desk.Departments = slices.DeleteFunc(slices.Clone(k.desk.Departments), func(d bot.Department) bool { return d.ID == "welfare" })
	k.say("状況")
	k.reads("Value:デスク")
	if k.sees("Value:所管課") {
		t.Error("a department that is gone is said to have its turn")
	}
}

// A no comes with its reason and another door also for whoever had blocked the account when it was sent.
func TestStatus_of_a_no(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]proposal.Event{
		"declined": proposal.Declined, "out of scope": proposal.RuledOut, "handed off": proposal.HandedOff,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			p := k.several(1)[0]
			k.do(concierge.Event{Kind: concierge.Blocked})
			k.move(p.ID, on, "予算の都合")
			k.do(concierge.Event{Kind: concierge.Followed})
			k.city(p, "ご質問へのお返事です。", "")
			k.say("状況")
			k.reads("お受けできません。")
			k.reads("別のご提案やご相談は、いつでもお受けします")
			k.reads(k.desk.Phone)
			if k.sees("ご質問へのお返事です") {
				t.Error("a later reply stands for the reason")
			}
		})
	}
	t.Run("withdrawn by its author", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.answers("取下げ", "K2026-0001", "はい", "状況")
		k.reads("取下げを承りました")
		if k.sees("いつでもお受けします") {
			t.Error("a door is offered as if it had been a no")
		}
	})
}

// Whoever asks in the middle of a draft reads that it has not gone, and finds the way back into it.
func TestStatus_of_a_draft(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]int{"alone": 0, "beside a proposal": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.several(before)
			k.answers("提案", "企業", "状況")
			k.reads("ご提案の下書きが途中です")
			k.reads("ご用件に最も近い")
			k.answers("中断", "状況")
			k.reads("ご提案の下書きが途中です")
			k.press("再開")
			k.reads("ご用件に最も近い")
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("状況")
		k.reads("まだありません")
		if k.sees("下書き") {
			t.Error("a draft is told of that there is not")
		}
	})
}

// Whoever reads that a proposal goes on reads until when it is answered, and the same under 状況: counted from then.
func TestStatus_of_what_was_reopened(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.several(1)[0]
	k.move(p.ID, proposal.Declined, "cost")
	k.now = k.now.Add(30 * 24 * time.Hour)
	k.move(p.ID, proposal.Reopened, "")
	k.compose(k.newest(ledger.KindState))
	day := k.desk.AnswerBy(k.now).String()
	words := "2027年1月7日"
	if day != "2027-01-07" {
		t.Fatalf("the test is wrong about the day: %s", day)
	}
	k.reads("回答予定日")
	k.reads(words)
	k.say("状況")
	k.reads(words)
	if k.sees("12月7日") {
		t.Errorf("a day of the past is promised:\n%s", show(k.last))
	}
	k.now = k.now.Add(time.Minute)
	k.city(p, "あらためて検討しています。", "")
	k.now = k.now.Add(30 * 24 * time.Hour)
	k.say("状況")
	if k.sees(words) {
		t.Errorf("what was answered is still promised:\n%s", show(k.last))
	}
}
