package form_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/form"
)

func TestWords(t *testing.T) {
	t.Parallel()
	t.Run("only the bare word controls a free text", func(t *testing.T) {
		begin(t).types("もどる場所の会").wantAsked("topic").wantAnswer("organization", form.Answer{Text: "もどる場所の会"})
		begin(t).types("「スキップ」").wantAsked("topic")
		begin(t).types(" スキップ　").wantSaid("form.skip.required")
	})
	t.Run("elsewhere a full stop does not matter", func(t *testing.T) {
		begin(t).types("岸和田商店", "「もどる」。").wantAsked("organization")
	})
	t.Run("width, case and kana do not matter", func(t *testing.T) {
		for _, word := range []string{"ＢＡＣＫ", "モドル", "ﾓﾄﾞﾙ", "戻る", "も ど る"} {
			begin(t).types("岸和田商店", word).wantAsked("organization")
		}
	})
	t.Run("a choice that only begins with it is not", func(t *testing.T) {
		k := begin(t)
		k.form.Fields[1].Options[0].Label = "もどる場所づくり"
		k.types("岸和田商店", "もどる").wantAsked("organization")
	})
	t.Run("a choice of that name is chosen", func(t *testing.T) {
		k := begin(t)
		k.form.Fields[1].Options[0].Label = "ヘルプ"
		k.types("岸和田商店", "ヘルプ").wantAnswer("topic", form.Answer{Choices: []string{"welfare"}, Open: true})
	})
	t.Run("yes and no in many words", func(t *testing.T) {
		for typed, want := range map[string]string{"はい。": "yes", "あります": "yes", "YES": "yes", "1": "yes", "なし": "no", "ｎｏ": "no", "２": "no"} {
			k := begin(t).types("岸和田商店", "福祉、子育て", "なし", "見守り").wantAsked("met").types(typed)
			if got := k.s.Answers["met"].Choices; !slices.Equal(got, []string{want}) {
				t.Errorf("%q is %v, want %s", typed, got, want)
			}
		}
	})
	t.Run("the button that confirms cancelling works typed, in both languages", func(t *testing.T) {
		for lang, words := range map[string][2]string{"ja": {"やめる", "取りやめる"}, "en": {"Cancel", "Yes, cancel"}} {
			k := begin(t)
			k.words = form.WordsOf(catalogue(t, lang))
			if k.types(words[0], words[1]); k.s.Stage != form.StageCancelled {
				t.Errorf("after %q: %s, want %s", words, k.s.Stage, form.StageCancelled)
			}
		}
	})
	t.Run("english catalogue", func(t *testing.T) {
		k := begin(t)
		k.words = form.WordsOf(catalogue(t, "en"))
		k.types("Shop", "Back").wantAsked("organization").types("next").wantAsked("topic")
	})
}

func TestSession_is_small_and_plain(t *testing.T) {
	t.Parallel()
	k := filled(t)
	b, err := json.Marshal(k.s)
	if err != nil {
		t.Fatal(err)
	}
	var back form.Session
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(k.s, back); diff != "" {
		t.Error(diff)
	}
	if len(b) > 400 || strings.Contains(string(b), "null") {
		t.Errorf("%d bytes: %s", len(b), b)
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	c := catalogue(t, "ja")
	f := proposal()
	topic, _ := f.Field("topic")
	for _, row := range []struct {
		field  form.Field
		answer form.Answer
		want   string
	}{
		{form.Field{Kind: form.Money}, form.Answer{Text: "1200000"}, "1,200,000円"},
		{form.Field{Kind: form.Number}, form.Answer{Text: "-12345.5"}, "-12,345.5"},
		{form.Field{Kind: form.Date}, form.Answer{Text: "2026-11-21"}, "2026年11月21日(土)"},
		{form.Field{Kind: form.Date}, form.Answer{Text: "いつか"}, "いつか"},
		{form.Field{Kind: form.Phone}, form.Answer{Text: "+81724239999"}, "072-423-9999"},
		{form.Field{Kind: form.Phone}, form.Answer{Text: "+81724239999;ext=12"}, "072-423-9999(内線12)"},
		{form.Field{Kind: form.Phone}, form.Answer{Text: "+442079460958"}, "+44 20 7946 0958"},
		{form.Field{Kind: form.PostalCode}, form.Answer{Text: "596-8510"}, "〒596-8510"},
		{form.Field{Kind: form.YesNo}, form.Answer{Choices: []string{"yes"}}, "はい"},
		{topic, form.Answer{Choices: []string{"welfare", "gone"}}, "福祉、gone"},
		{form.Field{Kind: form.Files}, form.Answer{Files: []form.File{{Name: "a.pdf"}, {Name: "b.png"}}}, "a.pdf、b.png"},
		{form.Field{Kind: form.Text}, form.Answer{Text: "{name} < & *"}, "{name} < & *"},
		{form.Field{Kind: form.Text}, form.Answer{Skipped: true}, "(なし)"},
	} {
		if got := c.Say(form.Display(row.field, row.answer)); got != row.want {
			t.Errorf("%s %+v: got %q, want %q", row.field.Kind, row.answer, got, row.want)
		}
	}
}

func TestGiven_follows_conditions_through(t *testing.T) {
	t.Parallel()
	yes := func(id string) map[string]string { return map[string]string{id: "yes"} }
	f := form.Form{ID: "f", Version: "1", Fields: []form.Field{
		{ID: "a", Kind: form.YesNo}, {ID: "b", Kind: form.YesNo, When: yes("a")}, {ID: "c", Kind: form.Text, When: yes("b")},
	}}
	s := form.Begin(f)
	for _, in := range []form.Input{{Choice: "yes"}, {Choice: "yes"}, {Text: "x"}, {Do: form.DoEdit, Field: "a"}, {Choice: "no"}} {
		if in.Do == "" {
			in.Do = form.DoAnswer
		}
		s, _ = form.Step(f, s, in)
	}
	if given := form.Given(f, s); len(given) != 1 || len(s.Answers) != 3 {
		t.Errorf("given %v of %v", given, s.Answers)
	}
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"こんにちは": "", "a\nb": "", "": "form.wrong.empty", "a\x00": "form.wrong.characters", strings.Repeat("あ", 3001): "form.wrong.too_long",
	} {
		if got := form.Unusable(words).Key; got != want {
			t.Errorf("%.20q: got %q, want %q", words, got, want)
		}
	}
	if got := form.Fold(" 「ﾍﾙﾌﾟ」。"); got != "へるぷ" {
		t.Errorf("folded to %q", got)
	}
}

func BenchmarkStep(b *testing.B) {
	f := proposal()
	s := form.Begin(f)
	words := form.WordsOf(catalogue(b, "ja"))
	b.Run("text", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			form.Step(f, s, words.Read(f, s, "岸和田商店"))
		}
	})
	s.Cursor = "topic"
	b.Run("choices", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			form.Step(f, s, words.Read(f, s, "福祉、子育て"))
		}
	})
	s.Cursor = "idea"
	long := strings.Repeat("あ", 10000)
	b.Run("ten thousand characters", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			form.Step(f, s, words.Read(f, s, long))
		}
	})
}
