package form_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"tsunagi/bot/form"
	"tsunagi/bot/text"
)

// eachValue goes through testdata/values.txt: what is typed, and what becomes of it.
func eachValue(t testing.TB, do func(kind form.Kind, typed, want string)) {
	t.Helper()
	all, err := os.ReadFile("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	var kind form.Kind
	for line := range strings.Lines(string(all)) {
		row := strings.TrimSuffix(line, "\n")
		typed, want, isRow := strings.Cut(row, " = ")
		switch {
		case isRow:
			do(kind, typed, want)
		case strings.HasPrefix(row, "["):
			kind = form.Kind(strings.Trim(row, "[]"))
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	count := 0
	eachValue(t, func(kind form.Kind, typed, want string) {
		count++
		if got := readAs(form.Check(form.Field{Kind: kind}, typed, now)); got != want {
			t.Errorf("%s %q is read as %q, want %q", kind, typed, got, want)
		}
	})
	if count < 400 {
		t.Errorf("%d rows: have some been lost?", count)
	}
}

func readAs(a form.Answer, refusal []text.Line) string {
	switch {
	case len(refusal) > 0:
		return "?"
	case a.About:
		return "~" + a.Text
	}
	return a.Text
}

// What is shown back is read as the same value again, in both languages.
func TestValues_shown_back_are_the_same(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		c := catalogue(t, lang)
		eachValue(t, func(kind form.Kind, typed, want string) {
			if field := (form.Field{Kind: kind}); want != "?" {
				sameAgain(t, c, field, typed)
			}
		})
	}
}

// sameAgain holds that a value which is taken is the same when its words are read again.
func sameAgain(t *testing.T, c *text.Catalogue, field form.Field, typed string) {
	t.Helper()
	a, refusal := form.Check(field, typed, now)
	if len(refusal) > 0 {
		return
	}
	shown := c.Say(form.Display(field, a))
	if text.Isolate(a.Text) != a.Text {
		shown = a.Text // what turns the reading direction is kept to itself on a screen
	}
	again, refusal := form.Check(field, shown, time.Time{})
	if again.Text != a.Text || again.About != a.About {
		t.Errorf("%s %q is %q, shown as %q, and that is read as %q; said %q", field.Kind, typed, a.Text, shown, again.Text, c.SayAll(refusal))
	}
}

// Each refusal tells what is right, with an example.
func TestValues_refused_with_an_example(t *testing.T) {
	t.Parallel()
	c := catalogue(t, "ja")
	eachValue(t, func(kind form.Kind, typed, want string) {
		_, refusal := form.Check(form.Field{Kind: kind}, typed, now)
		if words := c.SayAll(refusal); want == "?" && !strings.Contains(words, "例：") && !strings.Contains(words, "曜日が合いません") {
			t.Errorf("%s %q is refused by %q, without an example", kind, typed, words)
		}
	})
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
