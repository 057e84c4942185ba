package story_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/line/linesim"
	"tsunagi/handlers/playground/story"
	"tsunagi/store/testwait"
)

func TestPhoneDeeds(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.answer = func(heard string) []any {
		switch heard {
		case "follow":
			return []any{say("ようこそ"), quick(card(button("提案する"), row("タイトル", "見守り"), row("内容", "配食")), "ヘルプ")}
		case "image:":
			return []any{say("写真を受け取りました")}
		}
		return []any{say("受け取りました：" + heard)}
	}
	a.plays(`
佐藤 が友だち追加する
佐藤 に「ようこそ」と見える
佐藤 に「提案する」と見える
佐藤 が「内容」の「変更」を押す
佐藤 に「edit:内容」と見える
佐藤 が「提案する」を押す
佐藤 が「提案」を含むボタンを押す
佐藤 が「こんにちは」と書く
佐藤 に「text:こんにちは」と見える
佐藤 がファイル「企画書.pdf」を送る
佐藤 が2MBのファイル「写真.png」を送る
佐藤 に「写真を受け取りました」と見える
佐藤 がスタンプを送る
佐藤 が最後のメッセージを取り消す
佐藤 がブロックする
佐藤 がブロックを解除する
`)
	want := []string{
		"follow", "edit:内容", "press:提案する", "press:提案する", "text:こんにちは", "file:", "image:", "sticker:", "unsend", "unfollow", "follow",
	}
	if diff := cmp.Diff(want, a.words()); diff != "" {
		t.Errorf("the application heard (-want +got):\n%s", diff)
	}
	if a.idles < len(want) {
		t.Errorf("%d deeds, but only %d times it was waited for what was under way", len(want), a.idles)
	}
}

func TestPhoneFaults(t *testing.T) {
	t.Parallel()
	greet := func(heard string) []any {
		if heard == "follow" {
			return []any{say("ようこそ"), card(button("提案する"))}
		}
		return []any{say("はい")}
	}
	for name, c := range map[string]struct {
		text  string
		wants []string
	}{
		"what never comes":               {"佐藤 が友だち追加する\n佐藤 に「さようなら」と見える", []string{"test の 2 行目", "「さようなら」が見えません", "見えていたもの", "ようこそ"}},
		"what stood there before":        {"佐藤 が友だち追加する\n佐藤 が「あ」と書く\n佐藤 に「ようこそ」と見える", []string{"3 行目", "見えていたもの：はい"}},
		"what should not be seen":        {"佐藤 が友だち追加する\n佐藤 が「あ」と書く\n佐藤 に「ようこそ」は見えない", []string{"3 行目", "「ようこそ」が見えています"}},
		"a button that is not there":     {"佐藤 が友だち追加する\n佐藤 が「相談する」を押す", []string{"2 行目", "「相談する」というボタン", "提案する"}},
		"part of a label as the whole":   {"佐藤 が友だち追加する\n佐藤 が「提案」を押す", []string{"「提案」というボタンが見つかりません"}},
		"a row that is not there":        {"佐藤 が友だち追加する\n佐藤 が「題」の「変更」を押す", []string{"「題」の「変更」が見つかりません"}},
		"nothing to take back":           {"佐藤 が友だち追加する\n佐藤 が最後のメッセージを取り消す", []string{"取り消せるメッセージがありません"}},
		"a person who has blocked":       {"佐藤 が友だち追加する\n佐藤 がブロックする\n佐藤 が「あ」と書く", []string{"3 行目", "blocked"}},
		"questions where there are none": {"佐藤 が友だち追加する\n佐藤 が残りの質問に答える", []string{"電話に質問が出ていません", "ようこそ"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.answer = greet
			a.fails(c.text, c.wants...)
		})
	}
}

func TestPhoneTellsWhatTheApplicationRefuses(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.status = http.StatusServiceUnavailable
	a.fails("佐藤 が友だち追加する", "1 行目", "デスクが受け取りませんでした：HTTP 503")
}

// What is not taken in time comes once more, as LINE brings it, and the story goes on.
func TestPhoneWaitsForWhatComesAgain(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.stage.Patience = testwait.Limit
	a.status = http.StatusServiceUnavailable
	played := make(chan error, 1)
	go func() { played <- a.play("佐藤 が友だち追加する\n佐藤 が「提案」と書く") }()
	refused := func(e linesim.Entry) bool {
		return e.Kind == linesim.Webhook && e.Status == http.StatusServiceUnavailable
	}
	if _, err := a.line.Wait(testwait.Context(t), 0, refused); err != nil {
		t.Fatal(err)
	}
	a.becomes(0)
	a.line.Redeliver(t.Context())
	if err := testwait.For(t, "the story", played); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"follow", "follow", "text:提案"}, a.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlayerTellsWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	stuck := errors.New("three deliveries wait")
	a.stage.Idle = func(context.Context) error { return stuck }
	err := a.play("佐藤 が友だち追加する")
	if !errors.Is(err, stuck) || !strings.Contains(err.Error(), "配信が終わりません") {
		t.Errorf("got %v", err)
	}
}

// A step that failed can be played again; what has been played is not.
func TestPlayerGoesOnAfterAFault(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	s, err := story.Parse("test", "佐藤 が友だち追加する\n佐藤 に「ようこそ」と見える")
	if err != nil {
		t.Fatal(err)
	}
	p, err := story.NewPlayer(a.stage, cast(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.All(t.Context()); err == nil || p.Step() != 1 {
		t.Fatalf("step %d, fault %v", p.Step(), err)
	}
	person, _ := a.line.Person("佐藤")
	a.call(a.line, "/v2/bot/message/push", "t", map[string]any{"to": person.ID(), "messages": []any{say("ようこそ")}})
	if err := p.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	if more, err := p.Next(t.Context()); more || err != nil {
		t.Errorf("after the end: %t, %v", more, err)
	}
	if diff := cmp.Diff([]string{"follow"}, a.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewPlayerWantsEverybodyInTheCast(t *testing.T) {
	t.Parallel()
	s, err := story.Parse("test", "北野 が友だち追加する\n佐藤 が「/desk」と打つ\n裏方の部屋 に「あ」と見える\n誰か に「あ」と見える")
	if err != nil {
		t.Fatal(err)
	}
	_, err = story.NewPlayer(story.Stage{}, cast(), s)
	for _, want := range []string{"1 行目", "「北野」という企業の人はいません", "「佐藤」という職員はいません", "「裏方」の部屋はありません", "「誰か」という人はいません"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in:\n%v", want, err)
		}
	}
}
