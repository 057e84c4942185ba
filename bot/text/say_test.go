package text_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"tsunagi/bot/text"
)

func load(t testing.TB, lang string) *text.Catalogue {
	t.Helper()
	c, err := text.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// small is a catalogue made for a test.
func small(t testing.TB, lines ...string) *text.Catalogue {
	t.Helper()
	files := fstest.MapFS{
		"ja/a.yaml":      {Data: []byte(strings.Join(lines, "\n"))},
		"ja/format.yaml": {Data: []byte("format: {separator: 、, date: '{year}年{month}月{day}日({weekday})', short: '{month}/{day}', time: '{hour}:{minute}', datetime: '{day}日 {hour}:{minute}', weekdays: [日, 月, 火, 水, 木, 金, 土]}")},
	}
	c, err := text.LoadFrom(files, "ja")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type state string

func TestSay(t *testing.T) {
	t.Parallel()
	jst := time.FixedZone("JST", 9*3600)
	moment := time.Date(2026, 11, 20, 20, 5, 0, 0, time.UTC)
	c := small(t,
		"a: 'こんにちは'", "b.c: '{name}さん、{n}件'", "days: '{n|one day|{n} days} left'", "state.x: 受付", "now: '今は{state}'",
		"due: '{due}まで、{due:short}、{due:time}、{due:datetime}'", "list: '[{items}]'", "self: '{line}'",
	)
	self := text.Say("self")
	self.Args = map[string]any{"line": self}
	self.Args["line"] = self
	for name, row := range map[string]struct {
		line text.Line
		want string
	}{
		"words":              {text.Say("a"), "こんにちは"},
		"arguments":          {text.Say("b.c", "name", "田中", "n", 12345), "田中さん、12,345件"},
		"int64":              {text.Say("b.c", "name", "田中", "n", int64(-1234)), "田中さん、-1,234件"},
		"one":                {text.Say("days", "n", 1), "one day left"},
		"other":              {text.Say("days", "n", 0), "0 days left"},
		"no count":           {text.Say("days", "n", "x"), "x days left"},
		"line in line":       {text.Say("now", "state", text.Say("state.x")), "今は受付"},
		"named text":         {text.Say("now", "state", state("中")), "今は中"},
		"date in its place":  {text.Say("due", "due", moment.In(jst)), "2026年11月21日(土)まで、11/21、5:05、21日 5:05"},
		"date elsewhere":     {text.Say("due", "due", moment), "2026年11月20日(金)まで、11/20、20:05、20日 20:05"},
		"no date":            {text.Say("due", "due", time.Time{}), "—まで、—、—、—"},
		"list":               {text.Say("list", "items", []string{"甲", "乙"}), "[甲、乙]"},
		"list of lines":      {text.Say("list", "items", []text.Line{text.Say("a"), text.Plain("乙")}), "[こんにちは、乙]"},
		"nothing":            {text.Say("now", "state", nil), "今は—"},
		"nil stringer":       {text.Say("now", "state", (*time.Location)(nil)), "今はUTC"},
		"broken stringer":    {text.Say("now", "state", (*strings.Builder)(nil)), "今は<nil>"},
		"plain words":        {text.Plain("{name} は ⟨x⟩"), "{name} は ⟨x⟩"},
		"braces in argument": {text.Say("b.c", "name", "{n}", "n", 1), "{n}さん、1件"},
		"unknown key":        {text.Say("x.y"), "⟨x.y⟩"},
		"missing argument":   {text.Say("b.c", "n", 1), "⟨name⟩さん、1件"},
		"empty":              {text.Line{}, "⟨⟩"},
		"odd arguments":      {text.Say("b.c", "name"), "⟨name⟩さん、⟨n⟩件"},
		"number for a name":  {text.Say("b.c", 1, 2, "name", "田中", "n", 3), "田中さん、3件"},
		"turning marks":      {text.Say("now", "state", "a\u202eb"), "今は\u2068a\u202eb\u2069"},
		"holds itself":       {self, "⟨self⟩"},
	} {
		if got := c.Say(row.line); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
	if got := c.SayAll([]text.Line{text.Say("a"), text.Say("state.x")}); got != "こんにちは\n受付" {
		t.Errorf("several lines: %q", got)
	}
}

func TestSay_dates_in_both_languages(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 21, 9, 5, 0, 0, time.UTC)
	for lang, want := range map[string]string{"ja": "2026年11月21日(土)", "en": "Sat 21 Nov 2026"} {
		if got := load(t, lang).Say(text.Say("form.value.date", "date", day)); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}

func TestIsolate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ふつう":               "ふつう",
		"مرحبا":             "مرحبا",
		"a\u202eb":          "\u2068a\u202eb\u2069",
		"a\u2069\u202eb":    "\u2068a\u202eb\u2069",
		"a\u2067b":          "\u2068a\u2067b\u2069\u2069",
		"\u2066a\u2069\nb":  "\u2068\u2066a\u2069\u2069\n\u2068b\u2069",
		"a\u202e\n\u2069\n": "\u2068a\u202e\u2069\n\u2068\u2069\n\u2068\u2069",
	} {
		if got := text.Isolate(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Within each line every isolate is closed where it was opened, so nothing after it is turned.
func TestIsolate_closes_what_it_opens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := rapid.StringOf(rapid.RuneFrom([]rune("ab\n\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))).Draw(r, "in")
		for _, line := range strings.Split(text.Isolate(in), "\n") {
			depth := 0
			for i, c := range line {
				switch c {
				case '\u2066', '\u2067', '\u2068':
					depth++
				case '\u2069':
					depth--
				}
				if depth < 0 || depth == 0 && i+len(string(c)) < len(line) && strings.ContainsRune(line, '\u202e') {
					r.Fatalf("%q became %q, open at %d", in, line, i)
				}
			}
			if depth != 0 {
				r.Fatalf("%q became %q, which leaves %d open", in, line, depth)
			}
		}
	})
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "1": "1", "999": "999", "1000": "1,000", "1234567.5": "1,234,567.5", "-1000": "-1,000", "-100": "-100"} {
		if got := text.Grouped(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func BenchmarkSay(b *testing.B) {
	c := load(b, "ja")
	line := text.Say("form.wrong.too_long", "max", 2000, "count", 10000, "over", 8000)
	for b.Loop() {
		c.Say(line)
	}
}
