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
