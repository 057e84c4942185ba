package concierge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
)

// Beyond what is taken of one person nothing is stored: it is said once, to the desk, too, and the next hour is a new one.
func TestLimits_of_messages(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.submitted("見守り")
	stored := func() int { return k.count(`SELECT count(*) FROM messages WHERE body LIKE '続き%'`) }
	floods := func(n int) (answered int) {
		for i := range n {
			k.say(fmt.Sprintf("続き%d", i))
			if k.answered() {
				answered++
			}
		}
		return answered
	}
	if n := floods(200); n != 200 || stored() != 200 {
		t.Fatalf("of 200 messages %d are answered and %d stored", n, stored())
	}
	k.say("続きの続き")
	for _, words := range []string{"このメッセージはお届けしていません", "11月20日(金) 11:00以降に", "0"} {
		k.reads(words)
	}
	if k.sees("[") || stored() != 200 {
		t.Errorf("it invites something else, or is stored all the same:\n%s", show(k.last))
	}
	said := show(k.last)
	k.compose(k.newest(concierge.KindOver))
	if again := show(k.last); again != said {
		t.Errorf("after a fault of LINE it reads %q, before %q", again, said)
	}
	if n := floods(20); n != 0 || stored() != 200 {
		t.Errorf("of 20 more, %d are answered and %d stored; want one answer for all", n, stored()-200)
	}
	if told := k.put(ledger.KindLimit, ""); len(told) != 1 || told[0].Args["limit"] != "hour_messages" {
		t.Errorf("the desk is told %d times, want once", len(told))
	}
	k.propose("二件目")
	k.say("送信")
	k.reads("受付番号")
	k.now = time.Date(2026, 11, 20, 11, 0, 0, 0, k.now.Location())
	k.say("続きから")
	k.reads("どのご提案")
	if stored() != 201 {
		t.Errorf("the next hour stores %d", stored()-200)
	}
}

// A day has its own limit, which many hours reach. It is the desk's day.
func TestLimits_of_a_day(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.submitted("見守り")
	k.say("一つ目")
	k.execute(`UPDATE contacts SET talk = jsonb_set(talk, '{spent,day_messages,n}', '1000'), revision = revision + 1`)
	k.say("次の")
	k.reads("1日にお届けできるメッセージの数（1,000件）")
	k.reads("11月21日(土) 0:00以降に")
	k.now = time.Date(2026, 11, 21, 0, 0, 0, 0, k.now.Location())
	k.say("翌日の")
	k.reads("お伝えしました")
	if n := k.count(`SELECT count(*) FROM messages WHERE body LIKE '翌日%'`); n != 1 {
		t.Error("the next day nothing is taken")
	}
}

func TestLimits_of_files(t *testing.T) {
	t.Parallel()
	sends := func(k *talk, n int, size int64, kind string) {
		for i := range n {
			k.do(concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Name: fmt.Sprintf("%d.pdf", i), Size: size, Kind: kind}})
		}
	}
	t.Run("in number", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.submitted("見守り")
		sends(k, 50, 100, "file")
		k.reads("お預かりしました")
		sends(k, 1, 100, "file")
		k.reads("1日にお預かりできる資料の数（50件）")
		sends(k, 3, 100, "file")
		if k.answered() {
			t.Errorf("it is said again:\n%s", show(k.last))
		}
		if n := k.count(`SELECT count(*) FROM files`); n != 50 {
			t.Errorf("%d files are taken, want 50", n)
		}
		k.say("文字は届きます")
		k.reads("お伝えしました")
	})
	t.Run("in size", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.submitted("見守り")
		sends(k, 10, 19<<20, "file")
		sends(k, 1, 19<<20, "file")
		k.reads("合わせて200MB")
		sends(k, 3, 0, "image")
		k.reads("お預かりしました")
		sends(k, 1, 0, "image")
		if n := k.count(`SELECT count(*) FROM files`); n != 13 {
			t.Errorf("%d files are taken, want 10 and three pictures", n)
		}
	})
	t.Run("as an answer: the question stays", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		sends(k, 50, 100, "file")
		for range 2 {
			sends(k, 1, 100, "file")
			k.reads("企画書などの資料")
		}
		k.press("次へ")
		k.reads("内容の確認")
		k.press("送信")
		k.reads("受付番号")
	})
}

func TestLimits_of_cases(t *testing.T) {
	t.Parallel()
	t.Run("in a day", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(10)
		for range 2 {
			k.say("提案")
			k.reads("新しいご提案・ご相談の数（10件）")
		}
		k.say("相談")
		k.reads("新しいご提案・ご相談の数（10件）")
		if told := k.put(ledger.KindLimit, ""); len(told) != 1 {
			t.Errorf("the desk is told %d times, want once", len(told))
		}
		k.now = k.now.AddDate(0, 0, 1)
		k.say("提案")
		k.reads("ご提案者")
	})
	t.Run("at a time", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		for range 20 {
			k.several(1)
			k.now = k.now.AddDate(0, 0, 1)
		}
		k.say("提案")
		k.reads("受付中のご提案・ご相談が20件あるため")
		k.execute(`UPDATE proposals SET state = 'withdrawn', open = false WHERE id = 1`)
		k.say("提案")
		k.reads("ご提案者")
	})
	t.Run("one under way goes on", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("提案")
		k.several(10)
		k.say("提案")
		k.reads("続きから再開しますか")
	})
}

// Right after words were refused nothing invites something else; what was asked about them stays asked.
func TestUnusable_words_are_answered_alone(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("長", 6000)
	t.Run("without a case", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say(long)
		k.reads("文字数を減らしてください")
		alone(t, k)
		k.compose(k.newest(concierge.KindRemark))
		k.reads("文字数を減らしてください")
		alone(t, k)
	})
	t.Run("with one", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.submitted("見守り")
		k.say(long)
		k.reads("3,000文字超えています")
		alone(t, k)
		k.say("a\x00\x01")
		k.reads("使用できない文字")
		alone(t, k)
	})
	t.Run("which one they are about is still asked", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(2)
		k.say("次はいつですか。")
		k.reads("どのご提案")
		k.say(long)
		k.reads("文字数を減らしてください")
		k.reads("どのご提案")
		k.say("短くしました。")
		k.press("その1")
		if n := k.count(`SELECT count(*) FROM messages WHERE proposal IS NOT NULL AND direction = 'in'`); n != 2 {
			t.Errorf("%d messages are filed, want both", n)
		}
	})
}

// alone fails unless what was answered has nothing to press.
func alone(t *testing.T, k *talk) {
	t.Helper()
	if k.sees("ご用件") || len(buttons(k.last)) != 0 {
		t.Errorf("it invites something else:\n%s", show(k.last))
	}
}
