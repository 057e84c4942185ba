package concierge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/store"
)

// documents answers the kishiwada form up to its last question, which asks for files.
func (k *talk) documents(title string) {
	k.t.Helper()
	k.say("提案")
	for _, a := range []string{
		"企業", "連携の提案", "岸和田だんじり食品", title, "福祉・見守り", "次へ", "地域課題の解決", "次へ",
		"配食のときに高齢の方へ声をかけます。", "なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example",
	} {
		k.say(a)
	}
	k.reads("企画書などの資料")
}

// send submits the form with the files given.
func (k *talk) send() bot.Proposal {
	k.t.Helper()
	k.say("次へ")
	k.reads("内容の確認")
	k.say("送信")
	k.reads("受付番号")
	return k.mine()[0]
}

func TestFiles_given_as_an_answer(t *testing.T) {
	t.Parallel()
	t.Run("fetched before submission reaches the desk with it", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.fetched("企画書.pdf")
		k.send()
		if got := len(k.put(ledger.KindFile, "")); got != 1 {
			t.Errorf("the desk gets %d files, want 1", got)
		}
	})
	t.Run("the question says the button that is there: skip without a file, next with one", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		for _, skips := range []bool{true, false, true} {
			if k.sees("「スキップ」を押して") != skips || k.sees("[スキップ]") != skips {
				t.Errorf("want skip %t:\n%s", skips, show(k.last))
			}
			if k.sees("よろしければ「次へ」を押して") == skips || k.sees("[次へ]") == skips {
				t.Errorf("want next %t:\n%s", !skips, show(k.last))
			}
			if skips {
				k.file("企画書.pdf")
			} else {
				k.press("回答を消す")
			}
		}
	})
	t.Run("fetched after submission reaches the desk then", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.line.files[k.file("企画書.pdf")] = pdf
		k.send()
		if got := len(k.put(ledger.KindFile, "")); got != 0 {
			t.Errorf("the desk gets %d files that are not here yet", got)
		}
		k.collect()
		k.collect()
		if got := len(k.put(ledger.KindFile, "")); got != 1 {
			t.Errorf("the desk gets %d files, want 1", got)
		}
	})
	t.Run("is private, so a department does not get it", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		early, late := k.file("企画書.pdf"), k.file("見積書.pdf")
		k.line.files[early] = pdf
		k.collect()
		p := k.send()
		k.refer(p.ID, "welfare")
		k.line.files[late] = pdf
		k.collect()
		if got := len(k.put(ledger.KindFile, "welfare")); got != 0 {
			t.Errorf("the department gets %d files, want none", got)
		}
	})
	t.Run("one that was cleared again goes nowhere", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.fetched("まちがい.pdf")
		k.say("回答を消す")
		k.fetched("企画書.pdf")
		p := k.send()
		k.refer(p.ID, "welfare")
		if got := len(k.put(ledger.KindFile, "")); got != 1 {
			t.Errorf("the desk gets %d files, want the one that was given", got)
		}
		if got := len(k.put(ledger.KindFile, "welfare")); got != 0 {
			t.Errorf("the department gets %d files, want none", got)
		}
		if content(t, k, 1) != "" {
			t.Error("the cleared file is still kept")
		}
	})
	t.Run("one too many goes nowhere", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		for range 6 {
			k.fetched("企画書.pdf")
		}
		k.reads("5件まで")
		k.send()
		if got := len(k.put(ledger.KindFile, "")); got != 5 {
			t.Errorf("the desk gets %d files, want 5", got)
		}
	})
	t.Run("where no question takes files it goes nowhere", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.say("相談")
		k.say("岸和田だんじり食品")
		k.fetched("企画書.pdf")
		k.reads("ファイルを受け取れません")
		k.say("佐藤 花子")
		k.say("子ども食堂について")
		k.say("どの課に相談すればよいでしょうか。")
		k.say("送信")
		k.reads("受付番号")
		if got := len(k.put(ledger.KindFile, "")); got != 0 {
			t.Errorf("the desk gets %d files that were refused", got)
		}
	})
	t.Run("of a draft that was given up is not kept", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.fetched("企画書.pdf")
		late := k.file("見積書.pdf")
		k.say("やめる")
		k.say("はい")
		k.reads("取りやめました")
		k.forget()
		k.line.files[late] = pdf
		k.collect()
		if content(t, k, 1) != "" || content(t, k, 2) != "" {
			t.Error("files of a draft that was given up are kept")
		}
		if got := len(k.put(concierge.KindSay, "")); got != 0 {
			t.Error("the person is told of files that were given up")
		}
	})
}

// content is what is kept of a file.
func content(t *testing.T, k *talk, id bot.FileID) string {
	t.Helper()
	var b strings.Builder
	r := k.db.OpenFile(t.Context(), id)
	defer r.Close()
	chunk := make([]byte, 100)
	n, _ := r.Read(chunk)
	b.Write(chunk[:n])
	return b.String()
}

func TestFiles_taken_back(t *testing.T) {
	t.Parallel()
	t.Run("one of two: the other stays, and stays private", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		wrong := k.fetched("まちがい.pdf")
		k.fetched("企画書.pdf")
		p := k.send()
		k.unsend(wrong)
		k.refer(p.ID, "welfare")
		if got := len(k.put(ledger.KindFile, "welfare")); got != 0 {
			t.Errorf("the department gets %d private files", got)
		}
		for _, q := range k.particulars() {
			if q.Field == "documents" && (q.Unsent || q.Shown != "企画書.pdf") {
				t.Errorf("staff read %+v, want the other file", q)
			}
		}
	})
	t.Run("the only one: staff read that it was taken back", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		wrong := k.fetched("まちがい.pdf")
		k.send()
		k.unsend(wrong)
		for _, q := range k.particulars() {
			if q.Field == "documents" && (!q.Unsent || q.Shown != "") {
				t.Errorf("staff read %+v, want nothing of it", q)
			}
		}
	})
	t.Run("before it was fetched: nobody fetches it", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		wrong := k.file("まちがい.pdf")
		k.line.files[wrong] = pdf
		k.unsend(wrong)
		k.collect()
		if len(k.line.asked) != 0 {
			t.Errorf("LINE was asked for %q", k.line.asked)
		}
	})
	t.Run("overtaken by that: not taken", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.unsend("777")
		k.do(concierge.Event{Kind: concierge.SentFile, Message: "777", File: concierge.Attachment{Name: "a.pdf", Size: 9, Kind: "file"}})
		k.reads("企画書などの資料")
		k.line.files["777"] = pdf
		k.collect()
		if len(k.line.asked) != 0 {
			t.Errorf("LINE was asked for %q", k.line.asked)
		}
		k.say("スキップ")
		if k.sees("a.pdf") {
			t.Error("it is among the answers")
		}
	})
}

func TestFiles_refused(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]concierge.Attachment{
		"empty":   {Name: "a.pdf", Kind: "file"},
		"by size": {Name: "a.pdf", Size: concierge.FileMost + 1, Kind: "file"},
		"a video": {Kind: "video"},
		"a voice": {Kind: "audio"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.submitted("見守り")
			k.do(concierge.Event{Kind: concierge.SentFile, File: a})
			k.reads("受け取れません")
			k.collect()
			if len(k.line.asked) != 0 {
				t.Errorf("LINE was asked for %q", k.line.asked)
			}
		})
	}
	for name, c := range map[string]struct{ content, kind, want string }{
		"by content":            {"MZ\x90", "application/pdf", "concierge.file.unreadable"},
		"larger than announced": {"%PDF-" + strings.Repeat("x", concierge.FileMost), "application/pdf", "concierge.file.refused"},
		"empty":                 {"", "application/pdf", "concierge.file.unreadable"},
		"an archive":            {"PK\x03\x04 secret.txt", "application/zip", "concierge.file.unreadable"},
		"gone":                  {"-", "", "concierge.file.gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			p := k.submitted("見守り")
			m := k.file("a.pdf")
			k.reads("お預かりしました")
			if c.content != "-" {
				k.line.files[m], k.line.kinds[m] = c.content, c.kind
			}
			k.collect()
			k.collect()
			told := k.put(concierge.KindSay, "")
			if len(told) != 1 || told[0].Args["key"] != c.want {
				t.Errorf("the person is told %+v, want %s once", told, c.want)
			}
			if got := k.put(ledger.KindFile, ""); len(got) != 1 || got[0].Proposal != p.ID {
				t.Errorf("the desk is handed %+v, want one line that says it did not come", got)
			}
		})
	}
	t.Run("as an answer: it is none any more", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		m := k.file("a.pdf")
		k.line.files[m] = "MZ"
		k.collect()
		k.say("状況")
		k.say("スキップ")
		k.reads("内容の確認")
		if k.sees("a.pdf") {
			t.Errorf("the refused file is still an answer: %s", show(k.last))
		}
		k.say("送信")
		k.reads("受付番号")
	})
	t.Run("as an answer: its sender reads which, and the question with its buttons", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.fetched("企画書.pdf")
		k.line.files[k.file("偽物.pdf")] = "MZ"
		k.reads("「偽物.pdf」をお預かりしました")
		k.collect()
		k.compose(k.newest(concierge.KindSay))
		k.reads("「偽物.pdf」は受け取れません")
		k.reads("企画書などの資料")
		k.reads("今の回答：企画書.pdf")
		k.press("次へ")
		k.reads("内容の確認")
		k.compose(k.newest(concierge.KindSay))
		k.reads("「偽物.pdf」は受け取れません")
		k.press("送信")
		k.reads("受付番号")
		k.compose(k.newest(concierge.KindSay))
		k.reads("このファイルは受け取れません")
		k.reads("提案する")
		if n := k.count(`SELECT count(*) FROM files WHERE name LIKE '偽物%'`); n != 0 {
			t.Error("the name of a refused file outlives its draft")
		}
	})
	t.Run("in free talk: its sender reads which, and what was asked", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.several(1)
		k.line.files[k.file("空.pdf")] = ""
		k.collect()
		k.compose(k.newest(concierge.KindSay))
		k.reads("「空.pdf」は受け取れません。中身が空か")
		k.reads("提案する")
		k.several(1)
		k.line.files[k.file("空.pdf")] = ""
		k.collect()
		k.compose(k.newest(concierge.KindSay))
		k.reads("「空.pdf」は受け取れません")
		k.reads("どのご提案")
	})
	t.Run("at once by its size", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		k.do(concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Name: "大.pdf", Size: concierge.FileMost + 1, Kind: "file"}})
		k.reads("「大.pdf」は受け取れません")
		k.reads("企画書などの資料")
	})
	t.Run("by two replicas at once: said once", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.submitted("見守り")
		k.line.files[k.file("a.pdf")] = "MZ"
		other := k.concierge(k.db)
		done := make(chan struct{})
		go func() { defer close(done); other.CollectNow(t.Context(), k.line) }()
		k.collect()
		<-done
		if got := len(k.put(concierge.KindSay, "")); got != 1 {
			t.Errorf("the person is told %d times, want once", got)
		}
	})
}

func TestFiles_odd_names_are_taken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\x00b.pdf", "\xff\xfe.pdf", "../../etc/passwd.pdf", strings.Repeat("長", 3000) + ".pdf", "fdp.\u202egpj.pdf", "a\r\nb.pdf"} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			p := k.submitted("見守り")
			k.fetched(name)
			k.reads("お預かりしました")
			files, err := k.db.FilesOf(t.Context(), p.ID)
			if err != nil || len(files) != 1 {
				t.Fatalf("kept %d files, %v", len(files), err)
			}
			if got := files[0].Name; !strings.HasSuffix(got, ".pdf") || len([]rune(got)) > 120 || strings.ContainsAny(got, "\x00\r\n\u202e/") {
				t.Errorf("kept as %q", got)
			}
		})
	}
}

func TestFiles_not_ready(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	k.pace = time.Second // all of them within the minute that is waited for below
	for range 25 {
		k.line.later[k.file("a.pdf")] = true
	}
	k.line.files[k.file("b.pdf")] = pdf
	k.collect()
	files, err := k.db.FilesOf(t.Context(), p.ID)
	if err != nil || len(files) != 1 || files[0].Name != "b.pdf" {
		t.Fatalf("behind 25 that are not ready, kept %+v, %v; want b.pdf", files, err)
	}
	k.line.later = map[string]bool{}
	for _, m := range k.line.asked {
		k.line.files[m] = pdf
	}
	k.now = k.now.Add(time.Minute)
	k.collect()
	if got := len(k.put(ledger.KindFile, "")); got != 26 {
		t.Errorf("the desk gets %d files, want all 26", got)
	}
	if got := len(k.put(concierge.KindSay, "")); got != 0 {
		t.Error("the person is told that a file was refused that was only late")
	}
}

// A file that LINE never gives is asked for ever less often, and after a day it counts as gone.
func TestFiles_never_given(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	k.line.later[k.file("a.pdf")] = true
	begun := k.now
	for k.now.Sub(begun) < 48*time.Hour {
		if told := len(k.put(concierge.KindSay, "")); told > 0 && k.now.Sub(begun) <= 24*time.Hour {
			t.Fatalf("given up after %v", k.now.Sub(begun))
		}
		k.collect()
		k.now = k.now.Add(time.Minute)
	}
	if n := len(k.line.asked); n < 10 || n > 40 {
		t.Errorf("LINE was asked %d times, want it again and again, but ever less often", n)
	}
	if told := k.put(concierge.KindSay, ""); len(told) != 1 || told[0].Args["key"] != "concierge.file.gone" {
		t.Errorf("the person is told %+v, want once that it did not come", told)
	}
	if got := k.put(ledger.KindFile, ""); len(got) != 1 || got[0].Proposal != p.ID {
		t.Errorf("the desk is handed %+v, want one line that says it did not come", got)
	}
}

func TestFiles_pictures_have_names(t *testing.T) {
	t.Parallel()
	pictures := map[string]string{
		".jpg": "\xff\xd8\xff\xe0", ".png": "\x89PNG\r\n\x1a\n", ".heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", ".gif": "GIF89a", ".webp": "RIFF\x00\x00\x00\x00WEBPVP8 ",
	}
	snap := func(k *talk, content string) {
		k.do(concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Kind: "image"}})
		k.line.files[k.sent] = content
		k.collect()
	}
	names := func(k *talk, p bot.Proposal) (out []string) {
		files, err := k.db.FilesOf(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out = append(out, f.Name)
		}
		return out
	}
	t.Run("counted from the answer on, in the thread too", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		k.documents("見守り")
		snap(k, pictures[".jpg"])
		k.fetched("企画書.pdf")
		snap(k, pictures[".png"])
		p := k.send()
		snap(k, pictures[".jpg"])
		if got, want := names(k, p), []string{"写真1.jpg", "企画書.pdf", "写真2.png", "写真3.jpg"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("ending as what they are", func(t *testing.T) {
		t.Parallel()
		k := newTalk(t)
		p := k.submitted("見守り")
		for ending, content := range pictures {
			snap(k, content)
			if got := names(k, p); !strings.HasSuffix(got[len(got)-1], ending) {
				t.Errorf("%s is called %q", ending, got)
			}
		}
	})
}

// A file on its way in and its author taking it back meet: neither waits for the other for ever.
func TestFiles_fetched_while_taken_back(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := k.submitted("見守り")
	m := k.file("a.pdf")
	k.line.files[m] = pdf
	done := make(chan struct{})
	err := k.db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContactOf(t.Context(), p.ID); err != nil {
			return err
		}
		go func() {
			defer close(done)
			k.c.CollectNow(t.Context(), k.line)
		}()
		k.waits()
		_, err := tx.Unsend(t.Context(), m)
		return err
	})
	if err != nil {
		t.Fatalf("taking back: %v", err)
	}
	<-done
	if got := len(k.put(ledger.KindFile, "")); got != 0 {
		t.Error("the file that was taken back is handed to the desk")
	}
	if content(t, k, 1) != "" {
		t.Error("the file that was taken back is kept")
	}
}

// waits returns once somebody waits for a lock in the database.
func (k *talk) waits() {
	k.t.Helper()
	conn, err := pgx.Connect(k.t.Context(), k.url)
	if err != nil {
		k.t.Fatal(err)
	}
	defer conn.Close(k.t.Context())
	for waiting := false; !waiting; {
		err := conn.QueryRow(k.t.Context(), `
			SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil {
			k.t.Fatal(err)
		}
	}
}
