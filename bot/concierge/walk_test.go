package concierge_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/proposal"
)

// TestMain keeps the random walks short: each goes through two real databases. A longer one: -rapid.checks=100.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "5")
	os.Exit(m.Run())
}

// walk is one random talk, in two worlds: in the second Redis is lost, spoiled or behind whenever chance wants it.
type walk struct {
	*rapid.T
	sure, shaky *talk
	redis       *redis.Client
	older       string // a session as Redis had it once
	screens     [2][]msg.Message
	events      []concierge.Event
	carried     []string // words that the person was told have arrived
	taken       map[string]bool
	known       int // proposals there were before
}

// Whatever 200 things happen in whatever order, every event is answered without a fault, nothing that was accepted is
// lost, and losing Redis changes not a letter of what the person reads.
func TestWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{T: rt, sure: newTalk(t), shaky: newTalk(t), taken: map[string]bool{}}
		o, err := redis.ParseURL(w.shaky.redis.URL())
		if err != nil {
			t.Fatal(err)
		}
		w.redis = redis.NewClient(o)
		defer w.redis.Close()
		if n := rapid.IntRange(0, 3).Draw(rt, "proposals before"); n > 0 {
			w.sure.several(n)
			w.shaky.several(n)
			w.known = n
		}
		for range 200 {
			w.step()
		}
		w.judge()
	})
}

func (w *walk) step() {
	w.trouble()
	w.sure.pace = rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Second}).Draw(w.T, "pace")
	w.shaky.pace = w.sure.pace
	switch n := rapid.IntRange(0, 99).Draw(w.T, "step"); {
	case n < 30:
		w.do(concierge.Event{Kind: concierge.Said, Text: w.proper()})
	case n < 50:
		w.do(concierge.Event{Kind: concierge.Said, Text: w.words()})
	case n < 70:
		w.press()
	case n < 77:
		w.file()
	case n < 80:
		w.do(concierge.Event{Kind: concierge.SentOther})
	case n < 84:
		w.unsend()
	case n < 87:
		w.do(concierge.Event{Kind: concierge.Followed})
	case n < 89:
		w.do(concierge.Event{Kind: concierge.Blocked})
	case n < 93:
		w.again()
	case n < 96:
		w.do(concierge.Event{Kind: concierge.Said, Text: w.words(), Redelivered: true, At: w.sure.now.Add(-time.Minute)})
	case n < 98:
		w.staff()
	default:
		w.sure.now, w.shaky.now = w.sure.now.Add(20*time.Hour), w.shaky.now.Add(20*time.Hour)
	}
}

// trouble is what may happen to Redis between two events.
func (w *walk) trouble() {
	key := "{" + sato + "}:talk"
	switch rapid.IntRange(0, 9).Draw(w.T, "trouble") {
	case 0:
		w.shaky.redis.FlushAll()
	case 1:
		w.redis.HSet(w.shaky.t.Context(), key, "d", rapid.SampledFrom([]string{"", "{", "null", "[]", `{"r":"x"}`, "\xff"}).Draw(w.T, "spoiled"))
	case 2:
		w.older = w.redis.HGet(w.shaky.t.Context(), key, "d").Val()
	case 3:
		if w.older != "" {
			w.redis.HSet(w.shaky.t.Context(), key, "d", w.older)
		}
	}
}

func (w *walk) words() string {
	return rapid.SampledFrom([]string{
		"提案", "相談", "状況", "ヘルプ", "取下げ", "もどる", "スキップ", "中断", "再開", "やめる", "続ける", "次へ", "送信", "送信", "送信",
		"はい", "はい", "いいえ", "1", "1", "2", "3", "企業", "連携の提案", "寄附の申し出", "岸和田だんじり食品", "福祉・見守り", "なし", "あり", "30万円",
		"佐藤 花子", "hanako@danjiri-foods.example", "見守り弁当", "回答を消す", "K2026-0001", "2", "新しく始める", "取り下げる",
		"個人", "", " ", "a\x00b", "\xff", strings.Repeat("長", 4000), "来週の水曜日はいかがでしょうか。",
	}).Draw(w.T, "words")
}

// proper is a good answer to what stands on the screen, so that talks also come to their ends.
func (w *walk) proper() string {
	for _, qa := range [][2]string{
		{"内容の確認", "送信"}, {"ご提案者について", "企業"}, {"ご用件に最も近い", "連携の提案"}, {"団体名を", "岸和田だんじり食品"},
		{"タイトルを", "見守り弁当"}, {"関係する分野", "福祉・見守り、防災・防犯"}, {"ねらいを", "地域課題の解決、地域の活性化"}, {"内容を教えて", "配食のときに声をかけます。"},
		{"ご負担いただく費用は", "あり"}, {"金額の見込み", "30万円"}, {"情報を共有", "はい"}, {"お名前を", "佐藤 花子"}, {"メールアドレスを", "hanako@danjiri-foods.example"},
		{"企画書など", "次へ"}, {"件名を", "子ども食堂について"}, {"取りやめますか", "続ける"}, {"中断しました", "再開"}, {"どのご提案", "K2026-0001"},
	} {
		if w.sure.sees(qa[0]) {
			return qa[1]
		}
	}
	return rapid.SampledFrom([]string{"提案", "相談", "水曜日はいかがでしょうか。"}).Draw(w.T, "begin")
}

// do lets the same happen in both worlds, and compares what the person reads.
func (w *walk) do(e concierge.Event) {
	e.ID = fmt.Sprintf("walk-%d", len(w.events))
	w.events = append(w.events, e)
	w.both(e, e)
}

// anyID lets the ids in presses differ: a round that took too long and was taken again has used up some.
var anyID = cmp.Comparer(func(a, b msg.Arg) bool {
	return a == b || a.Name == b.Name && strings.Contains("m h d p", a.Name)
})

func (w *walk) both(sure, shaky concierge.Event) {
	for i, k := range []*talk{w.sure, w.shaky} {
		e := []concierge.Event{sure, shaky}[i]
		if err := k.try(e); err != nil {
			w.Fatalf("%s %q %+v: %v", e.Kind, e.Text, e.Press, err)
		}
		w.screens[i] = append(w.screens[i], k.last)
	}
	if diff := cmp.Diff(w.sure.last, w.shaky.last, cmpopts.EquateEmpty(), anyID); diff != "" {
		w.Fatalf("after %s %q %+v, without Redis the person reads something else (-with +without):\n%s", sure.Kind, sure.Text, sure.Press, diff)
	}
	silent := sure.Kind == concierge.Blocked || sure.Kind == concierge.Unsent
	if !silent && !w.taken[sure.ID] && !w.sure.answered() {
		w.Fatalf("%s %q %+v is not answered", sure.Kind, sure.Text, sure.Press)
	}
	w.taken[sure.ID] = true
	if sure.Kind == concierge.Said && strings.Contains(show(w.sure.last), "お伝えしました") && len(w.sure.mine()) == 1 {
		w.carried = append(w.carried, sure.Text)
	}
}

// press presses any button of the last screens.
func (w *walk) press() {
	at := len(w.screens[0]) - 1 - rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2, 7}).Draw(w.T, "screens ago")
	if at < 0 || len(buttons(w.screens[0][at])) == 0 {
		return
	}
	n := rapid.IntRange(0, len(buttons(w.screens[0][at]))-1).Draw(w.T, "button")
	sure, shaky := concierge.Event{Kind: concierge.Pressed}, concierge.Event{Kind: concierge.Pressed}
	sure.Press, shaky.Press = buttons(w.screens[0][at])[n].Press, buttons(w.screens[1][at])[n].Press
	sure.ID = fmt.Sprintf("walk-%d", len(w.events))
	shaky.ID = sure.ID
	w.events = append(w.events, sure)
	w.both(sure, shaky)
}

func (w *walk) file() {
	name := rapid.SampledFrom([]string{"a.pdf", "b.docx", "c.exe", "\x00.pdf"}).Draw(w.T, "name")
	w.do(concierge.Event{Kind: concierge.SentFile, File: concierge.Attachment{Name: name, Size: 9, Kind: "file"}})
	content := rapid.SampledFrom([]string{pdf, "MZ", "", "-"}).Draw(w.T, "content")
	late := rapid.Bool().Draw(w.T, "late")
	for _, k := range []*talk{w.sure, w.shaky} {
		if content != "-" {
			k.line.files[k.sent] = content
		}
		if !late {
			k.collect()
		}
	}
}

func (w *walk) unsend() {
	n := rapid.IntRange(1, 12).Draw(w.T, "messages ago")
	message := fmt.Sprintf("%d", 1000+w.sure.n+1-n)
	w.do(concierge.Event{Kind: concierge.Unsent, Message: message})
	for i, words := range w.carried {
		if w.sure.ids[words] == message {
			w.carried = append(w.carried[:i], w.carried[i+1:]...)
			break
		}
	}
}

// again is an event that LINE brings once more.
func (w *walk) again() {
	if len(w.events) == 0 {
		return
	}
	e := w.events[rapid.IntRange(0, len(w.events)-1).Draw(w.T, "again")]
	e.Redelivered = true
	w.both(e, e)
}

// staff does something at the desk.
func (w *walk) staff() {
	on := rapid.SampledFrom([]proposal.Event{proposal.DialogueOpened, proposal.RuledOut, proposal.Reopened, proposal.Prepared, proposal.Started}).Draw(w.T, "staff")
	for _, k := range []*talk{w.sure, w.shaky} {
		if _, err := k.db.TalkOf(k.t.Context(), k.user); err != nil {
			return
		}
		for _, p := range k.mine() {
			if ledger.May(p, proposal.Desk, on) == nil {
				k.move(p.ID, on, "庁内の都合")
				break
			}
		}
	}
}

// judge looks at what is left in the end.
func (w *walk) judge() {
	for _, k := range []*talk{w.sure, w.shaky} {
		if _, err := k.db.TalkOf(k.t.Context(), k.user); err != nil {
			return
		}
		k.collect()
		w.wholly(k)
	}
}

func (w *walk) wholly(k *talk) {
	var bodies []string
	for _, p := range k.mine() {
		bodies = append(bodies, k.thread(p)...)
		if proposal.Open(p.State) && p.NextDate.Before(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)) {
			w.Errorf("%s has no next date", p.Number)
		}
		cards := 0
		for _, d := range k.put(ledger.KindCard, "") {
			if d.Proposal == p.ID {
				cards++
			}
		}
		if cards == 0 && int(p.ID) > w.known {
			w.Errorf("%s has no card", p.Number)
		}
	}
	for _, words := range w.carried {
		if !contains(bodies, words) {
			w.Errorf("the person was told that %q arrived, but no thread has it", words)
		}
	}
	for _, d := range k.put(ledger.KindFile, "") {
		if d.Proposal == 0 {
			w.Errorf("a file stands nowhere: %+v", d.Args)
		}
	}
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}
