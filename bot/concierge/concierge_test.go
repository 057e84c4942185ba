package concierge_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"tsunagi/bot"
	"tsunagi/bot/concierge"
	"tsunagi/bot/ledger"
	"tsunagi/bot/msg"
	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/store"
	"tsunagi/store/embedded"
	"tsunagi/store/session"
	"tsunagi/store/storetest"
)

// sato is a person on LINE in a test.
const sato = "Uaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// talk plays one person's side against a real database and reads what the desk answers.
type talk struct {
	t      *testing.T
	c      *concierge.Concierge
	ledger *ledger.Ledger
	desk   *bot.Desk
	db     *store.DB
	redis  *embedded.MemoryRedis
	line   *line
	url    string
	user   string
	now    time.Time
	// profile changes what kishiwada's says
	profile func(*bot.Desk)
	pace    time.Duration // between two things that the person does
	n       int
	last    msg.Message
	kind    string
	sent    string            // id of the newest LINE message
	ids     map[string]string // by its words

	mu     sync.Mutex
	posted []store.Delivery
}

func newTalk(t *testing.T) *talk {
	t.Helper()
	k := &talk{
		t: t, ids: map[string]string{}, user: sato, pace: 5 * time.Second, line: newLine(),
		now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("JST", 9*3600)),
	}
	k.url = storetest.URL(t)
	k.db = storetest.Open(t, k.url, store.Options{Now: func() time.Time { return k.now }, NewID: uuid.New})
	k.db.OnPosted(func(ds []store.Delivery) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.posted = append(k.posted, ds...)
		for _, d := range ds {
			if d.Lane.Platform() == bot.LINE && d.Message != nil {
				k.last, k.kind = *d.Message, d.Kind
			}
		}
	})
	var err error
	if k.redis, err = embedded.StartRedis(t.Context(), embedded.Redis{}); err != nil {
		t.Fatal(err)
	}
	k.c = k.concierge(k.db)
	return k
}

// kishiwada is the desk of these tests, read once: to read a profile takes as long as many a test.
var kishiwada = sync.OnceValues(func() (config.Profile, error) { return config.LoadProfile("kishiwada", os.ReadFile) })

// japanese is the catalogue, read once.
var japanese = sync.OnceValues(func() (*text.Catalogue, error) { return text.Load("ja") })

func (k *talk) concierge(db *store.DB, hooks ...redis.Hook) *concierge.Concierge {
	k.t.Helper()
	profile, err := kishiwada()
	if err != nil {
		k.t.Fatal(err)
	}
	desk := profile.Desk()
	if k.profile != nil {
		k.profile(&desk)
	}
	words, err := japanese()
	if err != nil {
		k.t.Fatal(err)
	}
	o, err := redis.ParseURL(k.redis.URL())
	if err != nil {
		k.t.Fatal(err)
	}
	client := redis.NewClient(o)
	for _, h := range hooks {
		client.AddHook(h)
	}
	sessions := session.New(client)
	k.t.Cleanup(func() { sessions.Close() })
	k.desk, k.ledger = &desk, ledger.New(&desk)
	return concierge.New(concierge.Parts{
		DB: db, Sessions: sessions, Ledger: k.ledger, Desk: &desk, Words: words, Log: slog.New(slog.DiscardHandler),
	})
}

func (k *talk) do(e concierge.Event) {
	k.t.Helper()
	k.prepare(&e)
	if err := k.c.Handle(context.Background(), e); err != nil {
		k.t.Fatalf("%s %q: %v", e.Kind, e.Text, err)
	}
	_ = k.c.Close(context.Background()) // Redis has heard of it: what a test empties stays empty
}

// prepare gives an event what LINE gives it, unless the test has.
func (k *talk) prepare(e *concierge.Event) {
	k.n++
	k.now = k.now.Add(k.pace)
	e.User, e.Received = k.user, k.now
	if e.At.IsZero() {
		e.At = k.now
	}
	if e.ID == "" {
		e.ID = fmt.Sprintf("event-%d", k.n)
	}
	e.ReplyToken = "token-" + e.ID
	if e.Message == "" && e.Kind != concierge.Pressed {
		e.Message = fmt.Sprintf("%d", 1000+k.n)
		k.sent, k.ids[e.Text] = e.Message, e.Message
	}
	k.last = msg.Message{}
}

func (k *talk) say(words string) {
	k.t.Helper()
	k.do(concierge.Event{Kind: concierge.Said, Text: words})
}

// press presses the first button whose label holds the words.
func (k *talk) press(label string) {
	k.t.Helper()
	for _, b := range buttons(k.last) {
		if strings.Contains(b.Label, label) {
			k.do(concierge.Event{Kind: concierge.Pressed, Press: b.Press})
			return
		}
	}
	k.t.Fatalf("no button %q in %s", label, show(k.last))
}

// messageOf is the LINE message in which these words were sent.
func (k *talk) messageOf(words string) string { return k.ids[words] }

// particulars are the answers of the first proposal.
func (k *talk) particulars() []store.Particular {
	k.t.Helper()
	found, err := k.db.Particulars(k.t.Context(), 1)
	if err != nil || len(found) == 0 {
		k.t.Fatalf("particulars: %d, %v", len(found), err)
	}
	return found
}

func (k *talk) sees(words string) bool { return strings.Contains(show(k.last), words) }

func (k *talk) reads(words string) {
	k.t.Helper()
	if !k.sees(words) {
		k.t.Fatalf("want %q in:\n%s", words, show(k.last))
	}
}

func buttons(m msg.Message) []msg.Button {
	var out []msg.Button
	for _, b := range m.Blocks {
		if card, ok := b.(msg.Card); ok {
			out = append(out, card.Buttons...)
			for _, r := range card.Rows {
				if r.Edit != nil {
					out = append(out, *r.Edit)
				}
			}
		}
	}
	return append(out, m.Choices...)
}

func show(m msg.Message) string {
	var b strings.Builder
	for _, block := range m.Blocks {
		fmt.Fprintf(&b, "%+v\n", block)
	}
	for _, c := range m.Choices {
		fmt.Fprintf(&b, "[%s] ", c.Label)
	}
	return b.String()
}

// propose answers the kishiwada form up to the summary.
func (k *talk) propose(title string) {
	k.t.Helper()
	k.say("提案")
	for _, a := range []string{
		"企業", "連携の提案", "岸和田だんじり食品", title, "福祉・見守り", "次へ", "地域課題の解決", "次へ",
		"配食のときに高齢の方へ声をかけます。", "なし", "はい", "佐藤 花子", "hanako@danjiri-foods.example", "スキップ",
	} {
		k.say(a)
	}
	k.reads("内容の確認")
}

func TestTalk(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.do(concierge.Event{Kind: concierge.Followed})
	k.reads("岸和田市公民戦略連携デスク")
	k.press("提案する")
	k.reads("(1/")
	k.propose2()
	k.press("送信")
	k.reads("K2026-0001")
	if k.kind != concierge.KindReceipt {
		t.Errorf("got a delivery of kind %s, want %s", k.kind, concierge.KindReceipt)
	}
	k.say("来週の水曜日はいかがでしょうか")
	k.reads("お伝えしました")
	k.say("状況")
	k.reads("受付")
	k.say("取下げ")
	k.press("取り下げる")
	k.reads("取り下げました")
	k.say("状況")
	k.reads("取下げ")
}

// propose2 goes on after the first question is on screen.
func (k *talk) propose2() {
	k.t.Helper()
	for _, a := range []string{"企業", "連携の提案", "岸和田だんじり食品", "だんじり弁当で見守り", "福祉・見守り", "次へ", "地域課題の解決", "次へ",
		"配食のときに高齢の方へ声をかけます。", "なし", "はい", "佐藤 花子"} {
		k.say(a)
	}
	k.say("まちがい")
	k.reads("例")
	k.say("hanako@danjiri-foods.example")
	k.say("スキップ")
	k.reads("内容の確認")
}

// On a phone the last bubble fills the screen: it says what is asked, and what was wrong with the answer.
func TestQuestion_with_buttons_is_one_card(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.answers("提案", "企業")
	card := func() msg.Card {
		t.Helper()
		got, ok := k.last.Blocks[len(k.last.Blocks)-1].(msg.Card)
		if !ok || len(k.last.Blocks) != 1 {
			t.Fatalf("want one card:\n%s", show(k.last))
		}
		return got
	}
	if got := card(); !strings.HasPrefix(got.Title, "(2/") || !strings.Contains(got.Title, "ご用件に最も近い") {
		t.Errorf("the title is %q", got.Title)
	}
	k.say("ありがとう")
	if got := card(); !strings.Contains(got.Title, "ご用件に最も近い") || !strings.Contains(got.Body, "見つかりませんでした") {
		t.Errorf("the card is %+v", got)
	}
	if !strings.Contains(k.last.Alt, "見つかりませんでした") {
		t.Errorf("the notification reads %q", k.last.Alt)
	}
}
