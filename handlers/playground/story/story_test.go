package story_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tsunagi/handlers/playground/story"
)

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := story.Parse("a", "\ufeff# 提案する\r\n#二行目\n\n佐藤が友だち追加する\n# 途中の注記\n佐藤　が今の質問に次のように答えていく:\n  お名前: 佐藤 花子\n　分野：福祉、環境\n\n1２日たつ\n")
	if err != nil {
		t.Fatal(err)
	}
	if s.ID != "a" || s.Title != "提案する" || s.About != "二行目" {
		t.Errorf("got id %q, title %q, about %q", s.ID, s.Title, s.About)
	}
	type step struct {
		Line int
		Do   string
		Args map[string]string
		List []story.Pair
	}
	var got []step
	for _, one := range s.Steps {
		do, args, list := one.Does()
		got = append(got, step{one.Line, do, args, list})
	}
	want := []step{
		{4, "phone.follow", map[string]string{"who": "佐藤"}, nil},
		{6, "phone.answers", map[string]string{"who": "佐藤"}, []story.Pair{{Name: "お名前", Answer: "佐藤 花子"}, {Name: "分野", Answer: "福祉、環境"}}},
		{10, "pass.days", map[string]string{"n": "1２"}, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseTellsEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"an unknown sentence":      {"佐藤 が踊る", []string{"a の 1 行目「佐藤 が踊る」：この文の形は読めません"}},
		"two unknown sentences":    {"あ\nい", []string{"1 行目", "2 行目"}},
		"nothing":                  {"# 題だけ\n", []string{"文が一つもありません"}},
		"an indented line":         {"佐藤 が友だち追加する\n  名前: 佐藤", []string{"2 行目", "字下げした行は"}},
		"a list without lines":     {"佐藤 が今の質問に次のように答えていく:\n佐藤 が友だち追加する", []string{"1 行目", "行が必要です"}},
		"a list at the end":        {"佐藤 が今の質問に次のように答えていく:", []string{"1 行目", "行が必要です"}},
		"a line without an answer": {"佐藤 が今の質問に次のように答えていく:\n  名前:", []string{"2 行目", "「名前: 答え」の形"}},
		"a late continuation":      {"佐藤 が友だち追加する\n続き b", []string{"2 行目", "前に一度だけ"}},
		"no story to continue":     {"続き b", []string{"1 行目", "「b」という物語はありません"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := story.Parse("a", c.text)
			if err == nil {
				t.Fatal("no fault was found")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("want %q in:\n%v", want, err)
				}
			}
		})
	}
}

func TestOpenJoinsStories(t *testing.T) {
	t.Parallel()
	all, err := story.Open(fstest.MapFS{
		"1-a.txt": {Data: []byte("佐藤 が友だち追加する")}, "2-b.txt": {Data: []byte("# 照会する\n続き 1-a\n佐藤 がブロックする")},
		"3-c.txt": {Data: []byte("続き 2-b\n1日たつ")}, "notes.md": {Data: []byte("no story")},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, ok := all.Story("3-c")
	if !ok || len(all.Stories()) != 3 {
		t.Fatalf("found %d stories", len(all.Stories()))
	}
	var chain []string
	for _, s := range c.Chain() {
		chain = append(chain, s.ID)
	}
	if diff := cmp.Diff([]string{"1-a", "2-b", "3-c"}, chain); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"続き 照会する", "1日たつ"}, c.Sentences()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b, _ := all.Story("2-b"); b.Sentences()[0] != "続き 1-a" {
		t.Errorf("a story without a title is called %q", b.Sentences()[0])
	}
}

func TestOpenRefusesCircles(t *testing.T) {
	t.Parallel()
	_, err := story.Open(fstest.MapFS{"a.txt": {Data: []byte("続き b\n1日たつ")}, "b.txt": {Data: []byte("続き a\n1日たつ")}})
	if err == nil || !strings.Contains(err.Error(), "はじめにもどってしまいます") {
		t.Errorf("got %v, want a fault about the circle", err)
	}
}

// Every form of sentence makes something happen, and everything that can happen has a sentence.
func TestSentencesAndDeedsBelongTogether(t *testing.T) {
	t.Parallel()
	forms, err := story.Forms()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for say, do := range forms {
		if slices.Contains(said, do) {
			t.Errorf("%s has two sentences", do)
		}
		said = append(said, do)
		example := regexp.MustCompile(`\{n\}`).ReplaceAllString(say, "3")
		example = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(example, "佐藤")
		fits, err := story.Fitting(example)
		if err != nil || len(fits) == 0 || fits[0] != do {
			t.Errorf("%q is read as %v, want %s; %v", example, fits, do, err)
		}
	}
	slices.Sort(said)
	if diff := cmp.Diff(story.Deeds(), said); diff != "" {
		t.Errorf("deeds (-) and sentences (+):\n%s", diff)
	}
}

// What is said about faults is used, and what is used is there.
func TestFaultWordsAreUsed(t *testing.T) {
	t.Parallel()
	keys, err := story.FaultKeys()
	if err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, n := range names {
		if raw, err := os.ReadFile(n.Name()); err == nil && strings.HasSuffix(n.Name(), ".go") && !strings.HasSuffix(n.Name(), "_test.go") {
			sources.Write(raw)
		}
	}
	for _, k := range keys {
		if !strings.Contains(sources.String(), `"`+k+`"`) {
			t.Errorf("%s is said nowhere", k)
		}
	}
	for _, used := range regexp.MustCompile(`\.(?:wrong\(\w+(?:\.\w+)?, |say\(|fault\(\w+(?:\.\w+)?, )"(\w+)"`).FindAllStringSubmatch(sources.String(), -1) {
		if !slices.Contains(keys, used[1]) {
			t.Errorf("there are no words for %s", used[1])
		}
	}
}

func TestWhatPeopleRead(t *testing.T) {
	t.Parallel()
	phone := story.OnPhone(`{"type":"flex","altText":"x","contents":{"type":"bubble","body":{"type":"box","contents":[
		{"type":"text","text":"\u2068団体名\u2069"},{"type":"button","action":{"type":"postback","label":"変更","data":"do=1","displayText":"y"}}]}},
		"quickReply":{"items":[{"action":{"type":"postback","label":"送信","data":"z"}}]}}`)
	if diff := cmp.Diff([]string{"団体名", "変更", "送信"}, phone); diff != "" {
		t.Errorf("on the phone (-want +got):\n%s", diff)
	}
	slack := story.InSlack(`[{"type":"header","text":{"type":"plain_text","text":"K-1"}},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"A &amp; B"}]}]},
		{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"do#1","value":"v","text":{"type":"plain_text","text":"担当する"}},
		{"type":"overflow","action_id":"m","options":[{"text":{"type":"plain_text","text":"その他"},"value":"w"}]}]}]`)
	if diff := cmp.Diff([]string{"K-1", "A & B", "担当する", "その他"}, slack); diff != "" {
		t.Errorf("in Slack (-want +got):\n%s", diff)
	}
}
