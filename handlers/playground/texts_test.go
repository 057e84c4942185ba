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
var built = []string{"delivery.", "fault.", "kind.", "sticker.", "refused.", "record."}

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
