package form_test

import (
	"testing"

	"tsunagi/bot/form"
)

// Whatever is typed, no check panics, nothing is taken as nothing, and what is taken is the same when its words are read
// again. One target a family of kinds, so that each finds its own way.

func FuzzNumbers(f *testing.F)   { fuzzKinds(f, form.Number, form.Money) }
func FuzzDates(f *testing.F)     { fuzzKinds(f, form.Date) }
func FuzzPhones(f *testing.F)    { fuzzKinds(f, form.Phone) }
func FuzzAddresses(f *testing.F) { fuzzKinds(f, form.Email, form.URL) }
func FuzzTexts(f *testing.F) {
	fuzzKinds(f, form.Text, form.LongText, form.PostalCode, form.CorporateNumber)
}

func fuzzKinds(f *testing.F, kinds ...form.Kind) {
	seed(f, kinds)
	c := catalogue(f, "ja")
	f.Fuzz(func(t *testing.T, typed string) {
		for _, kind := range kinds {
			field := form.Field{Kind: kind}
			if a, refusal := form.Check(field, typed, now); len(refusal) == 0 && a.Text == "" {
				t.Errorf("%s took %q as nothing", kind, typed)
			}
			sameAgain(t, c, field, typed)
		}
	})
}

// seed begins with the tables of these kinds.
func seed(f *testing.F, kinds []form.Kind) {
	for _, wanted := range kinds {
		for _, row := range checks()[wanted] {
			f.Add(row[0])
		}
		eachValue(f, func(kind form.Kind, typed, _ string) {
			if kind == wanted {
				f.Add(typed)
			}
		})
	}
}

// What is chosen by typed words is chosen by its label as well, and words that name nothing change no answer.
func FuzzChoices(f *testing.F) {
	for _, typed := range []string{"福祉", "1、3", "①と③", "福祉と健康・医療", "産業、商工", "１番です", "なしではない", "1 and 3", "\u200b"} {
		f.Add(typed)
	}
	words, asked := form.WordsOf(catalogue(f, "ja")), proposal()
	s := form.Begin(asked)
	s, _ = form.Step(asked, s, form.Input{Do: form.DoAnswer, Text: "岸和田商店"})
	f.Fuzz(func(t *testing.T, typed string) {
		after, out := form.Step(asked, s, words.Read(asked, s, typed))
		for _, id := range after.Answers["topic"].Choices {
			label := labelOf(asked, id)
			again, _ := form.Step(asked, s, words.Read(asked, s, label))
			if chosen := again.Answers["topic"].Choices; len(chosen) != 1 || chosen[0] != id {
				t.Errorf("%q chose %s, and %q chooses %v", typed, id, label, chosen)
			}
		}
		if after.Revision == s.Revision && len(out.Say) == 0 {
			t.Errorf("%q had no answer", typed)
		}
	})
}

func labelOf(f form.Form, id string) string {
	field, _ := f.Field("topic")
	for _, o := range field.Options {
		if o.ID == id {
			return o.Label
		}
	}
	return ""
}

// A yes or a no stays one whatever cannot be seen around it.
func FuzzYesNo(f *testing.F) {
	for _, typed := range []string{"はい、お願いします", "いいえ、結構です", "はいといえばはい", "はい？", "yes please", "いいえ、はい", "1", "no\u200b"} {
		f.Add(typed)
	}
	words := form.WordsOf(catalogue(f, "ja"))
	asked := form.Form{ID: "f", Version: "1", Fields: []form.Field{{ID: "met", Kind: form.YesNo}}}
	s := form.Begin(asked)
	f.Fuzz(func(t *testing.T, typed string) {
		plain, pasted := words.Read(asked, s, typed), words.Read(asked, s, typed+"\u200b")
		if len(typed) < 100 && plain.Choice != pasted.Choice {
			t.Errorf("%q is %q, and with nothing behind it %q", typed, plain.Choice, pasted.Choice)
		}
	})
}

// Folding once is folding for good, and reading what was pasted, too.
func FuzzFold(f *testing.F) {
	for _, typed := range []string{" 「ﾍﾙﾌﾟ」。", "モドル", "ＢＡＣＫ", "が", "か\u3099", "㈱①", "👨‍👩‍👧", "\x1b[31m\r\n\v\u2028", "a\xff\x00", "クラブ\u3099"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if once := form.Fold(typed); form.Fold(once) != once {
			t.Errorf("%q folds to %q, and that to %q", typed, once, form.Fold(once))
		}
		if once := form.Readable(typed); form.Readable(once) != once {
			t.Errorf("%q reads as %q, and that as %q", typed, once, form.Readable(once))
		}
	})
}
