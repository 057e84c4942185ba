package concierge_test

import (
	"testing"
	"time"

	"tsunagi/bot/concierge"
	"tsunagi/bot/form"
	"tsunagi/store"
)

func (k *talk) draft() store.Draft {
	k.t.Helper()
	talk, err := k.db.TalkOf(k.t.Context(), k.user)
	if err != nil {
		k.t.Fatal(err)
	}
	d, err := k.db.Draft(k.t.Context(), talk.Draft)
	if err != nil {
		k.t.Fatal(err)
	}
	return d
}

func TestPaused(t *testing.T) {
	t.Parallel()
	t.Run("and back the next day at the same question, without Redis", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "連携の提案", "中断")
		k.reads("3/")
		if got := k.draft().State; got != store.DraftPaused {
			t.Errorf("the draft is %s", got)
		}
		k.now = k.now.Add(24 * time.Hour)
		k.redis.FlushAll()
		k.say("再開")
		k.reads("団体名を教えてください")
		if got := k.draft().State; got != store.DraftOpen {
			t.Errorf("the draft is %s", got)
		}
	})
	t.Run("what is written then is no answer and is said so", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "連携の提案", "中断", "岸和田だんじり食品")
		k.reads("まだ回答として保存していません")
		k.press("再開")
		k.reads("団体名を教えてください")
		if n := len(k.draft().Answers); n != 2 {
			t.Errorf("%d answers, want 2", n)
		}
	})
	t.Run("what is written then goes to the open proposal, a file too", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.several(1)[0]
		k.answers("提案", "企業", "中断", "水曜日はいかがでしょうか。")
		k.reads("お伝えしました")
		k.fetched("a.pdf")
		k.reads("お預かりしました")
		if got := k.thread(p); len(got) != 2 {
			t.Errorf("in the thread stands %q", got)
		}
		k.say("再開")
		k.reads("ご用件に最も近い")
	})
	t.Run("at the summary all answers are kept, and it comes back", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.propose("見守り")
		k.say("中断")
		k.reads("回答はすべて保存")
		if k.sees("0/") || k.sees("同じ質問") {
			t.Errorf("a place among the questions is named where none is asked:\n%s", show(k.last))
		}
		k.redis.FlushAll()
		k.press("再開")
		k.reads("内容の確認")
	})
	t.Run("another cannot be begun by a slip", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.answers("提案", "企業", "中断", "相談")
		k.reads("途中です")
		k.press("再開")
		k.reads("ご用件に最も近い")
	})
}

// A draft begun on one version of the profile goes on with the next: what still fits stays, what does not is asked again.
func TestVersion(t *testing.T) {
	t.Parallel()
	for _, flushed := range []bool{false, true} {
		k := newTalk(t)
		k.answers("提案", "企業", "連携の提案", "岸和田だんじり食品", "見守り弁当", "福祉・見守り", "次へ")
		k.reads("ねらいを選んでください")
		old := k.last
		f := &k.desk.Proposal
		f.Version = "next"
		f.Fields = append([]form.Field{}, f.Fields...)
		for i := range f.Fields {
			switch f.Fields[i].ID {
			case "title":
				f.Fields[i].Max = 3 // 見守り弁当 is too long now
			case "aim":
				f.Fields[i].ID = "purposes" // the question that was asked is gone
			}
		}
		if flushed {
			k.redis.FlushAll()
		}
		k.last = old
		k.press("地域課題の解決")
		k.reads("もう一度お答えください")
		k.reads("タイトル")
		d := k.draft()
		if d.Version != "next" || d.Answers["title"].Text != "" || d.Answers["organization"].Text != "岸和田だんじり食品" {
			t.Errorf("the draft is %+v", d)
		}
		k.back("ご提案のタイトルを")
		k.answers("見守り", "地域課題の解決", "次へ", "声をかけます。", "なし", "はい", "佐藤 花子", "a@example.jp", "スキップ")
		k.reads("内容の確認")
		k.say("送信")
		k.reads("受付番号")
	}
}

func TestRedis_of_another_time(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.answers("提案", "企業")
	k.redis.Stop()
	k.do(concierge.Event{Kind: concierge.Said, Text: "連携の提案"})
	k.reads("団体名を教えてください")
	k.do(concierge.Event{Kind: concierge.SentOther})
	k.reads("団体名を教えてください")
}
