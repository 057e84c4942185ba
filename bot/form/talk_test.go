package form_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsunagi/bot/form"
)

// proposal is a small form with one field of each behaviour.
func proposal() form.Form {
	return form.Form{ID: "proposal", Version: "1", Fields: []form.Field{
		{ID: "organization", Kind: form.Text, Ask: "団体名を教えてください", Label: "団体名", Max: 20},
		{ID: "topic", Kind: form.MultiChoice, Ask: "分野を選んでください", Label: "分野", Options: []form.Option{
			{ID: "welfare", Label: "福祉"}, {ID: "health", Label: "健康・医療"}, {ID: "industry", Label: "産業、商工"}, {ID: "child", Label: "子育て"},
		}},
		{ID: "cost", Kind: form.Choice, Ask: "市の費用負担はありますか", Label: "費用負担", Options: []form.Option{
			{ID: "none", Label: "なし"}, {ID: "some", Label: "あり"}, {ID: "unknown", Label: "まだわからない"},
		}},
		{ID: "amount", Kind: form.Money, Ask: "金額の見込み", When: map[string]string{"cost": "some"}},
		{ID: "idea", Kind: form.LongText, Ask: "提案の内容", Label: "内容"},
		{ID: "met", Kind: form.YesNo, Ask: "相談したことはありますか"},
		{ID: "start", Kind: form.Date, Ask: "始めたい日", Optional: true},
		{ID: "documents", Kind: form.Files, Ask: "資料", Optional: true, Max: 2},
	}}
}

// talk is a session under way, for stories in tests.
type talk struct {
	t     *testing.T
	form  form.Form
	words form.Words
	s     form.Session
	out   form.Outcome
}

func begin(t *testing.T) *talk {
	t.Helper()
	f := proposal()
	return &talk{t: t, form: f, words: form.WordsOf(catalogue(t, "ja")), s: form.Begin(f)}
}

// do takes inputs one after the other.
func (k *talk) do(inputs ...form.Input) *talk {
	for _, in := range inputs {
		in.Now = now
		k.s, k.out = form.Step(k.form, k.s, in)
	}
	return k
}

// types sends texts as a person would.
func (k *talk) types(texts ...string) *talk {
	for _, typed := range texts {
		k.do(k.words.Read(k.form, k.s, typed))
	}
	return k
}

// press makes a button of the current question.
func (k *talk) press(choice string) form.Input {
	return form.Input{Do: form.DoAnswer, Field: k.s.Cursor, Revision: k.s.Revision, Choice: choice}
}

func (k *talk) said() []string {
	var keys []string
	for _, l := range k.out.Say {
		keys = append(keys, l.Key)
	}
	return keys
}

func (k *talk) wantSaid(keys ...string) *talk {
	k.t.Helper()
	if diff := cmp.Diff(keys, k.said()); diff != "" {
		k.t.Errorf("said (-want +got):\n%s", diff)
	}
	return k
}

func (k *talk) wantAsked(id string) *talk {
	k.t.Helper()
	if p := k.out.Prompt; p.Kind != form.PromptQuestion || p.Field.ID != id {
		k.t.Errorf("asked %s %q, want %q", p.Kind, p.Field.ID, id)
	}
	return k
}

func (k *talk) wantKind(kind form.PromptKind) *talk {
	k.t.Helper()
	if k.out.Prompt.Kind != kind {
		k.t.Errorf("prompt is %s, want %s", k.out.Prompt.Kind, kind)
	}
	return k
}

func (k *talk) wantAnswer(id string, want form.Answer) *talk {
	k.t.Helper()
	if diff := cmp.Diff(want, k.s.Answers[id]); diff != "" {
		k.t.Errorf("answer to %s (-want +got):\n%s", id, diff)
	}
	return k
}

// filled answers everything up to the summary.
func filled(t *testing.T) *talk {
	t.Helper()
	k := begin(t).types("岸和田商店", "福祉、子育て", "なし", "見守りをしたい", "はい", "スキップ", "スキップ")
	return k.wantKind(form.PromptSummary)
}
