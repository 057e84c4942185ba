package form_test

import (
	"testing"

	"tsunagi/bot/form"
)

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
