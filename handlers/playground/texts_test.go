package playground_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("web", "texts", lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

var named = regexp.MustCompile(`\{\w+\}`)

func TestTextsAreWholeInBothLanguages(t *testing.T) {
	t.Parallel()
	ja, en := readTexts(t, "ja"), readTexts(t, "en")
	for key, text := range ja {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s: ja %q, en %q, want words in both", key, text, en[key])
		}
		a, b := named.FindAllString(text, -1), named.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: arguments in ja %v, in en %v", key, a, b)
		}
	}
	for key := range en {
		if _, ok := ja[key]; !ok {
			t.Errorf("%s is in en only", key)
		}
	}
}

// Keys made from a word that comes over the wire are found by their beginning.
var built = []string{"delivery.", "fault.", "kind.", "sticker.", "refused.", "record.", "note.", "skip."}

func TestTextsAreUsed(t *testing.T) {
	t.Parallel()
	source := readSource(t)
	for key := range readTexts(t, "ja") {
		made := slices.ContainsFunc(built, func(begin string) bool { return strings.HasPrefix(key, begin) })
		if !made && !strings.Contains(source, `"`+key+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// What the server refuses or notes, and the faults it offers, it names by a word; the page has a text for each, and none
// besides.
func TestTextsOfWhatTheServerSays(t *testing.T) {
	t.Parallel()
	texts, server, page := readTexts(t, "ja"), readServer(t), readSource(t)
	for part, said := range map[string]string{
		"refused": `Refuse\("(\w+)"|slacksim\.\w+: "(\w+)"`, "fault": `"((?:line|slack)_\w+)"|"(redis_\w+|duplicate_\w+)"`,
	} {
		for _, found := range regexp.MustCompile(said).FindAllStringSubmatch(server, -1) {
			if _, ok := texts[part+"."+found[1]+found[2]]; !ok {
				t.Errorf("there is no text for %s %s", part, found[1]+found[2])
			}
		}
	}
	for key := range texts {
		part, word, _ := strings.Cut(key, ".")
		named := strings.Contains(server, `"`+word+`"`) || strings.Contains(page, `error: "`+word+`"`)
		if slices.Contains([]string{"refused", "fault"}, part) && !named {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// Every kind of delivery has words in the record, and no words are for a kind that there is not.
func TestTextsOfKinds(t *testing.T) {
	t.Parallel()
	texts, kinds := readTexts(t, "ja"), map[string]bool{}
	for _, at := range []string{"ledger", "concierge"} {
		for _, found := range regexp.MustCompile(`\tKind\w+ += "(\w+)"`).FindAllStringSubmatch(readGo(t, "../../bot/"+at), -1) {
			kinds["kind."+found[1]] = true
		}
	}
	if len(kinds) < 20 {
		t.Fatalf("found only the kinds %v", kinds)
	}
	for key := range kinds {
		if texts[key] == "" {
			t.Errorf("there is no text for %s", key)
		}
	}
	for key := range texts {
		if strings.HasPrefix(key, "kind.") && !kinds[key] {
			t.Errorf("%s is said of nothing", key)
		}
	}
}

// readServer is the server's side of the playground.
func readServer(t *testing.T) string {
	t.Helper()
	return readGo(t, ".")
}

// readGo is a package without its tests.
func readGo(t *testing.T, folder string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			source.Write(raw)
		}
	}
	return source.String()
}

func TestSourceHoldsNoJapanese(t *testing.T) {
	t.Parallel()
	if found := regexp.MustCompile(`[ぁ-ヿ一-鿿]+`).FindAllString(readSource(t), -1); len(found) > 0 {
		t.Errorf("words outside the texts: %v", found)
	}
}

func readSource(t *testing.T) string {
	t.Helper()
	var source strings.Builder
	err := filepath.WalkDir(filepath.Join("web", "src"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(filepath.Ext(path), ".ts") {
			return err
		}
		content, err := os.ReadFile(path)
		source.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return source.String()
}
