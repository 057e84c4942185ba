package text_test

import (
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"tsunagi/bot/text"
)

func TestLoad_finds_faults(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"no such language":    {fstest.MapFS{}, `no catalogue for language "ja"`},
		"twice in two files":  {fstest.MapFS{"ja/a.yaml": {Data: []byte("a.b: x")}, "ja/b.yaml": {Data: []byte("a: {b: y}")}}, "ja/b.yaml: a.b is there twice"},
		"twice in one file":   {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: x\na: y")}}, "ja/a.yaml"},
		"a number":            {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: 1")}}, "a: want a text"},
		"a number in a list":  {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: [1]")}}, "a: want a list of texts"},
		"brace left open":     {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{n'")}}, "a: a { is never closed"},
		"brace never opened":  {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: 'n}'")}}, "a: a } was never opened"},
		"no name":             {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{}'")}}, "names no argument"},
		"a name with a space": {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{the name}'")}}, "names no argument"},
		"unknown style":       {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{n:loud}'")}}, "neither"},
		"one form":            {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{n|one}'")}}, "neither"},
		"fault in a form":     {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '{n|{}|b}'")}}, "names no argument"},
		"no YAML":             {fstest.MapFS{"ja/a.yaml": {Data: []byte("a: [")}}, "ja/a.yaml"},
	} {
		_, err := text.LoadFrom(row.files, "ja")
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, row.want)
		}
	}
}

func TestCatalogues_have_the_same_keys(t *testing.T) {
	t.Parallel()
	ja, en := load(t, "ja"), load(t, "en")
	if diff := cmp.Diff(ja.Keys(), en.Keys()); diff != "" {
		t.Errorf("- stands in ja only, + in en only:\n%s", diff)
	}
}

func TestCatalogues_need_the_same_arguments(t *testing.T) {
	t.Parallel()
	ja, en := load(t, "ja"), load(t, "en")
	for _, key := range ja.Keys() {
		if strings.HasPrefix(key, "format.") {
			continue // each language writes dates with what it needs
		}
		if diff := cmp.Diff(ja.Args(key), en.Args(key)); diff != "" {
			t.Errorf("%s (-ja +en):\n%s", key, diff)
		}
	}
}

func TestCatalogues_render(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		c := load(t, lang)
		for _, key := range c.Keys() {
			words, isList := sampled(c, key), c.Words(key) != nil
			if !isList && (words == "" || strings.ContainsAny(words, "⟨⟩{}")) {
				t.Errorf("%s %s renders as %q", lang, key, words)
			}
		}
	}
}

// sampled renders a sentence with arguments of the types its holes ask for.
func sampled(c *text.Catalogue, key string) string {
	line := text.Line{Key: key, Args: map[string]any{}}
	for _, h := range c.Holes(key) {
		switch {
		case h.Count:
			line.Args[h.Name] = 2
		case h.Style != "":
			line.Args[h.Name] = time.Date(2026, 11, 21, 9, 5, 0, 0, time.UTC)
		case line.Args[h.Name] == nil:
			line.Args[h.Name] = "見本"
		}
	}
	return c.Say(line)
}

// The longest texts the platforms take, in graphemes, by pattern of the key; the first that fits counts. LINE:
// https://developers.line.biz/en/reference/messaging-api/#action-object-label-spec. Slack:
// https://docs.slack.dev/reference/views/modal-views and https://docs.slack.dev/reference/block-kit/block-elements/button-element.
func limits() []struct {
	pattern string
	most    int
} {
	return []struct {
		pattern string
		most    int
	}{
		{"button.*", 20}, {"button.*.*", 20}, {"button.*.*.*", 20}, // LINE quick replies, Slack 75
		{"modal.*.title", 24}, {"modal.*.submit", 24}, {"modal.*.close", 24},
		{"modal.*.*.title", 24}, {"modal.*.*.submit", 24}, {"modal.*.*.close", 24},
		{"alt.*", 300}, // LINE 1,500, but it is a notification
	}
}

func TestCatalogues_fit_the_platforms(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		c := load(t, lang)
		for _, key := range c.Keys() {
			if n, most := uniseg.GraphemeClusterCount(sampled(c, key)), limitOf(key); n > most {
				t.Errorf("%s %s has %d characters, %d fit: %s", lang, key, n, most, sampled(c, key))
			}
		}
	}
}

func limitOf(key string) int {
	slashed := strings.ReplaceAll(key, ".", "/")
	for _, l := range limits() {
		if ok, _ := path.Match(strings.ReplaceAll(l.pattern, ".", "/"), slashed); ok {
			return l.most
		}
	}
	return 2000 // one LINE text is 5,000 and a Slack section 3,000 with arguments in it
}

// A typed word of a form has one meaning.
func TestWords_mean_one_thing(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		c := load(t, lang)
		seen := map[string]string{}
		for _, key := range c.Keys() {
			if !strings.HasPrefix(key, "form.word.") {
				continue
			}
			for _, word := range c.Words(key) {
				if other := seen[word]; other != "" {
					t.Errorf("%s: %q is in %s and in %s", lang, word, other, key)
				}
				seen[word] = key
			}
		}
	}
}

func TestWords_are_copies(t *testing.T) {
	t.Parallel()
	c := load(t, "ja")
	before := c.Words("form.word.back")
	c.Words("form.word.back")[0] = "x"
	if !slices.Equal(before, c.Words("form.word.back")) {
		t.Error("a caller changed the catalogue")
	}
}

func FuzzSentence(f *testing.F) {
	f.Add("{n|one|{n} days} {a:date}}")
	f.Fuzz(func(t *testing.T, sentence string) {
		files := fstest.MapFS{"ja/a.yaml": {Data: []byte("a: '" + strings.ReplaceAll(sentence, "'", "''") + "'")}}
		c, err := text.LoadFrom(files, "ja")
		if err != nil {
			return
		}
		for _, key := range c.Keys() {
			sampled(c, key)
		}
	})
}
