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
