package form_test

import (
	"strings"
	"testing"

	"tsunagi/bot/form"
)

// What comes along when something is pasted is a line break or nothing, and everything a person sees stays (row 41).
func TestReadable(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"一行目\v二行目":                       "一行目\n二行目",
		"一行目\f二行目":                       "一行目\n二行目",
		"一行目\u0085二行目":                   "一行目\n二行目",
		"一行目\u2028二行目":                   "一行目\n二行目",
		"一行目\u2029二行目":                   "一行目\n二行目",
		"一行目\r二行目":                       "一行目\n二行目",
		"一行目\r\n二行目":                     "一行目\n二行目",
		"a\tb":                           "a\tb",
		"見\u200b守り":                      "見守り",
		"\ufeff見守り":                      "見守り",
		"協\u00ad力":                       "協力",
		"協\u2060力":                       "協力",
		"協\u200d力":                       "協力",
		"a\u200cb":                       "ab",
		"図\ufffcです":                      "図です",
		"a\x01\x08\x1f\x7f\u0080\u009fb": "ab",
		"前\x1b[31;1m後\x1b[0m":            "前後",
		"👨‍👩‍👧‍👦":                        "👨‍👩‍👧‍👦",
		"❤️‍🔥":                           "❤️‍🔥",
		"🏳️‍🌈":                           "🏳️‍🌈",
		"葛\U000E0100城":                   "葛\U000E0100城",
		"a\u202eb\u2069":                 "a\u202eb\u2069",
		"می\u200cخواهم":                  "می\u200cخواهم",
		"क्\u200dष":                      "क्\u200dष",
		"か\u3099":                        "か\u3099",
		"a\x00b":                         "a\x00b",
		"a\xffb\u200b":                   "a\ufffdb",
	} {
		if got := form.Readable(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
		if again := form.Readable(want); again != want {
			t.Errorf("%q became %q at the second reading", want, again)
		}
	}
}

func TestPasted_answers(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]map[form.Kind]string{
		"一行目\v二行目":               {form.Text: "一行目 二行目", form.LongText: "一行目\n二行目"},
		"一行目\u2028二行目":           {form.Text: "一行目 二行目", form.LongText: "一行目\n二行目"},
		"\u200b5\u200b0\ufeff":   {form.Number: "50", form.Money: "50"},
		"596-8510\u200b":         {form.PostalCode: "596-8510"},
		"taro\u200b@example.jp":  {form.Email: "taro@example.jp"},
		"https://example.jp/\v":  {form.URL: "https://example.jp/"},
		"\u202a072-423-9999":     {form.Phone: "+81724239999"},
		"2026年12月1日\u200b":       {form.Date: "2026-12-01"},
		"\u200b\u2060\u3164\v":   {form.Text: "!form.wrong.empty", form.LongText: "!form.wrong.empty"},
		"a\x00b":                 {form.Text: "!form.wrong.characters", form.LongText: "!form.wrong.characters", form.Number: "!form.wrong.characters"},
		"a\ufffdb":               {form.Text: "!form.wrong.characters"},
		strings.Repeat("あ", 201): {form.Text: "!form.wrong.too_long"},
	} {
		for kind, clean := range want {
			if got := outcome(kind, typed); got != clean {
				t.Errorf("%s %q: got %q, want %q", kind, typed, got, clean)
			}
		}
	}
	if fault := form.Unusable("一行目\v二行目"); !fault.Empty() {
		t.Errorf("a message is refused: %v", fault)
	}
	begin(t).types("岸和田商店", "福\u200b祉").wantAnswer("topic", form.Answer{Choices: []string{"welfare"}, Open: true})
	begin(t).types("岸和田商店", "もどる\u200b").wantAsked("organization")
}
