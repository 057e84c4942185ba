package form_test

import (
	"slices"
	"strings"
	"testing"

	"tsunagi/bot/form"
)

// Typed words choose only what they surely name; anything else is asked.
func TestChoices_typed(t *testing.T) {
	t.Parallel()
	cost := []string{"なし", "あり", "まだ分からない", "不可能"}
	for typed, want := range map[string]string{
		"なし": "1", "1": "1", "１": "1", "①": "1", "(1)": "1", "1番": "1", "１番です": "1", "1です": "1", "No.1": "1", "1.": "1",
		"1番目": "1", "2つ目": "2", "なしです。": "1", "「なし」": "1", "なしでお願いします": "1", "ありにします": "2",
		"分からない": "", "まだ": "3", "わからない": "", "ない": "", "可能": "", "な": "1",
		"なしではない": "", "なしかあり": "", "なし、あり": "", "1と2": "", "①②": "", "12": "", "1-2": "", "1〜2": "", "1以外": "",
		"5": "", "0": "", "-1": "", "一部あり": "", "ありません": "",
	} {
		k := begin(t)
		k.form.Fields[2].Options = numberedOptions(cost)
		k.types("岸和田商店", "福祉、子育て", typed)
		if got := strings.Join(k.s.Answers["cost"].Choices, ","); got != want {
			t.Errorf("%q chose %q, want %q; said %v", typed, got, want, k.said())
		}
	}
}

func TestChoices_typed_where_labels_begin_with_numbers(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"2": "", "2回": "1", "1回": "2", "1": "", "10回以上": "3", "10": "3", "3": "3"} {
		k := begin(t)
		k.form.Fields[2].Options = numberedOptions([]string{"2回", "1回", "10回以上"})
		k.types("岸和田商店", "福祉、子育て", typed)
		if got := strings.Join(k.s.Answers["cost"].Choices, ","); got != want {
			t.Errorf("%q chose %q, want %q; said %v", typed, got, want, k.said())
		}
	}
}

func TestChoices_several_typed(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]string{
		"①③": {"welfare", "industry"}, "①と③": {"welfare", "industry"}, "① ③": {"welfare", "industry"}, "1番と3番": {"welfare", "industry"},
		"1番、3番です": {"welfare", "industry"}, "１，３": {"welfare", "industry"}, "13": nil, "1〜3": nil, "福祉以外": nil, "福祉と子育てではない": nil,
		"福祉\u2028子育て": {"welfare", "child"},
	} {
		k := begin(t).types("岸和田商店", typed)
		if got := k.s.Answers["topic"].Choices; !slices.Equal(got, want) {
			t.Errorf("%q chose %v, want %v; said %v", typed, got, want, k.said())
		}
	}
}

func numberedOptions(labels []string) []form.Option {
	var all []form.Option
	for i, label := range labels {
		all = append(all, form.Option{ID: string(rune('1' + i)), Label: label})
	}
	return all
}

// A yes or a no may be polite; what says both, or something else besides, is asked again.
func TestYesNo_typed(t *testing.T) {
	t.Parallel()
	for lang, rows := range map[string]map[string]string{
		"ja": {
			"はい、お願いします": form.Yes, "はい。お願いします。": form.Yes, "はいです": form.Yes, "ええ": form.Yes, "はい！": form.Yes, "はいはい": form.Yes,
			"お願いします": form.Yes, "はい\nよろしくお願いいたします": form.Yes, "もちろんです": form.Yes, "問題ありません": form.Yes, "ハイ": form.Yes,
			"はい、大丈夫です": form.Yes, "Yes, please": form.Yes, "ＯＫです": form.Yes, "１": form.Yes, "はい\u200b": form.Yes,
			"いいえ、ありません": form.No, "いいえです": form.No, "いいえ、結構です": form.No, "特にありません。": form.No, "いいえ。ありがとうございます": form.No,
			"no, thanks": form.No, "ないです": form.No, "２": form.No,
			"はいといえばはい": "", "はい、ありません": "", "いいえ、お願いします": "", "はいいいえ": "", "はい？": "", "はいですか": "", "結構です": "",
			"大丈夫です": "", "です": "", "はいではない": "", "たぶんはい": "", "yes or no": "", "not": "", "はいかいいえ": "", "e": "", "es": "",
		},
		"en": {
			"Yes, please.": form.Yes, "ok": form.Yes, "No, thank you": form.No, "no thanks": form.No, "no please yes": "", "not sure": "",
			"thanks": "", "yesterday": "",
		},
	} {
		for typed, want := range rows {
			k := begin(t).types("岸和田商店", "福祉、子育て", "なし", "見守り").wantAsked("met")
			k.words = form.WordsOf(catalogue(t, lang))
			if got := strings.Join(k.types(typed).s.Answers["met"].Choices, ","); got != want {
				t.Errorf("%s %q is %q, want %q; said %v", lang, typed, got, want, k.said())
			}
		}
	}
}

// After each press of several choices the prompt says that the choices were shown before; not when it is asked anew.
func TestChoices_pressed_say_that_more_may_follow(t *testing.T) {
	t.Parallel()
	k := begin(t).types("岸和田商店")
	if k.out.Prompt.More {
		t.Error("the choices have not been shown yet")
	}
	if k.do(k.press("health")); !k.out.Prompt.More || !k.out.Prompt.Answered {
		t.Errorf("prompt %+v", k.out.Prompt)
	}
	if k.types("ヘルプ"); k.out.Prompt.More {
		t.Error("help shows the choices again")
	}
}

// What was read is said, where it is not to the letter what was typed; and what is no part of it is named.
func TestValues_are_said_as_read(t *testing.T) {
	t.Parallel()
	f := form.Form{ID: "f", Version: "1", Fields: []form.Field{{ID: "v"}, {ID: "w", Kind: form.Text}}}
	c := catalogue(t, "ja")
	for _, row := range []struct {
		kind        form.Kind
		typed, want string
	}{
		{form.Money, "約50万円", "「約500,000円」と受け取りました。"},
		{form.Number, "１，２００名", "「1,200」と受け取りました。"},
		{form.Number, "120", ""},
		{form.Date, "12/1", "「2026年12月1日(火)」と受け取りました。"},
		{form.Phone, "090-1234-5678（南）", "「090-1234-5678」と受け取りました。(南)は入れていません。"},
		{form.Phone, "0601234567８", "「060-1234-5678」と受け取りました。"},
		{form.Phone, "+1 604 555 0123", "「+1 604-555-0123」と受け取りました。"},
		{form.Text, " 岸和田商店 ", ""},
		{form.Money, "50万円（税別）", "消費税を含めた金額をお送りください。\n例：50万円、1,200,000円"},
		{form.Phone, "090-1234-567", "番号が1桁足りないようです（この番号は11桁、今は10桁）。\n例：072-423-9999、090-1234-5678、内線があれば「072-423-9999 内線12」"},
		{form.Date, "2026年12月1日(水)", "曜日が合いません。日付は「2026年12月1日(火)」でしょうか。日付だけを、もう一度お送りください。"},
	} {
		f.Fields[0].Kind = row.kind
		_, out := form.Step(f, form.Begin(f), form.Input{Do: form.DoAnswer, Text: row.typed, Now: now})
		if got := c.SayAll(out.Say); got != row.want {
			t.Errorf("%s %q: said %q, want %q", row.kind, row.typed, got, row.want)
		}
	}
	f.Fields[0] = form.Field{ID: "v", Kind: form.Money, Optional: true}
	_, out := form.Step(f, form.Begin(f), form.Input{Do: form.DoAnswer, Text: "未定"})
	if got := c.SayAll(out.Say); !strings.Contains(got, "未定の場合は「スキップ」を押してください。") {
		t.Errorf("an amount that need not be known: said %q", got)
	}
}

// A period ends on the day it begins, or later, however its two days come in.
func TestPeriod(t *testing.T) {
	t.Parallel()
	period := form.Form{ID: "f", Version: "1", Fields: []form.Field{
		{ID: "start", Kind: form.Date, Ask: "いつからですか。", Label: "開始日"},
		{ID: "end", Kind: form.Date, Ask: "いつまでですか。", Label: "終了日", After: "start", Optional: true},
		{ID: "note", Kind: form.Text, Ask: "備考"},
	}}
	at := func(t *testing.T) *talk {
		return &talk{t: t, form: period, words: form.WordsOf(catalogue(t, "ja")), s: form.Begin(period)}
	}
	t.Run("an end before the start is refused with both days", func(t *testing.T) {
		k := at(t).types("2026-12-10", "2026-12-01").wantSaid("form.wrong.before").wantAsked("end").wantAnswer("end", form.Answer{})
		got := catalogue(t, "ja").SayAll(k.out.Say)
		if want := "終了日（2026年12月1日(火)）が、開始日（2026年12月10日(木)）より前です。"; got != want {
			t.Errorf("said %q, want %q", got, want)
		}
		k.types("2026-12-10").wantAsked("note").wantAnswer("end", form.Answer{Text: "2026-12-10"})
	})
	t.Run("a start moved behind the end asks for the end again, and nothing is sent meanwhile", func(t *testing.T) {
		k := at(t).types("2026-12-10", "2026-12-20", "なし").wantKind(form.PromptSummary)
		k.do(form.Input{Do: form.DoEdit, Field: "start"}).types("2027-02-01").wantSaid("form.wrong.before").wantAsked("end")
		k.types("次へ").wantSaid("form.wrong.before").wantAsked("end")
		k.do(form.Input{Do: form.DoSubmit, Revision: k.s.Revision}).wantAsked("end")
		k.types("2027-03-01").wantKind(form.PromptSummary)
	})
	t.Run("an end that need not be known can be passed over then", func(t *testing.T) {
		k := at(t).types("2026-12-10", "2026-12-20", "なし")
		k.do(form.Input{Do: form.DoEdit, Field: "start"}).types("2027-02-01", "スキップ").wantKind(form.PromptSummary)
		k.wantAnswer("end", form.Answer{Skipped: true})
	})
	t.Run("a start that is not asked binds nothing", func(t *testing.T) {
		k := at(t)
		k.form.Fields = append([]form.Field{{ID: "known", Kind: form.YesNo}}, k.form.Fields...)
		k.form.Fields[1].When = map[string]string{"known": "yes"}
		k.s = form.Begin(k.form)
		k.types("はい", "2026-12-10", "もどる", "もどる", "いいえ", "2026-12-01").wantAsked("note")
	})
}
