package concierge_test

import (
	"strings"
	"testing"

	"tsunagi/bot/concierge"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

const suzuki = "Ubbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

// Whatever button comes in, from an old screen, from somebody else or made up: an answer, and nothing done.
func TestButtons_that_do_not_count(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.several(2)
	k.say("水曜日はいかがでしょうか。") // waits to be told which one it means
	k.user = suzuki
	k.several(1)
	k.say("提案")
	k.say("企業")
	other, err := k.db.TalkOf(t.Context(), suzuki)
	if err != nil {
		t.Fatal(err)
	}
	draft := formatID(int64(other.Draft))
	k.user = sato
	k.say("相談")
	k.say("岸和田だんじり食品")
	for _, p := range []msg.Press{
		{}, msg.Do(""), msg.Do("nonsense"), msg.Do("menu.nonsense"), msg.Do("proposal.take", "proposal", "1"),
		msg.Do("form"), msg.Do("form", "v", "submit"), msg.Do("form", "v", "answer", "d", draft, "r", "1", "f", "proposer", "c", "individual"),
		msg.Do("form", "v", "confirm_cancel", "d", draft, "r", "2"), msg.Do("form", "v", "\x00", "d", "1"),
		msg.Do("form", "v", "answer", "d", "99999999999999999999"),
		msg.Do("which"), msg.Do("which", "m", "1", "p", "3"), msg.Do("which", "m", "1", "p", "99"), msg.Do("which", "m", "-1", "p", "1"),
		msg.Do("withdraw"), msg.Do("withdraw.yes", "p", "3"), msg.Do("menu.propose", "new", draft), msg.Do("menu.status", "from", "-5"),
		msg.Do("menu.status", "from", "99999"),
	} {
		k.do(concierge.Event{Kind: concierge.Pressed, Press: p})
		if !k.answered() {
			t.Errorf("%+v is not answered", p)
		}
	}
	for _, user := range []string{sato, suzuki} {
		k.user = user
		for _, p := range k.mine() {
			if p.State != proposal.Received || len(k.thread(p)) != 0 {
				t.Errorf("%s is %s with %q", p.Number, p.State, k.thread(p))
			}
		}
		talk, err := k.db.TalkOf(t.Context(), user)
		if err != nil {
			t.Fatal(err)
		}
		d, err := k.db.Draft(t.Context(), talk.Draft)
		if err != nil || len(d.Answers) != 1 || d.State != store.DraftOpen {
			t.Errorf("the draft of %s is %s with %+v, %v", user, d.State, d.Answers, err)
		}
	}
}

// "Start anew" belongs to the form it was offered beside.
func TestButtons_anew_counts_once(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.say("提案")
	k.say("企業")
	k.do(concierge.Event{Kind: concierge.Pressed, Press: propose()})
	k.reads("途中です")
	offer := k.last
	k.press("新しく始める")
	k.reads("ご提案者について")
	k.say("大学・研究機関")
	k.last = offer
	k.press("新しく始める")
	k.reads("途中です")
	k.press("再開")
	k.reads("ご用件に最も近い")
}

func TestTyped_beside_a_form(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"新しく始める": "ご提案者について", "再開": "団体名を教えてください", "続ける": "団体名を教えてください", "はい": "団体名を教えてください",
	} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			for _, a := range []string{"提案", "企業", "連携の提案"} {
				k.say(a)
			}
			k.do(concierge.Event{Kind: concierge.Pressed, Press: propose()})
			k.reads("途中です")
			k.say(typed)
			k.reads(want)
			k.say("中断")
			k.say("提案")
			k.reads("途中です")
			k.say("はい")
			k.reads(want)
		})
	}
}

// Whatever is written or sent, wherever the talk stands: an answer.
func TestEverything_is_answered(t *testing.T) {
	t.Parallel()
	for name, stand := range map[string]func(*talk){
		"never met":            func(*talk) {},
		"at a choice":          func(k *talk) { k.say("提案") },
		"at a text":            func(k *talk) { k.say("相談") },
		"at the summary":       func(k *talk) { k.propose("見守り") },
		"paused":               func(k *talk) { k.say("提案"); k.say("中断") },
		"paused, with another": func(k *talk) { k.several(1); k.say("提案"); k.say("中断") },
		"really cancel":        func(k *talk) { k.say("提案"); k.say("やめる") },
		"one open":             func(k *talk) { k.several(1) },
		"several open":         func(k *talk) { k.several(2) },
		"asked which":          func(k *talk) { k.several(2); k.say("水曜日は?") },
		"asked to be sure":     func(k *talk) { k.several(1); k.say("取下げ") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			stand(k)
			for _, e := range []concierge.Event{
				{Kind: concierge.SentOther},
				{Kind: concierge.Said, Text: ""},
				{Kind: concierge.Said, Text: " \u3000\n"},
				{Kind: concierge.Said, Text: "a\x00b"},
				{Kind: concierge.Said, Text: "\xff\xfe\xfd"},
				{Kind: concierge.Said, Text: strings.Repeat("あ", 10_000)},
				{Kind: concierge.Said, Text: "\u202e<!channel> =1+1 👨‍👩‍👧‍👦"},
				{Kind: concierge.Said, Text: "状況"},
				{Kind: concierge.Said, Text: "ヘルプ"},
				{Kind: concierge.SentFile, File: concierge.Attachment{Name: "a\x00\xff.pdf", Size: 1, Kind: "file"}},
				{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "image"}},
				{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "video"}},
				{Kind: concierge.Pressed, Press: msg.Do("form", "v", "submit", "d", "1", "r", "1")},
				{Kind: concierge.Followed},
			} {
				k.do(e)
				if !k.answered() {
					t.Errorf("%s %.20q is not answered", e.Kind, e.Text)
				}
			}
		})
	}
}

// An event that fails again and again is set aside: its author and the desk are told.
func TestFailing(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.say("こんにちは")
	k.execute(`ALTER TABLE drafts RENAME TO broken`)
	for i := range 5 {
		k.forget()
		err := k.try(concierge.Event{ID: "bad", Kind: concierge.Said, Text: "提案"})
		if (i < 4) != (err != nil) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	k.execute(`ALTER TABLE broken RENAME TO drafts`)
	if got := k.put(concierge.KindSay, ""); len(got) != 1 || got[0].Args["key"] != "concierge.set_aside" || got[0].ReplyToken == "" {
		t.Errorf("the person is told %+v, want once that it is our fault", got)
	}
	if got := k.put("alarm", ""); len(got) != 1 {
		t.Errorf("the desk is told %d times, want once", len(got))
	}
	if err := k.try(concierge.Event{ID: "bad", Kind: concierge.Said, Text: "提案"}); err != nil || k.answered() {
		t.Errorf("once set aside it has an effect: %v", err)
	}
	k.say("提案")
	k.reads("ご提案者について")
}

// The words of a form's buttons are no message to the city where no form asks.
func TestTyped_words_of_a_form_outside_of_it(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	for _, words := range []string{"送信", "次へ", "スキップ", "もどる", "回答を消す"} {
		k.say(words)
		k.reads("質問はありません")
	}
	k.answers("提案", "企業", "中断", "もどる")
	k.reads("まだ回答として保存していません")
	if got := k.thread(p); len(got) != 0 {
		t.Errorf("in the thread stands %q", got)
	}
}

// A second press on what was submitted gives the number again, whatever goes on since.
func TestSubmitted_twice(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.propose("見守り")
	summary := k.last
	k.press("送信")
	k.reads("受付番号")
	again := func() {
		t.Helper()
		k.last = summary
		k.press("送信")
		k.reads("受付番号 K2026-0001 ですでに受け付けています")
	}
	again()
	k.say("相談")
	again()
	k.reads("団体名を教えてください")
	k.user = suzuki
	k.last = summary
	k.press("送信")
	if k.sees("K2026-0001") {
		t.Error("somebody else's number is told")
	}
	if n := k.count(`SELECT count(*) FROM proposals`); n != 1 {
		t.Errorf("%d proposals, want 1", n)
	}
}
