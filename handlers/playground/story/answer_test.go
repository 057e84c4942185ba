package story_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// form asks the first n of four questions: words, several of a list, words, words with an @.
func form(n int) func(heard string) []any {
	at := 0
	ask := func() []any {
		if at > n {
			return summary()
		}
		switch at {
		case 1:
			return []any{say("(1/4) 団体名を教えてください。\n例:株式会社分野")}
		case 2:
			return []any{say("(2/4) 分野を選んでください。"), quick(card(button("福祉・見守り"), button("環境")), "次へ", "もどる")}
		case 3:
			return []any{say("(3/4) タイトルを教えてください。")}
		}
		return []any{say("(4/4) メールアドレスを教えてください。")}
	}
	return func(heard string) []any {
		switch {
		case heard == "press:送信":
			return []any{say("受付番号 T-1")}
		case at == 2 && heard != "press:次へ":
			return ask()
		case at == 4 && !strings.Contains(heard, "@"):
			return append([]any{say("例:taro@example.jp")}, ask()...)
		}
		at++
		return ask()
	}
}

func summary() []any {
	return []any{quick(card(map[string]any{"type": "text", "text": "内容の確認"}, row("タイトル", "x")), "送信")}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.answer = form(4)
	a.plays(`
佐藤 が友だち追加する
佐藤 が今の質問に次のように答えていく:
  タイトル: だんじり弁当、見守り
  メールアドレス: まちがい
佐藤 に「例:taro」と見える
佐藤 が「a@b.example」と書く
佐藤 が残りの質問に答える
佐藤 に「内容の確認」と見える
`)
	want := []string{
		"follow", "text:だんじり食品", "press:福祉・見守り", "press:環境", "press:次へ", "text:だんじり弁当、見守り", "text:まちがい", "text:a@b.example",
	}
	if diff := cmp.Diff(want, a.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswerFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a question nobody can answer": {"佐藤 が友だち追加する\n佐藤 が残りの質問に答える", "「メールアドレスを教えてください。」への答えが決まっていません"},
		"an answer that is never good": {"佐藤 が友だち追加する\n佐藤 が今の質問に次のように答えていく:\n  メール: まちがい\n  電話: 1", "「メールアドレスを教えてください。」から先へ進めません"},
		"a question that is not asked": {"佐藤 が友だち追加する\n佐藤 が今の質問に次のように答えていく:\n  メール: a@b.example\n  電話: 1", "「電話」という質問は出ませんでした"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.answer = form(4)
			a.fails(c.text, "2 行目", c.want)
		})
	}
}

func TestProposeMakesAWholeProposal(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	ask := form(3)
	a.answer = func(heard string) []any {
		if heard == "follow" {
			return []any{say("ようこそ")}
		}
		return ask(heard)
	}
	a.plays("佐藤 が友だち追加する\n佐藤 が「食育教室」という提案を終わりまで出す\n佐藤 に「T-1」と見える")
	want := []string{
		"follow", "text:提案する", "text:だんじり食品", "press:福祉・見守り", "press:環境", "press:次へ", "text:食育教室", "press:送信",
	}
	if diff := cmp.Diff(want, a.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
