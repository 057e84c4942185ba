package concierge_test

import (
	"fmt"
	"testing"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
	"tsunagi/store"
)

// several gives a person some proposals, the newest last.
func (k *talk) several(n int) []bot.Proposal {
	k.t.Helper()
	var out []bot.Proposal
	k.change(func(tx *store.Tx, l *ledger.Ledger) error {
		talk, _, err := tx.Hear(k.t.Context(), k.event(), k.user)
		if err != nil {
			return err
		}
		for i := range n {
			p, err := l.Submit(k.t.Context(), tx, ledger.Submission{
				Event: k.event(), Kind: bot.KindProposal, Contact: talk.Contact,
				Organization: "岸和田だんじり食品", ContactName: "佐藤 花子", Title: fmt.Sprintf("見守り弁当その%d", i+1),
			})
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	k.forget()
	return out
}

// thread is what stands in the thread of a proposal.
func (k *talk) thread(p bot.Proposal) []string {
	k.t.Helper()
	found, err := k.db.Thread(k.t.Context(), p.ID, 50)
	if err != nil {
		k.t.Fatal(err)
	}
	var out []string
	for _, m := range found {
		out = append(out, m.Body)
	}
	return out
}

func TestWhich(t *testing.T) {
	t.Parallel()
	t.Run("chosen with a button, all that was written meanwhile goes along, in order, files too", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(3)
		k.say("お世話になっております。")
		k.reads("どのご提案・ご相談についてのご連絡ですか")
		k.say("先日の件ですが、水曜日はいかがでしょうか。")
		k.reads("どのご提案・ご相談についてのご連絡ですか")
		k.fetched("地図.pdf")
		k.do(concierge.Event{Kind: concierge.SentOther})
		k.say("よろしくお願いいたします。")
		k.press(ps[1].Number)
		k.reads("お伝えしました")
		want := []string{"お世話になっております。", "先日の件ですが、水曜日はいかがでしょうか。", "地図.pdf", "よろしくお願いいたします。"}
		if got := k.thread(ps[1]); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("in the thread stands %q, want %q", got, want)
		}
		if got := len(k.put(ledger.KindMessage, "")); got != 4 {
			t.Errorf("the desk is handed %d messages, want 4", got)
		}
		if got := len(k.put(ledger.KindFile, "")); got != 1 {
			t.Errorf("the desk is handed %d files, want 1", got)
		}
	})
	t.Run("a file that is fetched after the choice", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.line.files[k.file("地図.pdf")] = pdf
		k.press(ps[0].Number)
		k.collect()
		if got := k.put(ledger.KindFile, ""); len(got) != 1 || got[0].Proposal != ps[0].ID {
			t.Errorf("the desk is handed %+v, want the file in the thread of %s", got, ps[0].Number)
		}
	})
	for name, typed := range map[string]string{
		"number": "K2026-0002", "place in the list": "２", "place as people type it": "2番", "number without zeros": "k2026-2", "digits of the number": "2026-0002", "title": "見守り弁当その２", "label": "K2026-0002 見守り弁当その2",
	} {
		t.Run("typed by its "+name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(3)
			k.say("水曜日はいかがでしょうか。")
			k.redis.FlushAll()
			k.say(typed)
			k.reads("お伝えしました")
			if got := k.thread(ps[1]); len(got) != 1 || got[0] != "水曜日はいかがでしょうか。" {
				t.Errorf("in the thread stands %q", got)
			}
		})
	}
	t.Run("more than a phone shows: the others by number", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(13)
		k.say("水曜日はいかがでしょうか。")
		k.reads("受付番号")
		if k.sees(ps[0].Number) {
			t.Fatal("all are shown; the case is none")
		}
		k.say(ps[0].Number)
		if got := k.thread(ps[0]); len(got) != 1 {
			t.Errorf("in the thread stands %q", got)
		}
	})
	t.Run("never chosen: the desk reads it", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(2)
		k.say("水曜日はいかがでしょうか。")
		got := k.put(ledger.KindUnfiled, "")
		if len(got) != 1 || got[0].Lane.Chat() != k.desk.Channel || !got[0].NotBefore.After(k.now) {
			t.Errorf("the desk is handed %+v, want the message, after a while", got)
		}
	})
	t.Run("taken back before the choice", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("まちがえました")
		k.unsend(k.sent)
		k.do(concierge.Event{Kind: concierge.Pressed, Press: msg.Do("which", "m", "1", "p", "1")})
		k.reads("使えなくなりました")
		if got := k.thread(ps[0]); len(got) != 0 {
			t.Errorf("in the thread stands %q", got)
		}
	})
	t.Run("pressed twice: carried once", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("水曜日はいかがでしょうか。")
		question := k.last
		k.press(ps[0].Number)
		k.last = question
		k.press(ps[1].Number)
		k.reads("使えなくなりました")
		if got := len(k.thread(ps[1])); got != 0 {
			t.Errorf("carried a second time")
		}
	})
	t.Run("about a proposal that has ended meanwhile", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("水曜日はいかがでしょうか。")
		question := k.last
		k.move(ps[0].ID, proposal.RuledOut, "対象外のため")
		k.last = question
		k.press(ps[0].Number)
		k.reads("お伝えしました")
		if got := len(k.thread(ps[0])); got != 2 { // the last words of the city are one
			t.Errorf("in the thread stand %d messages, want 2", got)
		}
	})
}

// Forms teach that a number counts from the top. It must not file a message with the proposal whose number ends so.
func TestWhich_by_place(t *testing.T) {
	t.Parallel()
	t.Run("counts from the top of the list shown", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(2)
		k.say("水曜日はいかがでしょうか。")
		k.reads("上からの番号（1〜2）")
		k.say("1")
		k.reads("K2026-0002")
		k.inThread(ps[0])
		k.inThread(ps[1], "水曜日はいかがでしょうか。")
	})
	t.Run("to withdraw, among those that can be", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(3)
		for _, on := range []proposal.Event{proposal.DialogueOpened, proposal.Prepared, proposal.Started} {
			k.move(ps[2].ID, on, "")
		}
		k.say("取下げ")
		k.reads("上からの番号（1〜2）")
		k.say("1")
		k.reads("（K2026-0002）を取り下げますか")
	})
	for name, typed := range map[string]string{"of places": "3", "of the number": "0001", "with zeros": "001", "and a year": "26-1"} {
		t.Run("a part "+name+" is no choice, and the list comes again", func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			k.say("水曜日はいかがでしょうか。")
			for _, wish := range []string{"どのご提案", "取り下げるご"} {
				k.say(typed)
				k.reads(wish)
				k.say("取下げ")
			}
			k.inThread(ps[0])
			k.inThread(ps[1])
		})
	}
	t.Run("in a list that has changed since is none, and the new list is shown", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		ps := k.several(3)
		k.say("取下げ")
		k.move(ps[2].ID, proposal.RuledOut, "対象外のため")
		k.say("1")
		k.reads("一覧が変わりました")
		k.say("1")
		k.reads("（K2026-0002）を取り下げますか")
		k.say("水曜日はいかがでしょうか。今の件とは別です。")
		ps = append(ps, k.several(1)...)
		k.say("1")
		k.reads("一覧が変わりました")
		for _, p := range ps {
			if p.ID != ps[2].ID {
				k.inThread(p)
			}
		}
		k.say("1")
		k.reads("K2026-0004")
		k.inThread(ps[3], "水曜日はいかがでしょうか。今の件とは別です。")
	})
	t.Run("beyond what a phone shows", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(13)
		k.say("水曜日はいかがでしょうか。")
		k.say("11")
		k.reads("1〜10")
		k.say("10")
		k.reads("K2026-0004")
		k.reads("お伝えしました")
	})
}

// The desk may know what the organization has not said.
func TestWhich_filed_by_the_desk(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ps := k.several(2)
	k.say("水曜日はいかがでしょうか。")
	question := k.last
	file := func(p bot.Proposal) error {
		return k.db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := k.ledger.File(t.Context(), tx, k.event(), p.ID, 1)
			return err
		})
	}
	if err := file(ps[0]); err != nil {
		t.Fatal(err)
	}
	if got := k.put(ledger.KindMessage, ""); len(got) != 1 || got[0].Proposal != ps[0].ID {
		t.Errorf("the desk is handed %+v", got)
	}
	if err := file(ps[1]); bot.KindOf(err) != bot.Conflict {
		t.Errorf("filed twice: %v, want a conflict", err)
	}
	k.last = question
	k.press(ps[1].Number)
	k.reads("使えなくなりました")
}

func TestStatus_of_many(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ps := k.several(14)
	for _, p := range ps[2:] {
		k.move(p.ID, proposal.RuledOut, "対象外のため")
	}
	k.say("状況")
	k.reads(ps[0].Number) // open, though the oldest
	seen := map[string]bool{}
	for range 3 {
		for _, p := range ps {
			seen[p.Number] = seen[p.Number] || k.sees(p.Number)
		}
		if !k.sees("ほかのご提案") {
			break
		}
		k.press("ほかのご提案")
	}
	if len(seen) != len(ps) {
		t.Errorf("saw %d of %d proposals", len(seen), len(ps))
	}
	for number, yes := range seen {
		if !yes {
			t.Errorf("%s never shows", number)
		}
	}
}

// A file waits with the words around it, and may be refused before anybody knows what it is for. What is said is true of all.
func TestWhich_of_files(t *testing.T) {
	t.Parallel()
	const words, file, both = "担当にお伝えしました。", "ファイルをお預かりしました", "担当にお伝えしました。ファイルは、中身を確認してから"
	for name, c := range map[string]struct {
		sends  func(*talk)
		reads  string
		handed int // to the desk, with what it reads of files that did not come
	}{
		"a file":                    {func(k *talk) { k.file("地図.pdf") }, file, 0},
		"one that has come":         {func(k *talk) { k.fetched("地図.pdf") }, file, 1},
		"two":                       {func(k *talk) { k.fetched("地図.pdf"); k.file("写真.png") }, file, 1},
		"words, then a file":        {func(k *talk) { k.say("地図です。"); k.file("地図.pdf") }, both, 0},
		"a file, then words":        {func(k *talk) { k.fetched("地図.pdf"); k.say("地図です。") }, both, 1},
		"a refused one":             {func(k *talk) { k.refused("空.pdf") }, words, 1},
		"a refused one, and words":  {func(k *talk) { k.refused("空.pdf"); k.say("地図です。") }, words, 1},
		"a refused one, and a file": {func(k *talk) { k.refused("空.pdf"); k.fetched("地図.pdf") }, both, 2},
		"one taken back, and words": {func(k *talk) { k.say("地図です。"); k.file("地図.pdf"); k.unsend(k.sent) }, words, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ps := k.several(2)
			c.sends(k)
			k.say(ps[0].Number)
			if k.reads(c.reads); c.reads == words && k.sees("ファイル") {
				t.Errorf("a file is promised:\n%s", show(k.last))
			}
			if got := len(k.put(ledger.KindFile, "")); got != c.handed {
				t.Errorf("the desk is handed %d files, want %d", got, c.handed)
			}
		})
	}
}

// refused sends a file that turns out to be empty.
func (k *talk) refused(name string) {
	k.t.Helper()
	k.line.files[k.file(name)] = ""
	k.collect()
}
